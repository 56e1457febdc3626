#include "work/planner.hpp"

#include <algorithm>

#include "intake/counts.hpp"
#include "outreach/plan.hpp"
#include "work/outage.hpp"

namespace overture::work {
namespace {

using db::Sql;

constexpr std::int64_t kCampaignsOfOneTick = 200;
constexpr std::int64_t kRunsOfOneTick = 200;
/// So that one campaign without spacing does not keep the others waiting.
constexpr int kMailsOfOneCampaign = 20;
/// One write plans for campaigns of one account until it has so many mails: a commit for each would cost more
/// than the planning does.
constexpr std::size_t kMailsOfOneWrite = 20;
constexpr std::size_t kCampaignsOfOneWrite = 50;

std::vector<DueCampaign> find_due_campaigns(db::Connection& connection, base::Millis now) {
  std::vector<DueCampaign> due;
  db::RowsPtr rows = connection.query(Sql(
      "SELECT account_id, campaign_id FROM campaign_sending WHERE next_look_at <= ? ORDER BY next_look_at, "
      "account_id, campaign_id LIMIT ?",
      now, kCampaignsOfOneTick));
  while (rows->next()) due.push_back({rows->integer(0), rows->integer(1)});
  return due;
}

std::vector<outreach::TimedRun> find_due_runs(db::Connection& connection, base::Millis now) {
  std::vector<outreach::TimedRun> due;
  db::RowsPtr rows =
      connection.query(Sql("SELECT account_id, opportunity_id FROM outreach_runs WHERE state IN ('compose', "
                           "'finishing') AND due_at "
                           "<= ? ORDER BY due_at LIMIT ?",
                           now, kRunsOfOneTick));
  while (rows->next()) due.push_back({rows->integer(0), rows->integer(1)});
  return due;
}

}  // namespace

std::size_t Planner::tick() { return handle_runs() + plan_campaigns(); }

std::size_t Planner::plan_campaigns() {
  const std::vector<DueCampaign> due = database_.read(
      [this](db::Connection& connection) { return find_due_campaigns(connection, clock_.now()); });
  std::size_t planned = 0;
  for (std::size_t next = 0; next < due.size();) {
    const Looks looks = plan_some(std::span(due).subspan(next));
    next += looks.campaigns;
    planned += looks.mails;
  }
  return planned;
}

Planner::Looks Planner::plan_some(std::span<const DueCampaign> due) {
  const auto plan = [&](std::span<const DueCampaign> some) {
    return database_.write([&](db::Connection& connection) { return look_at_some(connection, some); });
  };
  try {
    return plan(due);
  } catch (const std::exception& error) {
    if (is_outage(error)) throw;
  }
  Looks looks;
  for (const DueCampaign& each : due.first(std::min(due.size(), kCampaignsOfOneWrite))) {
    ++looks.campaigns;
    try {
      looks.mails += plan({&each, 1}).mails;
    } catch (const std::exception& error) {
      if (is_outage(error)) throw;
      note_own_fault("a campaign could not be planned for",
                     {{"account", each.account}, {"campaign", each.campaign}, {"error", error.what()}});
      database_.write([&](db::Connection& connection) {
        connection.execute(
            Sql("UPDATE campaign_sending SET next_look_at = ? WHERE account_id = ? AND campaign_id = ? AND "
                "next_look_at <= ?",
                clock_.now() + kAfterOwnFault, each.account, each.campaign, clock_.now()));
      });
    }
  }
  return looks;
}

Planner::Looks Planner::look_at_some(db::Connection& connection, std::span<const DueCampaign> due) {
  Looks looks;
  const std::int64_t account = due.front().account;
  for (const DueCampaign& each : due.first(std::min(due.size(), kCampaignsOfOneWrite))) {
    if (each.account != account || looks.mails >= kMailsOfOneWrite) break;
    ++looks.campaigns;
    for (int mail = 0; mail < kMailsOfOneCampaign; ++mail) {
      if (!outreach::plan_campaign(connection, install_, account, each.campaign, clock_.now(), chance_()))
        break;
      ++looks.mails;
    }
  }
  if (looks.mails > 0) intake::note_progress(connection, account);
  return looks;
}

std::size_t Planner::handle_runs() {
  const std::vector<outreach::TimedRun> due =
      database_.read([this](db::Connection& connection) { return find_due_runs(connection, clock_.now()); });
  for (const outreach::TimedRun& each : due) {
    try {
      database_.write([&](db::Connection& connection) {
        outreach::handle_timed_run(connection, install_, each, clock_.now());
        intake::note_change(connection, each.account);
      });
    } catch (const std::exception& error) {
      if (is_outage(error)) throw;
      note_own_fault("an opportunity could not be moved on",
                     {{"account", each.account}, {"opportunity", each.opportunity}, {"error", error.what()}});
      database_.write([&](db::Connection& connection) {
        connection.execute(Sql(
            "UPDATE outreach_runs SET due_at = ? WHERE account_id = ? AND opportunity_id = ? AND state IN "
            "('compose', 'finishing') AND due_at <= ?",
            clock_.now() + kAfterOwnFault, each.account, each.opportunity, clock_.now()));
      });
    }
  }
  return due.size();
}

}  // namespace overture::work
