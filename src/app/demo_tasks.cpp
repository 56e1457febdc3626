// What people of the demo workspace have put on their lists, and whom and what they leave alone.
#include <fmt/format.h>

#include <algorithm>

#include "app/demo_rows.hpp"
#include "app/demo_write.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::kHour;
using base::Millis;

struct Task {
  std::size_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
  std::size_t assigned_to = 0;  ///< place in kDemoUsers
  std::string name;
  std::string description;
  Millis created_at = 0;
  Millis due = 0;
  Millis completed_at = 0;  ///< 0 for open
  bool on_communication = false;
  bool on_milestone = false;
};

/// What a milestone asks of the owner of the project; empty for nothing.
struct Errand {
  std::string_view name;
  std::string_view description;
  int due_days;
  bool on_communication;
  bool on_milestone;
};
Errand errand_of(DemoMilestone milestone) {
  switch (milestone) {
    case DemoMilestone::responded:
      return {"Answer {}", "They wrote back; look at the thread before the week is over.", 2, true, false};
    case DemoMilestone::negotiating:
      return {"Settle topic and date with {}", "Two of our suggestions are still open.", 5, false, true};
    case DemoMilestone::content:
      return {"Send the draft to {}", "Have it proof-read first.", 9, false, true};
    case DemoMilestone::awaiting_link:
      return {"See whether {} has published", "Ask kindly if there is nothing yet.", 12, false, true};
    case DemoMilestone::won_link:
    case DemoMilestone::won_other:
      return {"Thank {}", "", 3, false, false};
    default:
      return {};
  }
}

std::vector<Task> make_tasks(const DemoHouse& house, const DemoWork& work, std::int64_t first_opportunity,
                             Millis now) {
  DemoRandom random(4711);
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < work.opportunities.size(); ++i) {
    const DemoOpportunity& each = work.opportunities[i];
    const DemoJourney& journey = each.journey;
    if (!journey.milestone || kDemoCampaigns[each.place.campaign].end_days > 0) continue;
    const Errand errand = errand_of(*journey.milestone);
    const bool is_won = journey.won_at != 0;
    if (errand.name.empty() || !random.chance(is_won ? 25 : 40)) continue;
    // After the milestone, so that those that wait for the next one are still open.
    const Millis created_at = journey.milestone_date + random.between(1, 20) * kHour;
    if (created_at >= now) continue;
    const std::size_t project = kDemoCampaigns[each.place.campaign].project;
    Task task{.project = project,
              .campaign = house.campaigns[each.place.campaign],
              .opportunity = first_opportunity + static_cast<std::int64_t>(i),
              .assigned_to = kDemoProjects[project].owner,
              .name = fmt::format(fmt::runtime(errand.name), each.name),
              .description = std::string(errand.description),
              .created_at = created_at,
              .due = created_at + errand.due_days * kDay,
              .on_communication = errand.on_communication,
              .on_milestone = errand.on_milestone};
    if (is_won || random.chance(35)) {
      task.completed_at = created_at + random.between(2, errand.due_days * 24) * kHour;
      if (task.completed_at > now) task.completed_at = 0;
    } else if (task.due < now - 21 * kDay) {
      task.due = now + random.between(-6, 12) * kDay;  // put off more than once
    }
    tasks.push_back(std::move(task));
  }
  // Not everything hangs on an opportunity.
  for (std::size_t project = 0; project < kDemoProjects.size(); ++project) {
    const DemoProject& about = kDemoProjects[project];
    tasks.push_back({.project = project,
                     .assigned_to = about.owner,
                     .name = "Monthly report for the client",
                     .description = "Placements, replies and what is planned next.",
                     .created_at = now - 12 * kDay,
                     .due = now + 4 * kDay});
    tasks.push_back({.project = project,
                     .assigned_to = about.inspector,
                     .name = "Look through the newest prospects",
                     .created_at = now - 3 * kDay,
                     .due = now - kDay});
    tasks.push_back({.project = project,
                     .assigned_to = about.personalizer,
                     .name = "Refresh the opening lines",
                     .created_at = now - 30 * kDay,
                     .due = now - 20 * kDay,
                     .completed_at = now - 22 * kDay});
  }
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const Task& a, const Task& b) { return a.created_at < b.created_at; });
  return tasks;
}

}  // namespace

