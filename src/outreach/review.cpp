// The opportunity is locked first, as the planner does; the mail is read under that lock.
#include "outreach/review.hpp"

#include "base/error.hpp"
#include "intake/runs.hpp"
#include "intake/stage.hpp"
#include "outreach/facts.hpp"
#include "outreach/mails.hpp"
#include "outreach/run.hpp"
#include "outreach/sequence.hpp"
#include "rules/email_address.hpp"
#include "rules/follow_up.hpp"

namespace overture::outreach {
namespace {

using base::Error;
using base::ErrorCode;
using db::Sql;
using rules::StageEvent;

[[noreturn]] void refuse() { throw Error(ErrorCode::conflict, "This email does not wait for review"); }

MailStep hold_mail(db::Connection& connection, const ReviewDecision& decision) {
  std::optional<MailStep> step = find_mail_step(connection, decision.account, decision.mail);
  if (!step) refuse();
  connection.lock("opportunity " + std::to_string(step->opportunity));
  step = find_mail_step(connection, decision.account, decision.mail);
  if (!step || step->status != "review") refuse();
  return *step;
}

/// A mail from before there were runs: its opportunity gets the run that a launch would have given it.
Run adopt(db::Connection& connection, const Install& install, MailStep& step,
          const ReviewDecision& decision) {
  Run run{.account = step.account,
          .opportunity = step.opportunity,
          .project = step.project,
          .campaign = step.campaign,
          .contact = step.contact,
          .email_account = step.email_account,
          .user = decision.user,
          .next_attempt = step.attempt,
          .due_at = decision.now,
          .state = "review",
          .why = {}};
  connection.execute(
      Sql("INSERT INTO outreach_runs (account_id, opportunity_id, project_id, campaign_id, run, contact_id, "
          "email_account_id, user_id, next_attempt, due_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          run.account, run.opportunity, run.project, run.campaign, run.run, run.contact, run.email_account,
          run.user, run.next_attempt, run.due_at, run.state));
  const std::string address = connection.text(
      Sql("SELECT COALESCE(m.address, e.name) FROM email_accounts e LEFT JOIN mailboxes m ON m.account_id = "
          "e.account_id AND m.email_account_id = e.id WHERE e.account_id = ? AND e.id = ?",
          step.account, step.email_account));
  const std::string message_id =
      make_message_id(install.key, "adopted/" + std::to_string(step.account) + "/" + std::to_string(step.id),
                      rules::email_domain(address));
  connection.execute(Sql("UPDATE outreach_emails SET run = 1, message_id = ? WHERE account_id = ? AND id = ?",
                         message_id, step.account, step.id));
  connection.execute(Sql(
      "INSERT INTO message_ids (account_id, message_id, kind, mail_id) VALUES (?, ?, ?, ?) ON CONFLICT DO "
      "NOTHING",
      step.account, message_id, kOutreachMail, step.id));
  step.run = run.run;
  return run;
}

/// The run whose present step the mail is.
Run load_run(db::Connection& connection, const Install& install, MailStep& step,
             const ReviewDecision& decision) {
  const std::optional<Run> any = find_run(connection, step.account, step.opportunity);
  if (!any && step.run == 0) return adopt(connection, install, step, decision);
  std::optional<Run> run = find_run_at(connection, step);
  if (!run || run->next_attempt != step.attempt) {
    throw Error(ErrorCode::conflict, "The outreach of this opportunity has gone on without this email");
  }
  return *run;
}

void set_status(db::Connection& connection, const ReviewDecision& decision, std::string_view status) {
  connection.execute(Sql("UPDATE outreach_emails SET status = ?, user_id = ? WHERE account_id = ? AND id = ?",
                         status, decision.user, decision.account, decision.mail));
}

/// From the review of the first mail into outreach; from elsewhere nothing changes.
void release(db::Connection& connection, const Run& run, const ReviewDecision& decision) {
  intake::change_stage(connection, run.account, run.opportunity, StageEvent::released, decision.user,
                       decision.now);
}

/// Paused runs stay so; they go on where they stand now.
void wait(db::Connection& connection, Run& run, const ReviewDecision& decision) {
  if (run.state != "paused") run.state = "waiting";
  run.why.clear();
  store_run(connection, run);
  intake::wake_campaign(connection, run.account, run.campaign, decision.now);
}

}  // namespace

void approve_mail(db::Connection& connection, const Install& install, const ReviewDecision& decision) {
  MailStep step = hold_mail(connection, decision);
  Run run = load_run(connection, install, step, decision);
  set_status(connection, decision, "scheduled");
  release(connection, run, decision);
  wait(connection, run, decision);
}

void skip_mail(db::Connection& connection, const Install& install, const ReviewDecision& decision) {
  MailStep step = hold_mail(connection, decision);
  Run run = load_run(connection, install, step, decision);
  set_status(connection, decision, "skipped");
  release(connection, run, decision);

  const base::Millis sent_at = last_sent_at(connection, run);
  const rules::SendingWindow window = load_window(connection, run.account, run.campaign);
  for (const Attempt& attempt : load_sequence(connection, run.account, run.campaign)) {
    if (attempt.number <= step.attempt || (sent_at == 0 && attempt.subject.empty())) continue;
    run.next_attempt = attempt.number;
    run.due_at = rules::follow_up_due_at(window, decision.now, attempt.delay_days).value_or(decision.now);
    return wait(connection, run, decision);
  }
  if (sent_at == 0) {
    intake::change_stage(connection, run.account, run.opportunity, StageEvent::stop, decision.user,
                         decision.now, "its first mail was left out");
    return;
  }
  ++run.next_attempt;
  if (run.state != "paused") run.state = "finishing";
  run.due_at = rules::sequence_finished_at(*window.zone, sent_at);
  run.why.clear();
  store_run(connection, run);
}

std::optional<base::Millis> find_unknown_since(db::Connection& connection, std::int64_t account,
                                               std::string_view kind, std::int64_t mail) {
  connection.lock("unknown " + std::to_string(account) + " " + std::string(kind) + " " +
                  std::to_string(mail));
  db::RowsPtr rows =
      connection.query(Sql("SELECT COALESCE(NULLIF(lease_until, 0), first_try_at, created_at) FROM outbox "
                           "WHERE account_id = ? AND "
                           "kind = ? AND mail_id = ? "
                           "AND state = 'unknown'",
                           account, kind, mail));
  if (!rows->next()) return std::nullopt;
  return rows->integer(0);
}

}  // namespace overture::outreach
