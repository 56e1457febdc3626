// Versions, milestones, and the counters of a project's win rate.
#include "intake/opportunity.hpp"

#include <string>

#include "events/event.hpp"
#include "intake/counts.hpp"
#include "intake/stage.hpp"
#include "intake/tasks.hpp"

namespace overture::intake {
namespace {

struct Milestone {
  std::string name;
  bool won = false;
  bool lost = false;
};

std::optional<Milestone> find_milestone(db::Connection& connection, std::int64_t account, std::int64_t id) {
  if (id == 0) return std::nullopt;
  db::RowsPtr rows = connection.query(
      db::Sql("SELECT name, kind FROM milestones WHERE account_id = ? AND id = ?", account, id));
  if (!rows->next()) return std::nullopt;
  return Milestone{std::string(rows->text(0)), rows->text(1) == "won", rows->text(1) == "lost"};
}

boost::json::value reference_to(std::int64_t id, const std::optional<Milestone>& milestone) {
  if (!milestone) return nullptr;
  return boost::json::object{{"id", id}, {"name", milestone->name}};
}

db::Value name_of(const std::optional<Milestone>& milestone) {
  return milestone ? db::Value(milestone->name) : db::Value();
}

}  // namespace

void touch_opportunity(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                       base::Millis now) {
  connection.execute(db::Sql(
      "UPDATE opportunities SET version = version + 1, updated_at = ? WHERE account_id = ? AND id = ?", now,
      account, opportunity));
}

void touch_opportunities_of_contact(db::Connection& connection, std::int64_t account, std::int64_t contact,
                                    base::Millis now) {
  connection.execute(
      db::Sql("UPDATE opportunities SET version = version + 1, updated_at = ? WHERE account_id = ? AND id IN "
              "(SELECT opportunity_id FROM opportunity_contacts WHERE account_id = ? AND contact_id = ?)",
              now, account, account, contact));
}

bool set_milestone(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                   std::int64_t milestone, std::optional<std::int64_t> user, base::Millis now) {
  connection.lock("opportunity " + std::to_string(opportunity));
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t previous = 0;
  std::string workflow_status;
  {
    db::RowsPtr rows = connection.query(
        db::Sql("SELECT project_id, campaign_id, milestone_id, workflow_status FROM opportunities "
                "WHERE account_id = ? AND id = ?",
                account, opportunity));
    if (!rows->next() || rows->integer(2) == milestone) return false;
    project = rows->integer(0);
    campaign = rows->integer(1);
    previous = rows->integer(2);
    workflow_status = rows->text(3);
  }
  std::optional<Milestone> before = find_milestone(connection, account, previous);
  std::optional<Milestone> after = find_milestone(connection, account, milestone);
  bool first_change = true;
  bool first_win = after && after->won;
  {
    db::RowsPtr history = connection.query(db::Sql(
        "SELECT m.kind FROM milestone_history h LEFT JOIN milestones m ON m.account_id = h.account_id "
        "AND m.id = h.new_id WHERE h.account_id = ? AND h.opportunity_id = ?",
        account, opportunity));
    while (history->next()) {
      first_change = false;
      if (history->text(0) == "won") first_win = false;
    }
  }
  connection.execute(db::Sql(
      "UPDATE opportunities SET milestone_id = ?, milestone_date = ?, version = version + 1, updated_at = ? "
      "WHERE account_id = ? AND id = ?",
      milestone, now, now, account, opportunity));
  connection.execute(db::Sql(
      "INSERT INTO milestone_history (account_id, opportunity_id, project_id, user_id, previous_id, new_id, "
      "previous_name, new_name, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      account, opportunity, project, user ? db::Value(*user) : db::Value(), previous, milestone,
      name_of(before), name_of(after), now));
  count_opportunities(connection, account, project, campaign, workflow_status, previous, -1);
  count_opportunities(connection, account, project, campaign, workflow_status, milestone, 1);
  if (first_change) count(connection, account, std::string(kChangedCounter) + std::to_string(project), 1);
  if (first_win) count(connection, account, std::string(kWonCounter) + std::to_string(project), 1);
  boost::json::object data{{"previous", reference_to(previous, before)},
                           {"new", reference_to(milestone, after)}};
  data["user"] = user ? boost::json::value(*user) : boost::json::value(nullptr);
  events::note(connection, account,
               {.kind = events::Kind::milestone_changed,
                .project = project,
                .opportunity = opportunity,
                .data = std::move(data)},
               now);
  if (after && (after->won || after->lost)) {
    change_stage(connection, account, opportunity, rules::StageEvent::milestone_reached, user, now,
                 after->name);
  }
  complete_tasks_on_milestone(connection, account, opportunity, now);
  return true;
}

bool milestone_is_by_person(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  db::RowsPtr last = connection.query(
      db::Sql("SELECT h.user_id FROM opportunities o JOIN milestone_history h ON h.account_id = o.account_id "
              "AND h.opportunity_id = o.id AND h.new_id = o.milestone_id WHERE o.account_id = ? AND o.id = ? "
              "AND o.milestone_id <> 0 ORDER BY h.id DESC LIMIT 1",
              account, opportunity));
  return last->next() && !last->is_null(0);
}

}  // namespace overture::intake