void write_demo_tasks(db::Connection& connection, const DemoHouse& house, const DemoWork& work,
                      std::int64_t first_opportunity, Millis now) {
  static constexpr db::Literal kColumns[] = {"id",
                                             "account_id",
                                             "project_id",
                                             "campaign_id",
                                             "opportunity_id",
                                             "assigned_to",
                                             "completed_by",
                                             "created_by",
                                             "name",
                                             "description",
                                             "due_date",
                                             "completed_at",
                                             "autocomplete_on_communication",
                                             "autocomplete_on_milestone",
                                             "created_at"};
  const std::vector<Task> tasks = make_tasks(house, work, first_opportunity, now);
  DemoRows rows("tasks", kColumns, tasks.size());
  std::int64_t id = connection.reserve_ids("tasks", static_cast<std::int64_t>(tasks.size()));
  for (const Task& task : tasks) {
    const std::int64_t user = house.users[task.assigned_to];
    const bool is_done = task.completed_at != 0;
    rows.add(id++, house.account, house.projects[task.project], task.campaign, task.opportunity, user,
             is_done ? user : 0, house.users[kDemoProjects[task.project].owner], task.name, task.description,
             task.due, is_done ? db::Value(task.completed_at) : db::Value(), task.on_communication,
             task.on_milestone, task.created_at);
  }
  rows.write(connection);
}

void write_demo_exclusions(db::Connection& connection, const DemoHouse& house, const DemoWork& work,
                           Millis now) {
  static constexpr db::Literal kUnsubscribes[] = {"id",     "account_id", "entry",     "is_domain",
                                                  "reason", "user_id",    "created_at"};
  struct Entry {
    std::string text;
    bool is_domain;
    std::string_view reason;
    std::int64_t user;
    Millis at;
  };
  std::vector<Entry> entries = {
      {"office@quietharbour.example", false, "Asked on the telephone", house.users[0], now - 95 * kDay},
      {"lawfirm-bergmann.example", true, "Letter from their lawyer", house.users[0], now - 61 * kDay},
      {"ministry-of-works.example", true, "Public body, no outreach", house.users[0], now - 40 * kDay}};
  for (const DemoPerson& person : work.people.all()) {
    if (person.unsubscribed_at == 0) continue;
    const bool by_user = person.unsubscribed_by >= 0;
    entries.push_back({person.email, false, by_user ? "Added by a user" : "Unsubscribed",
                       by_user ? house.users[static_cast<std::size_t>(person.unsubscribed_by)] : 0,
                       person.unsubscribed_at});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.at < b.at; });
  DemoRows unsubscribes("unsubscribes", kUnsubscribes, entries.size());
  std::int64_t id = connection.reserve_ids("unsubscribes", static_cast<std::int64_t>(entries.size()));
  for (const Entry& entry : entries) {
    unsubscribes.add(id++, house.account, entry.text, entry.is_domain, entry.reason, entry.user, entry.at);
  }
  unsubscribes.write(connection);

  static constexpr db::Literal kBlocked[] = {"id",     "account_id", "project_id", "pattern",
                                             "reason", "user_id",    "created_at"};
  struct Blocked {
    std::string_view pattern;
    std::string_view reason;
    std::int64_t project;  ///< place in kDemoProjects, -1 for all of them
    std::size_t user;
    Millis age;
  };
  static constexpr Blocked kEntries[] = {
      {"*.linkbazaar.example", "Link farm", -1, 0, 150 * kDay},
      {"guestposts-for-sale.example", "Sells links", -1, 0, 149 * kDay},
      {"costlens.example", "Competitor", 0, 1, 120 * kDay},
      {"*.spendwatch.example", "Competitor", 0, 1, 120 * kDay},
      {"coursemill.example", "Competitor", 1, 2, 90 * kDay},
      {"maschinenblick.example", "Partner of the client; they talk to them themselves", 2, 2, 44 * kDay},
      {"scrapedposts.example", "Copies other people's articles", -1, 0, 17 * kDay},
  };
  DemoRows blocklist("blocklist", kBlocked);
  id = connection.reserve_ids("blocklist", std::ssize(kEntries));
  for (const Blocked& entry : kEntries) {
    blocklist.add(id++, house.account,
                  entry.project < 0 ? 0 : house.projects[static_cast<std::size_t>(entry.project)],
                  entry.pattern, entry.reason, house.users[entry.user], now - entry.age);
  }
  blocklist.write(connection);
}

}  // namespace overture::app
