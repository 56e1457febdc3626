// Each change is made as the API makes it: the rows, and the calls into intake that go with them.
#include "sim/users.hpp"

#include <algorithm>

#include "intake/counts.hpp"
#include "intake/opportunity.hpp"
#include "intake/runs.hpp"
#include "intake/stage.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/opt_out.hpp"
#include "outreach/settle.hpp"

namespace overture::sim {

using db::Sql;

Campaign& Users::any_campaign() {
  auto found = world_.truth.campaigns.begin();
  std::advance(found, world_.dice.below(static_cast<std::int64_t>(world_.truth.campaigns.size())));
  return found->second;
}

Mailbox& Users::any_mailbox() {
  auto found = world_.truth.mailboxes.begin();
  std::advance(found, world_.dice.below(static_cast<std::int64_t>(world_.truth.mailboxes.size())));
  return found->second;
}

std::int64_t Users::any_opportunity() {
  return world_.integer(Sql("SELECT MIN(id) FROM opportunities WHERE account_id = ?", world_.truth.account)) +
         world_.dice.below(world_.shape.opportunities);
}

void Users::do_something() {
  act();
  note_change();
}

void Users::note_change() {
  world_.database->write(
      [this](db::Connection& connection) { intake::note_change(connection, world_.truth.account); });
}

void Users::act() {
  if (world_.post.peace) return;
  switch (world_.dice.below(16)) {
    case 0:
    case 1:
      return change_settings();
    case 2:
      return change_sequence();
    case 3:
      return archive_campaign();
    case 4:
      return switch_project();
    case 5:
      return change_mailbox();
    case 6:
      return part_mailbox();
    case 7:
      return trouble_server();
    case 8:
    case 9:
    case 10:
      return change_opportunity();
    case 11:
      return set_milestone();
    case 12:
      return suppress_somebody();
    case 13:
      return change_contacts();
    case 14:
      return change_rotation();
    default:
      return world_.dice.chance(0.3) ? switch_server() : tidy_up();
  }
}

void Users::live_a_day() {
  if (world_.shape.users <= 0) return;
  for (double left = world_.shape.users; left > 0; left -= 1) {
    if (left >= 1 || world_.dice.chance(left)) {
      world_.agenda.add(world_.now() + world_.dice.below(base::kDay), [this] { do_something(); });
    }
  }
  if (world_.dice.chance(0.7)) tidy_up();
  if (world_.shape.clock_jumps && world_.dice.chance(0.1)) jump_clock();
}

void Users::change_settings() {
  Campaign& campaign = any_campaign();
  const std::string& zone = world_.truth.projects.at(campaign.project).zone;
  switch (world_.dice.below(5)) {
    case 0: {
      std::int64_t& highest = campaign.highest_limit[local_time(zone, world_.now()).day];
      highest = std::max(highest, campaign.daily_limit);
      campaign.daily_limit = world_.dice.between(0, 60);
      highest = std::max(highest, campaign.daily_limit);
      break;
    }
    case 1:
      campaign.from_minute = static_cast<int>(world_.dice.between(0, 80)) * 15;
      campaign.to_minute =
          std::min(24 * 60, campaign.from_minute + static_cast<int>(world_.dice.between(4, 60)) * 15);
      break;
    case 2: {
      bool& day = campaign.days[static_cast<std::size_t>(world_.dice.below(7))];
      day = !day;
      break;
    }
    case 3:
      campaign.is_active = !campaign.is_active || world_.dice.chance(0.5);
      break;
    default:
      campaign.paused_until.reset();
      if (world_.dice.chance(0.5)) {
        const base::Millis half = 30 * base::kMinute;
        campaign.paused_until = (world_.now() / half + world_.dice.between(1, 200)) * half;
      }
  }
  world_.store_settings(campaign);
}

void Users::change_sequence() {
  Campaign& campaign = any_campaign();
  if (world_.dice.chance(0.4) && campaign.sequence.size() < 6) {
    campaign.sequence.push_back({.subject = "", .delay_days = world_.dice.between(1, 9)});
  } else if (world_.dice.chance(0.4) && campaign.sequence.size() > 1) {
    campaign.sequence.pop_back();
  } else {
    campaign.sequence.back().delay_days = world_.dice.between(1, 9);
  }
  world_.store_sequence(campaign);
}

void Users::store_campaign_status(const Campaign& campaign) {
  world_.database->write([&](db::Connection& connection) {
    connection.execute(Sql("UPDATE campaigns SET status = ? WHERE account_id = ? AND id = ?",
                           campaign.active ? "active" : "archived", world_.truth.account, campaign.id));
    intake::wake_campaign(connection, world_.truth.account, campaign.id, world_.now());
  });
}

void Users::archive_campaign() {
  Campaign& campaign = any_campaign();
  campaign.active = !campaign.active || world_.dice.chance(0.6);
  store_campaign_status(campaign);
}

void Users::switch_project() {
  auto found = world_.truth.projects.begin();
  std::advance(found, world_.dice.below(static_cast<std::int64_t>(world_.truth.projects.size())));
  Project& project = found->second;
  project.is_outreach_active = !project.is_outreach_active || world_.dice.chance(0.6);
  world_.database->write([&](db::Connection& connection) {
    connection.execute(Sql("UPDATE projects SET is_outreach_active = ? WHERE account_id = ? AND id = ?",
                           project.is_outreach_active ? 1 : 0, world_.truth.account, project.id));
    intake::wake_project(connection, world_.truth.account, project.id, world_.now());
  });
}

void Users::change_opportunity() {
  const std::int64_t opportunity = any_opportunity();
  using rules::StageEvent;
  static constexpr StageEvent kEvents[] = {StageEvent::pause, StageEvent::pause, StageEvent::restart,
                                           StageEvent::restart, StageEvent::stop};
  const StageEvent event = kEvents[world_.dice.below(std::size(kEvents))];
  world_.database->write([&](db::Connection& connection) {
    connection.lock("opportunity " + std::to_string(opportunity));
    intake::change_stage(connection, world_.truth.account, opportunity, event, world_.truth.user,
                         world_.now());
  });
}

void Users::set_milestone() {
  const std::int64_t opportunity = any_opportunity();
  world_.database->write([&](db::Connection& connection) {
    const std::int64_t lost = connection.integer(
        Sql("SELECT id FROM milestones WHERE account_id = ? AND name = 'Lost - Not Interested'",
            world_.truth.account));
    intake::set_milestone(connection, world_.truth.account, opportunity, lost, world_.truth.user,
                          world_.now());
  });
}

void Users::switch_server() {
  world_.truth.sending_paused = !world_.truth.sending_paused;
  world_.execute(
      Sql("INSERT INTO settings (name, value) VALUES ('sending_paused', ?) ON CONFLICT (name) DO UPDATE SET "
          "value = excluded.value",
          world_.truth.sending_paused ? "1" : "0"));
}

void Users::jump_clock() {
  // Down for days, or a clock that was wrong and is put right.
  const bool back = world_.dice.chance(0.3);
  world_.clock.advance(back ? -world_.dice.between(1, 120) * base::kMinute
                            : world_.dice.between(1, 5) * base::kDay);
}

}  // namespace overture::sim
