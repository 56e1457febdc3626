#include "outreach/next_contact.hpp"

#include "intake/runs.hpp"
#include "intake/stage.hpp"
#include "outreach/taken.hpp"

namespace overture::outreach {
namespace {

using db::Sql;
using rules::StageEvent;

/// Its first mail is looked at before it may leave.
bool is_composed(db::Connection& connection, const Run& run) {
  return connection.exists(
      Sql("SELECT 1 FROM opportunities WHERE account_id = ? AND id = ? AND workflow_status = 'compose'",
          run.account, run.opportunity));
}

bool was_contacted(db::Connection& connection, const Run& run) {
  return connection.exists(
      Sql("SELECT 1 FROM opportunities WHERE account_id = ? AND id = ? AND outreach_started_date IS NOT NULL",
          run.account, run.opportunity));
}

}  // namespace

bool cancel_mails_to_contact(db::Connection& connection, const Run& run, std::string_view why) {
  connection.execute(Sql(
      "DELETE FROM outbox WHERE account_id = ? AND kind = 'outreach' AND state = 'pending' AND mail_id IN "
      "(SELECT id FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND contact_id = ? AND "
      "status = 'scheduled')",
      run.account, run.account, run.opportunity, run.contact));
  connection.execute(Sql(
      "UPDATE outreach_emails SET status = 'cancelled', failure = ? WHERE account_id = ? AND "
      "opportunity_id = ? AND contact_id = ? AND (status IN ('draft', 'review') OR (status = 'scheduled' "
      "AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.account_id = outreach_emails.account_id AND b.kind = "
      "'outreach' AND b.mail_id = outreach_emails.id)))",
      why, run.account, run.opportunity, run.contact));
  return connection.exists(
      Sql("SELECT 1 FROM outreach_emails e CROSS JOIN outbox b WHERE b.mail_id = e.id AND b.account_id = ? "
          "AND b.kind = 'outreach' AND e.account_id = ? AND e.opportunity_id = ? AND "
          "e.contact_id = ?",
          run.account, run.account, run.opportunity, run.contact));
}

RecipientChoice go_on_with_next_contact(db::Connection& connection, Run run, std::string_view why,
                                        base::Millis now) {
  const RecipientChoice choice = choose_recipient(connection, run);
  if (choice != RecipientChoice::chosen) return choice;
  if (run.state != "paused") run.state = is_composed(connection, run) ? "compose" : "waiting";
  run.due_at = now;
  run.why = why;
  store_run(connection, run);
  intake::wake_campaign(connection, run.account, run.campaign, now);
  return choice;
}

void end_without_contact(db::Connection& connection, const Run& run, base::Millis now) {
  const bool contacted = was_contacted(connection, run);
  intake::change_stage(connection, run.account, run.opportunity,
                       contacted ? StageEvent::stop : StageEvent::data_missing, {}, now,
                       contacted ? "nobody is left to write to" : "missing: contact");
}

void follow_removed_contact(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                            std::int64_t contact, base::Millis now) {
  connection.lock("opportunity " + std::to_string(opportunity));
  book_all_taken(connection, account, now);
  const std::optional<Run> run = find_run(connection, account, opportunity);
  if (!run || run->state == "over" || run->contact != contact) return;
  constexpr std::string_view kWhy = "the contact was taken off the opportunity";
  if (cancel_mails_to_contact(connection, *run, kWhy) || run->state == "finishing") return;
  if (go_on_with_next_contact(connection, *run, kWhy, now) == RecipientChoice::chosen) return;
  end_without_contact(connection, *run, now);
}

}  // namespace overture::outreach
