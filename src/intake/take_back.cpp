// Only what the end itself has done is undone: it did so at one moment, and as the server.
#include "intake/take_back.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "intake/answers.hpp"
#include "intake/opportunity.hpp"
#include "intake/runs.hpp"
#include "intake/stage.hpp"

namespace overture::intake {
namespace {

using db::Sql;
using rules::Stage;
using rules::StageEvent;

struct Before {
  Stage stage;
  std::string stage_reason;
  std::string run_state;
  std::string run_why;
  base::Millis ended_at = 0;
  std::int64_t last_change = 0;  ///< of the milestone, before the end
};

std::optional<Stage> find_stage(std::string_view workflow, std::string_view status) {
  const auto stages = rules::all_stages();
  const auto found = std::find(stages.begin(), stages.end(), Stage{workflow, status});
  if (found == stages.end()) return std::nullopt;
  return *found;
}

std::optional<Before> find_before(const OpportunityRow& row, StageEvent event) {
  db::RowsPtr rows = row.connection().query(Sql(
      "SELECT workflow_status, stage_status, stage_reason, run_state, run_why, ended_at, last_change FROM "
      "outreach_ends WHERE account_id = ? AND opportunity_id = ? AND event = ?",
      row.account(), row.id(), rules::event_name(event)));
  if (!rows->next()) return std::nullopt;
  const std::optional<Stage> stage = find_stage(rows->text(0), rows->text(1));
  if (!stage) return std::nullopt;
  return Before{*stage,
                std::string(rows->text(2)),
                std::string(rows->text(3)),
                std::string(rows->text(4)),
                rows->integer(5),
                rows->integer(6)};
}

std::string_view status_after(StageEvent event) {
  if (event == StageEvent::replied) return "replied";
  return event == StageEvent::opted_out ? "unsubscribed" : "bounced";
}

/// The milestone before (none: id 0), where it stands where the end has put it and nobody has moved it since.
std::optional<Milestone> find_milestone_before(const OpportunityRow& row, const Before& before) {
  db::RowsPtr rows = row.connection().query(
      Sql("SELECT h.previous_id, h.new_id FROM milestone_history h WHERE h.account_id = ? AND "
          "h.opportunity_id = ? AND h.id > ? AND h.changed_at = ? AND NOT EXISTS (SELECT 1 FROM "
          "milestone_history p WHERE p.account_id = h.account_id AND p.opportunity_id = h.opportunity_id AND "
          "p.id >= h.id AND p.user_id IS NOT NULL) ORDER BY h.id LIMIT 1",
          row.account(), row.id(), before.last_change, before.ended_at));
  if (!rows->next() || rows->integer(1) != row.milestone().id) return std::nullopt;
  const std::int64_t previous = rows->integer(0);
  rows.reset();
  Milestone milestone = find_milestone(row.connection(), row.account(), previous);
  if (previous != 0 && !milestone.exists()) return std::nullopt;
  return milestone;
}

void reopen_tasks(const OpportunityRow& row, base::Millis ended_at) {
  row.connection().execute(
      Sql("UPDATE tasks SET completed_at = NULL, completed_by = 0 WHERE account_id = ? AND opportunity_id "
          "= ? AND completed_at = ? AND completed_by = 0 AND (autocomplete_on_communication = 1 OR "
          "autocomplete_on_milestone = 1)",
          row.account(), row.id(), ended_at));
}

std::string_view note_of(StageEvent event) {
  switch (event) {
    case StageEvent::replied:
      return "Put back to where it stood before that email, which was no answer";
    case StageEvent::opted_out:
      return "Put back to where it stood before that email, which was no wish to be left alone";
    default:
      return "Put back to where it stood before that email, which was no bounce";
  }
}

}  // namespace

bool take_back_end(db::Connection& connection, std::int64_t account, const MailedEnd& end, std::int64_t user,
                   base::Millis now) {
  std::optional<OpportunityRow> row = OpportunityRow::open(connection, account, end.opportunity);
  if (!row || row->workflow() != "completed" || row->status() != status_after(end.event)) return false;
  const std::optional<Before> before = find_before(*row, end.event);
  if (!before) return false;
  const bool goes_on = before->stage.workflow != "completed";
  const bool answers_stand = goes_on || end.event == StageEvent::replied;
  if (answers_stand && is_answered(connection, account, end.opportunity, end.inbound)) return false;
  const std::optional<Milestone> milestone = find_milestone_before(*row, *before);
  if (goes_on && !milestone && row->milestone().is_end()) return false;

  // Where it stands now a milestone that is an end stops nothing.
  if (milestone) move_to_milestone(*row, *milestone, std::nullopt, now);
  move_to_stage(*row, before->stage, user, now, before->stage_reason);
  reopen_tasks(*row, before->ended_at);
  row->write(now);
  revive_run(connection, account, end.opportunity, before->run_state, before->run_why);
  connection.execute(
      Sql("DELETE FROM outreach_ends WHERE account_id = ? AND opportunity_id = ? AND event = ?", account,
          end.opportunity, rules::event_name(end.event)));
  add_system_note(connection, account, end.opportunity, user, now, note_of(end.event));
  wake_campaign(connection, account, row->campaign(), now);
  return true;
}

}  // namespace overture::intake
