// Versions, milestones, and the counters of a project's win rate.
#include "intake/opportunity.hpp"

#include <string>

#include "events/event.hpp"
#include "intake/counts.hpp"
#include "intake/references.hpp"
#include "intake/stage.hpp"
#include "intake/tasks.hpp"

namespace overture::intake {
namespace {

boost::json::value reference_to(const Milestone& milestone) {
  if (!milestone.exists()) return nullptr;
  return boost::json::object{{"id", milestone.id}, {"name", milestone.name}};
}

db::Value name_of(const Milestone& milestone) {
  return milestone.exists() ? db::Value(milestone.name) : db::Value();
}

/// What the history of an opportunity says before a change to `to`.
struct Firsts {
  bool change = true;
  bool win = false;
};

Firsts find_firsts(const OpportunityRow& row, const Milestone& to) {
  Firsts firsts{.win = to.kind == "won"};
  db::RowsPtr history = row.connection().query(
      db::Sql("SELECT " OVERTURE_KIND_REACHED " FROM milestone_history h" OVERTURE_KIND_REACHED_JOIN(
                  "h") "WHERE h.account_id = ? AND h.opportunity_id = ?",
              row.account(), row.id()));
  while (history->next()) {
    firsts.change = false;
    if (history->text(0) == "won") firsts.win = false;
  }
  return firsts;
}

void count_move(const OpportunityRow& row, const Milestone& from, const Milestone& to) {
  for (const auto& [milestone, delta] : {std::pair{from.id, -1}, std::pair{to.id, 1}}) {
    count_opportunities(row.connection(), row.account(), row.project(), row.campaign(), row.workflow(),
                        milestone, delta);
  }
  const Firsts firsts = find_firsts(row, to);
  const std::string project = std::to_string(row.project());
  if (firsts.change) count(row.connection(), row.account(), std::string(kChangedCounter) + project, 1);
  if (firsts.win) count(row.connection(), row.account(), std::string(kWonCounter) + project, 1);
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

Milestone find_milestone(db::Connection& connection, std::int64_t account, std::int64_t id) {
  if (id == 0) return {};
  hold_milestones(connection, account);
  db::RowsPtr rows = connection.query(
      db::Sql("SELECT name, kind, role FROM milestones WHERE account_id = ? AND id = ?", account, id));
  if (!rows->next()) return {.id = id};
  return {id, std::string(rows->text(0)), std::string(rows->text(1)), std::string(rows->text(2))};
}

bool move_to_milestone(OpportunityRow& row, Milestone to, std::optional<std::int64_t> user, base::Millis now,
                       StageNote note) {
  if (row.milestone().id == to.id) return false;
  if (to.id != 0 && !to.exists()) return false;
  const Milestone from = row.milestone();
  count_move(row, from, to);
  row.connection().execute(db::Sql(
      "INSERT INTO milestone_history (account_id, opportunity_id, project_id, user_id, previous_id, new_id, "
      "previous_name, new_name, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.account(), row.id(), row.project(), user ? db::Value(*user) : db::Value(), from.id, to.id,
      name_of(from), name_of(to), now));
  boost::json::object data{{"previous", reference_to(from)}, {"new", reference_to(to)}};
  data["user"] = user ? boost::json::value(*user) : boost::json::value(nullptr);
  events::note(row.connection(), row.account(),
               {.kind = events::Kind::milestone_changed,
                .project = row.project(),
                .opportunity = row.id(),
                .data = std::move(data)},
               now);
  row.set_milestone(to, now);
  if (to.is_end()) take_step(row, rules::StageEvent::milestone_reached, user, now, to.name, note);
  complete_tasks_on_milestone(row.connection(), row.account(), row.id(), now);
  return true;
}

bool set_milestone(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                   std::int64_t milestone, std::optional<std::int64_t> user, base::Millis now) {
  std::optional<OpportunityRow> row = OpportunityRow::open(connection, account, opportunity);
  if (!row) return false;
  const bool moved = move_to_milestone(*row, find_milestone(connection, account, milestone), user, now);
  row->write(now);
  return moved;
}

bool milestone_is_by_person(const OpportunityRow& row) {
  if (row.milestone().id == 0) return false;
  db::RowsPtr last = row.connection().query(db::Sql(
      "SELECT user_id FROM milestone_history WHERE account_id = ? AND opportunity_id = ? AND new_id = ? "
      "ORDER BY id DESC LIMIT 1",
      row.account(), row.id(), row.milestone().id));
  return last->next() && !last->is_null(0);
}

}  // namespace overture::intake
