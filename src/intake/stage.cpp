// The row is read under the opportunity's lock, the rules say where to, the books follow.
#include "intake/stage.hpp"

#include "events/event.hpp"
#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "intake/stage_events.hpp"

namespace overture::intake {
namespace {

using rules::Stage;
using rules::StageEvent;

struct Standing {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t milestone = 0;
  std::string workflow;
  std::string status;
  rules::StageFacts facts;
};

std::optional<Standing> find_standing(db::Connection& connection, std::int64_t account,
                                      std::int64_t opportunity) {
  static constexpr db::Literal kSelect =
      "SELECT o.project_id, o.campaign_id, o.milestone_id, o.workflow_status, o.stage_status, "
      "c.approval_workflow, COALESCE((SELECT a.review FROM attempts a WHERE a.account_id = o.account_id AND "
      "a.campaign_id = o.campaign_id AND a.number = 1), 0), o.outreach_started_date "
      "FROM opportunities o JOIN campaigns c ON c.account_id = o.account_id AND c.id = o.campaign_id "
      "WHERE o.account_id = ? AND o.id = ?";
  db::RowsPtr rows = connection.query(db::Sql(kSelect, account, opportunity));
  if (!rows->next()) return std::nullopt;
  Standing standing{rows->integer(0),           rows->integer(1),           rows->integer(2),
                    std::string(rows->text(3)), std::string(rows->text(4)), {}};
  standing.facts.approval_workflow = rows->integer(5) != 0;
  standing.facts.review_first = rows->integer(6) != 0;
  standing.facts.contacted = !rows->is_null(7);
  return standing;
}

void note_event(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                const Standing& standing, const Stage& to, std::optional<std::int64_t> user,
                base::Millis now) {
  const auto place = [](std::string_view workflow, std::string_view status) {
    return boost::json::object{{"workflow_status", workflow}, {"stage_status", status}};
  };
  boost::json::object data{{"previous", place(standing.workflow, standing.status)},
                           {"new", place(to.workflow, to.status)}};
  data["user"] = user ? boost::json::value(*user) : boost::json::value(nullptr);
  events::note(connection, account,
               {.kind = events::Kind::stage_changed,
                .project = standing.project,
                .opportunity = opportunity,
                .data = std::move(data)},
               now);
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

std::optional<StageChange> change_stage(db::Connection& connection, std::int64_t account,
                                        std::int64_t opportunity, StageEvent event,
                                        std::optional<std::int64_t> user, base::Millis now,
                                        std::string_view reason) {
  connection.lock("opportunity " + std::to_string(opportunity));
  std::optional<Standing> standing = find_standing(connection, account, opportunity);
  if (!standing) return std::nullopt;
  std::optional<Stage> to = rules::next_stage({standing->workflow, standing->status}, event, standing->facts);
  if (!to) return std::nullopt;
  connection.execute(
      db::Sql("UPDATE opportunities SET workflow_status = ?, stage_status = ?, stage_reason = ?, "
              "version = version + 1, updated_at = ? WHERE account_id = ? AND id = ?",
              to->workflow, to->status, reason, now, account, opportunity));
  if (standing->workflow != to->workflow) {
    count_opportunities(connection, account, standing->project, standing->campaign, standing->workflow,
                        standing->milestone, -1);
    count_opportunities(connection, account, standing->project, standing->campaign, to->workflow,
                        standing->milestone, 1);
  }
  // An end that becomes another end (finished, then unsubscribed) is news as well; steps on the way are not.
  if (standing->workflow != to->workflow || to->workflow == "completed") {
    note_event(connection, account, opportunity, *standing, *to, user, now);
  }
  note_stage(connection, account,
             {.project = standing->project,
              .campaign = standing->campaign,
              .opportunity = opportunity,
              .from = standing->workflow,
              .to = to->workflow,
              .user = user},
             now);
  follow_stage(connection, account,
               {.opportunity = opportunity,
                .project = standing->project,
                .campaign = standing->campaign,
                .event = event,
                .to = *to,
                .user = user,
                .reason = reason},
               now);
  if (std::string note(note_of(event, *to)); !note.empty()) {
    if (!reason.empty()) note.append(": ").append(reason);
    add_system_note(connection, account, opportunity, user, now, note);
  }
  return StageChange{std::move(standing->workflow), std::move(standing->status), *to};
}

}  // namespace overture::intake
