// What happened in the demo workspace, in the order of time; and what is counted of it.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "app/demo_rows.hpp"
#include "app/demo_write.hpp"
#include "base/time.hpp"
#include "intake/counts.hpp"
#include "intake/import_settings.hpp"
#include "intake/opportunity.hpp"
#include "jobs/job.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::kMinute;
using base::kSecond;
using base::Millis;

constexpr std::string_view kStartedCounter = "outreach_started:";
constexpr std::string_view kAnsweredCounter = "outreach_answered:";

db::Value user_or_null(const DemoHouse& house, std::int64_t user) {
  return user < 0 ? db::Value() : db::Value(house.users[static_cast<std::size_t>(user)]);
}

/// One thing of an opportunity, for sorting.
template <class Thing>
struct Dated {
  std::int64_t opportunity;
  std::size_t project;
  Thing thing;
};

template <class Thing>
void sort_by_time(std::vector<Dated<Thing>>& all) {
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.thing.at < b.thing.at; });
}

void write_history(db::Connection& connection, const DemoHouse& house,
                   std::vector<Dated<DemoMilestoneChange>>& history) {
  static constexpr db::Literal kColumns[] = {"id",       "account_id",  "opportunity_id", "project_id",
                                             "user_id",  "previous_id", "new_id",         "previous_name",
                                             "new_name", "changed_at"};
  sort_by_time(history);
  DemoRows rows("milestone_history", kColumns, history.size());
  std::int64_t id = connection.reserve_ids("milestone_history", static_cast<std::int64_t>(history.size()));
  for (const auto& [opportunity, project, change] : history) {
    const auto next = static_cast<std::size_t>(change.next);
    const bool is_first = !change.previous;
    const auto previous = is_first ? 0 : static_cast<std::size_t>(*change.previous);
    rows.add(id++, house.account, opportunity, house.projects[project], user_or_null(house, change.user),
             is_first ? 0 : house.milestones[previous], house.milestones[next],
             is_first ? db::Value() : db::Value(house.milestone_names[previous]), house.milestone_names[next],
             change.at);
  }
  rows.write(connection);
}

void write_notes(db::Connection& connection, const DemoHouse& house, std::vector<Dated<DemoNote>>& notes) {
  static constexpr db::Literal kColumns[] = {"id",      "account_id", "opportunity_id", "user_id",
                                             "content", "is_system",  "is_zapier",      "created_at"};
  sort_by_time(notes);
  DemoRows rows("notes", kColumns, notes.size());
  std::int64_t id = connection.reserve_ids("notes", static_cast<std::int64_t>(notes.size()));
  for (const auto& [opportunity, project, note] : notes) {
    rows.add(id++, house.account, opportunity, user_or_null(house, note.user), note.content, note.is_system,
             note.is_zapier, note.at);
  }
  rows.write(connection);
}

DemoNote system_note(const DemoHouse& house, const DemoMilestoneChange& change) {
  return {change.at, kDemoNobody,
          fmt::format("Milestone set to {}: {}.",
                      house.milestone_names[static_cast<std::size_t>(change.next)], demo_reason(change.next)),
          true, false};
}

/// Columns as a spreadsheet of an agency names them.
std::string import_settings() {
  intake::ImportSettings settings;
  settings.personalization_mapping = {{"website", "Site"},
                                      {"email_address", "E-mail"},
                                      {"first_name", "First name"},
                                      {"last_name", "Last name"}};
  return intake::write_import_settings(settings);
}

}  // namespace

