// What people set for a campaign, written as the API writes it.
#include "intake/runs.hpp"
#include "outreach/sequence.hpp"
#include "sim/world.hpp"

namespace overture::sim {
namespace {

using db::Sql;

std::string clock_text(int minute) {
  const std::string hour = std::to_string(minute / 60);
  const std::string rest = std::to_string(minute % 60);
  return (hour.size() < 2 ? "0" : "") + hour + ":" + (rest.size() < 2 ? "0" : "") + rest;
}

}  // namespace

void World::store_settings(const Campaign& campaign) {
  database->write([&](db::Connection& connection) {
    connection.execute(
        Sql("INSERT INTO outreach_settings (account_id, campaign_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            truth.account, campaign.id));
    const auto& days = campaign.days;
    connection.execute(Sql(
        "UPDATE outreach_settings SET daily_limit = ?, schedule_time_from = ?, schedule_time_to = ?, "
        "is_active = "
        "?, pause_outreach_until = ?, monday = ?, tuesday = ?, wednesday = ?, thursday = ?, friday = ?, "
        "saturday "
        "= ?, sunday = ? WHERE account_id = ? AND campaign_id = ?",
        campaign.daily_limit, clock_text(campaign.from_minute), clock_text(campaign.to_minute),
        campaign.is_active ? 1 : 0, campaign.paused_until ? db::Value(*campaign.paused_until) : db::Value(),
        days[0] ? 1 : 0, days[1] ? 1 : 0, days[2] ? 1 : 0, days[3] ? 1 : 0, days[4] ? 1 : 0, days[5] ? 1 : 0,
        days[6] ? 1 : 0, truth.account, campaign.id));
    connection.execute(
        Sql("UPDATE campaign_sending SET paused_why = '' WHERE account_id = ? AND campaign_id = ?",
            truth.account, campaign.id));
    intake::forget_spacing(connection, truth.account, 0, campaign.id);
    intake::wake_campaign(connection, truth.account, campaign.id, now());
  });
}

void World::store_rotation(const Campaign& campaign) {
  const std::vector<std::int64_t> named(campaign.rotation.begin(), campaign.rotation.end());
  database->write([&](db::Connection& connection) {
    intake::set_rotation(connection, truth.account, campaign.id, named, now());
  });
}

std::set<std::int64_t> World::any_mailboxes(const Campaign& campaign) {
  std::set<std::int64_t> some;
  const std::set<std::int64_t>& all = truth.projects.at(campaign.project).mailboxes;
  for (const std::int64_t mailbox : all) {
    if (dice.chance(0.5)) some.insert(mailbox);
  }
  if (some.empty() && !all.empty()) some.insert(*all.begin());
  return some;
}

void World::store_sequence(const Campaign& campaign) {
  database->write([&](db::Connection& connection) {
    std::vector<std::int64_t> before;
    for (const outreach::Attempt& each : outreach::load_sequence(connection, truth.account, campaign.id)) {
      before.push_back(each.delay_days);
    }
    std::vector<std::int64_t> after;
    connection.execute(
        Sql("DELETE FROM attempts WHERE account_id = ? AND campaign_id = ?", truth.account, campaign.id));
    std::int64_t number = 0;
    for (const Step& step : campaign.sequence) {
      ++number;
      connection.execute(Sql(
          "INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, delay_days, review, "
          "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          truth.account, campaign.id, number, step.subject,
          "Hello {first_name|there},\nI have read {website}. This is letter " + std::to_string(number) +
              ".\n{sender_name}",
          step.delay_days, step.review ? 1 : 0, now()));
      after.push_back(step.delay_days);
    }
    intake::follow_sequence(connection, truth.account, campaign.id, before, after, now());
  });
}

}  // namespace overture::sim
