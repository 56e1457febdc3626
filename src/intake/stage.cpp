// The rules say where to, the books follow.
#include "intake/stage.hpp"

#include <utility>

#include "events/event.hpp"
#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "intake/stage_events.hpp"

namespace overture::intake {
namespace {

using rules::Stage;
using rules::StageEvent;

void note_event(const OpportunityRow& row, const StageChange& change, std::optional<std::int64_t> user,
                base::Millis now) {
  const auto place = [](std::string_view workflow, std::string_view status) {
    return boost::json::object{{"workflow_status", workflow}, {"stage_status", status}};
  };
  boost::json::object data{{"previous", place(change.from_workflow, change.from_status)},
                           {"new", place(change.to.workflow, change.to.status)}};
  data["user"] = user ? boost::json::value(*user) : boost::json::value(nullptr);
  events::note(row.connection(), row.account(),
               {.kind = events::Kind::stage_changed,
                .project = row.project(),
                .opportunity = row.id(),
                .data = std::move(data)},
               now);
}

/// The count of the opportunity moves on with it.
void move_count(const OpportunityRow& row, const StageChange& change) {
  for (const auto& [workflow, delta] : {std::pair<std::string_view, int>{change.from_workflow, -1},
                                        std::pair<std::string_view, int>{change.to.workflow, 1}}) {
    count_opportunities(row.connection(), row.account(), row.project(), row.campaign(), workflow,
                        row.milestone().id, delta);
  }
}

/// What the note says; empty for steps that speak for themselves in mails or data.
std::string_view note_of(StageEvent event, const Stage& to) {
  switch (event) {
    case StageEvent::accept:
      return to.status == "awaiting_approval" ? "Accepted, waits for approval" : "Accepted";
    case StageEvent::reject:
      return "Rejected";
    case StageEvent::approve:
      return "Approved";
    case StageEvent::decline:
      return "Declined";
    case StageEvent::restore:
      return "Restored";
    case StageEvent::pause:
      return "Outreach paused";
    case StageEvent::stop:
    case StageEvent::milestone_reached:
      return "Outreach stopped";
    case StageEvent::restart:
      return "Outreach restarted";
    case StageEvent::launch:
      return to.workflow == "compose" ? "Launched, the first mail waits for review" : "Launched";
    case StageEvent::data_missing:
      return "Could not be launched";
    case StageEvent::blocklisted:
      return "Removed, the site is on the blocklist";
    case StageEvent::sequence_finished:
      return "Sequence finished without a reply";
    case StageEvent::all_bounced:
      return "Every contact bounced";
    case StageEvent::opted_out:
      return "Opted out";
    default:
      return {};
  }
}

}  // namespace

void add_system_note(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                     std::optional<std::int64_t> user, base::Millis now, std::string_view content) {
  connection.execute(db::Sql(
      "INSERT INTO notes (account_id, opportunity_id, user_id, content, is_system, created_at) VALUES "
      "(?, ?, ?, ?, 1, ?)",
      account, opportunity, user ? db::Value(*user) : db::Value(), content, now));
}

StageChange move_to_stage(OpportunityRow& row, const Stage& to, std::optional<std::int64_t> user,
                          base::Millis now, std::string_view reason) {
  StageChange change{row.workflow(), row.status(), to};
  row.set_stage(to, reason);
  const bool moves = change.from_workflow != to.workflow;
  if (moves) move_count(row, change);
  // An end that becomes another end (finished, then unsubscribed) is news as well; steps on the way are not.
  if (moves || to.workflow == "completed") note_event(row, change, user, now);
  note_stage(row.connection(), row.account(),
             {.project = row.project(),
              .campaign = row.campaign(),
              .opportunity = row.id(),
              .from = change.from_workflow,
              .to = to.workflow,
              .user = user},
             now);
  return change;
}

std::optional<StageChange> take_step(OpportunityRow& row, StageEvent event, std::optional<std::int64_t> user,
                                     base::Millis now, std::string_view reason, StageNote note) {
  const std::optional<Stage> to = rules::next_stage({row.workflow(), row.status()}, event, row.stage_facts());
  if (!to) return std::nullopt;
  StageChange change = move_to_stage(row, *to, user, now, reason);
  follow_stage(row.connection(), row.account(),
               {.opportunity = row.id(),
                .project = row.project(),
                .campaign = row.campaign(),
                .event = event,
                .from_workflow = change.from_workflow,
                .from_status = change.from_status,
                .to = *to,
                .user = user,
                .reason = reason},
               now);
  if (std::string text(note_of(event, *to)); !text.empty() && note == StageNote::written) {
    if (!reason.empty()) text.append(": ").append(reason);
    add_system_note(row.connection(), row.account(), row.id(), user, now, text);
  }
  return change;
}

std::optional<StageChange> change_stage(db::Connection& connection, std::int64_t account,
                                        std::int64_t opportunity, StageEvent event,
                                        std::optional<std::int64_t> user, base::Millis now,
                                        std::string_view reason, StageNote note) {
  std::optional<OpportunityRow> row = OpportunityRow::open(connection, account, opportunity);
  if (!row) return std::nullopt;
  std::optional<StageChange> change = take_step(*row, event, user, now, reason, note);
  row->write(now);
  return change;
}

}  // namespace overture::intake