void write_demo_trail(db::Connection& connection, const DemoHouse& house, const DemoWork& work,
                      std::int64_t first_opportunity) {
  std::vector<Dated<DemoMilestoneChange>> history;
  std::vector<Dated<DemoNote>> notes;
  std::array<std::int64_t, kDemoProjects.size()> changed{};
  std::array<std::int64_t, kDemoProjects.size()> won{};
  std::array<std::int64_t, kDemoProjects.size()> started{};
  std::array<std::int64_t, kDemoProjects.size()> answered{};
  std::int64_t id = first_opportunity;
  for (const DemoOpportunity& each : work.opportunities) {
    const DemoJourney& journey = each.journey;
    const std::size_t project = kDemoCampaigns[each.place.campaign].project;
    for (const DemoMilestoneChange& change : journey.history) {
      history.push_back({id, project, change});
      if (change.user == kDemoNobody) notes.push_back({id, project, system_note(house, change)});
    }
    for (const DemoNote& note : journey.notes) notes.push_back({id, project, note});
    changed[project] += journey.history.empty() ? 0 : 1;
    won[project] += journey.won_at == 0 ? 0 : 1;
    started[project] += journey.outreach_started == 0 ? 0 : 1;
    answered[project] += journey.answered ? 1 : 0;
    ++id;
  }
  write_history(connection, house, history);
  write_notes(connection, house, notes);
  for (std::size_t i = 0; i < kDemoProjects.size(); ++i) {
    const std::string project = std::to_string(house.projects[i]);
    intake::count(connection, house.account, std::string(intake::kChangedCounter) + project, changed[i]);
    intake::count(connection, house.account, std::string(intake::kWonCounter) + project, won[i]);
    intake::count(connection, house.account, std::string(kStartedCounter) + project, started[i]);
    intake::count(connection, house.account, std::string(kAnsweredCounter) + project, answered[i]);
  }
}

void write_demo_jobs(db::Connection& connection, const DemoHouse& house, const DemoWork& work) {
  static constexpr db::Literal kColumns[] = {
      "id",      "account_id",  "kind",       "state",      "campaign_id", "user_id",
      "payload", "total",       "done",       "counts",     "errors",      "attempts",
      "run_at",  "lease_token", "created_at", "started_at", "finished_at"};
  constexpr std::int64_t kInvalid = 3;
  DemoRows rows("jobs", kColumns);
  for (std::size_t i = 0; i < kDemoCampaigns.size(); ++i) {
    const DemoImport& import = work.places.imports[i];
    if (import.at == 0) continue;
    const std::int64_t total = import.created + import.duplicates_in_campaign + import.duplicates_in_project +
                               import.partners + kInvalid;
    boost::json::object counts{{"created", import.created}, {"invalid", kInvalid}};
    if (import.duplicates_in_campaign > 0) counts["duplicate_in_campaign"] = import.duplicates_in_campaign;
    if (import.duplicates_in_project > 0) counts["duplicate_in_project"] = import.duplicates_in_project;
    if (import.partners > 0) counts["partner"] = import.partners;
    const boost::json::array errors{
        {{"row", 18}, {"message", "\"hello(at)example.com\" is not an email address"}},
        {{"row", total / 3}, {"message", "there is neither a web address nor an email address"}},
        {{"row", total - 7}, {"message", "\"http://\" is not a web address"}}};
    rows.add(connection.reserve_ids("jobs", 1), house.account, std::string(intake::kImportKind),
             jobs::state_name(jobs::JobState::completed), house.campaigns[i],
             house.users[kDemoProjects[kDemoCampaigns[i].project].owner], import_settings(), total, total,
             boost::json::serialize(counts), boost::json::serialize(errors), 1, import.at - 2 * kSecond, 1,
             import.at - 2 * kSecond, import.at - kSecond, import.at + total * 16);
  }
  rows.write(connection);
}

void write_demo_usage(db::Connection& connection, const DemoHouse& house, Millis now) {
  static constexpr db::Literal kColumns[] = {"account_id", "user_id", "day", "requests", "cost"};
  constexpr Millis kDays = 14;
  DemoRows rows("usage_days", kColumns);
  DemoRandom random(77);
  for (std::size_t user = 0; user < 3; ++user) {
    for (Millis day = now / kDay - kDays; day < now / kDay; ++day) {
      // 1970-01-01 was a Thursday.
      const bool weekend = (day + 3) % 7 > 4;
      const std::int64_t requests = weekend ? random.between(0, 25) : random.between(60, 900);
      if (requests == 0) continue;
      const std::string date = base::rfc3339(day * kDay).substr(0, 10);
      rows.add(house.account, house.users[user], date, requests, requests + random.below(requests * 3 + 1));
    }
  }
  rows.write(connection);
}

}  // namespace overture::app
