#include "outreach/bounces.hpp"

#include "events/event.hpp"
#include "intake/communications.hpp"
#include "intake/opportunity.hpp"
#include "intake/runs.hpp"
#include "intake/stage.hpp"
#include "intake/tasks.hpp"
#include "outreach/contacts.hpp"
#include "outreach/facts.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/mails.hpp"
#include "outreach/next_contact.hpp"
#include "outreach/settle.hpp"
#include "rules/milestone_role.hpp"
#include "rules/retry.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// Too many hard bounces of late: the campaign stops until a person has looked at it.
void pause_bouncing_campaign(db::Connection& connection, const MailStep& step, base::Millis now) {
  std::int64_t sends = 0;
  std::int64_t hard = 0;
  {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT bounce FROM outreach_emails WHERE account_id = ? AND campaign_id = ? AND sent_at IS NOT NULL "
        "ORDER BY sent_at DESC LIMIT ?",
        step.account, step.campaign, rules::kBounceSample));
    while (rows->next()) {
      ++sends;
      if (rows->text(0) == "hard") ++hard;
    }
  }
  if (!rules::pauses_campaign(sends, hard)) return;
  const std::string why = std::to_string(hard) + " of the last " + std::to_string(sends) + " mails bounced";
  const bool is_new =
      connection.execute(
          Sql("UPDATE campaign_sending SET paused_why = ? WHERE account_id = ? AND campaign_id = ? "
              "AND paused_why = ''",
              why, step.account, step.campaign)) > 0;
  if (!is_new) return;
  intake::add_task(connection, step.account,
                   {.project = step.project,
                    .campaign = step.campaign,
                    .type = "bounce",
                    .name = "Sending was paused: too many bounces",
                    .description = why + ". Check the addresses, then save the outreach settings to go on."},
                   now);
}

/// The site's next contact, or the end.
void go_on_without(db::Connection& connection, const Run& run, base::Millis now) {
  switch (go_on_with_next_contact(connection, run, "the address before has bounced", now)) {
    case RecipientChoice::chosen:
      return;
    case RecipientChoice::all_suppressed:
      return intake::take_opt_out(connection, run.account, run.opportunity, {}, kAllOptedOut, now);
    case RecipientChoice::none_left:
      return end_without_contact(connection, run, now);
    case RecipientChoice::no_contact:
    case RecipientChoice::all_bounced:
      break;
  }
  end_without_address(connection, run, now);
}

void take_hard_bounce(db::Connection& connection, const MailStep& step, const BouncedMail& bounced,
                      base::Millis now) {
  const std::string& reason = bounced.reason;
  close_mail(connection, step, "bounced", reason);
  connection.execute(
      Sql("UPDATE outreach_emails SET bounce = 'hard', sent_at = COALESCE(sent_at, ?), bounced_via = ? WHERE "
          "account_id = ? AND id = ?",
          now, bounced.inbound, step.account, step.id));
  flag_bounced(connection, step.account, step.contact, reason, bounced.inbound, now);
  const std::string address = connection.text(
      Sql("SELECT to_email FROM outreach_emails WHERE account_id = ? AND id = ?", step.account, step.id));
  events::note(connection, step.account,
               {.kind = events::Kind::email_bounced,
                .project = step.project,
                .opportunity = step.opportunity,
                .data = {{"outreach_email", step.id}, {"to_email", address}, {"reason", reason}}},
               now);
  if (std::optional<Run> run = find_run_at(connection, step)) go_on_without(connection, *run, now);
  pause_bouncing_campaign(connection, step, now);
}

/// What one report has done is not by it alone any more.
void note_second_report(db::Connection& connection, const MailStep& step, const BouncedMail& bounced,
                        base::Millis now) {
  flag_bounced(connection, step.account, step.contact, bounced.reason, bounced.inbound, now);
  connection.execute(Sql(
      "UPDATE outreach_emails SET bounced_via = 0 WHERE account_id = ? AND id = ? AND bounced_via NOT IN (0, "
      "?)",
      step.account, step.id, bounced.inbound));
}

/// From a final dot to the end of waiting for what the server says to it, and of the lease meanwhile.
constexpr base::Millis kLongestHandover = 15 * base::kMinute;

/// How often one mail is sent again because we were blamed: then it is this mail that is not wanted.
constexpr std::int64_t kMostRefusals = 2;

/// The run as it stands after the mail; nullopt also when it has turned to the follow-up: that is written, or
/// waits for people.
std::optional<Run> find_run_after(db::Connection& connection, const MailStep& step) {
  std::optional<Run> run = find_run_at(connection, step);
  if (!run) return run;
  const bool may_go_back = run->state == "waiting" || run->state == "finishing" || run->state == "outgoing" ||
                           run->state == "paused";
  const bool is_written = run->next_attempt != step.attempt && find_planned_mail(connection, *run);
  if (!may_go_back || is_written) run.reset();
  return run;
}

/// The same mail once more, under its Message-ID: it takes a place in the limits of the day when it leaves.
/// `refused`: we were blamed, so it waits for its mailbox.
void send_again(db::Connection& connection, const MailStep& step, Run& run, base::Millis at, bool refused,
                const std::string& reason, base::Millis now) {
  leave_outbox(connection, step);
  put_into_outbox(connection, step.account, kOutreachMail, step.id, step.email_account, at, now);
  connection.execute(
      Sql("UPDATE outbox SET trouble = ?, counted_at = 0 WHERE account_id = ? AND kind = 'outreach' AND "
          "mail_id = ?",
          refused ? reason : std::string(), step.account, step.id));
  connection.execute(
      Sql("UPDATE outreach_emails SET status = 'scheduled', bounce = 'soft', failure = ?, soft_bounces = "
          "soft_bounces + ?, refusals = refusals + ? WHERE account_id = ? AND id = ?",
          reason, !refused, refused, step.account, step.id));
  run.next_attempt = step.attempt;
  if (run.state != "paused") run.state = "outgoing";
  run.why = "came back for the moment, is sent again";
  store_run(connection, run);
}

/// Again on a later day; false when it has been tried often enough.
bool retry_later(db::Connection& connection, const MailStep& step, const std::string& reason,
                 base::Millis now, std::uint64_t chance) {
  std::optional<Run> run = find_run_after(connection, step);
  if (!run) return true;
  const std::int64_t bounces = connection.integer(Sql(
      "SELECT soft_bounces + 1 FROM outreach_emails WHERE account_id = ? AND id = ?", step.account, step.id));
  const std::optional<base::Millis> again = rules::next_try_after_soft_bounce(
      static_cast<int>(bounces), now, load_window(connection, step.account, step.campaign), chance);
  if (!again) return false;
  send_again(connection, step, *run, *again, false, reason, now);
  return true;
}

/// As when its own server had refused it: the mailbox waits for a person, and the mail for the mailbox. One
/// that comes back again and again fails.
void take_sender_fault(db::Connection& connection, const MailStep& step, const std::string& reason,
                       base::Millis now) {
  const base::Millis next = note_mailbox_trouble(connection, {step.account, step.email_account},
                                                 MailboxUse::sending, MailboxTrouble::refused, reason, now);
  if (std::optional<Run> run = find_run_after(connection, step)) {
    const std::int64_t refusals = connection.integer(
        Sql("SELECT refusals FROM outreach_emails WHERE account_id = ? AND id = ?", step.account, step.id));
    if (refusals < kMostRefusals) return send_again(connection, step, *run, next, true, reason, now);
    connection.execute(Sql("UPDATE outreach_emails SET bounce = 'soft' WHERE account_id = ? AND id = ?",
                           step.account, step.id));
    return fail_mail(connection, step.account, step.id, reason, now);
  }
  connection.execute(Sql("UPDATE outreach_emails SET failure = ? WHERE account_id = ? AND id = ?", reason,
                         step.account, step.id));
}

}  // namespace

void take_bounce(db::Connection& connection, const BouncedMail& bounced, base::Millis now,
                 std::uint64_t chance) {
  std::optional<MailStep> step = find_mail_step(connection, bounced.account, bounced.outreach_email);
  if (!step) return;
  connection.lock("opportunity " + std::to_string(step->opportunity));
  step = find_mail_step(connection, bounced.account, bounced.outreach_email);
  if (step->status == "bounced" && bounced.kind == rules::BounceKind::hard) {
    return note_second_report(connection, *step, bounced, now);
  }
  if (step->status == "bounced" || step->status == "cancelled") return;
  switch (bounced.kind) {
    case rules::BounceKind::sender_fault:
      take_sender_fault(connection, *step, bounced.reason, now);
      break;
    case rules::BounceKind::soft:
      if (retry_later(connection, *step, bounced.reason, now, chance)) break;
      if (bounced.blames_sender) {
        take_sender_fault(connection, *step, bounced.reason, now);
      } else {
        take_hard_bounce(connection, *step, bounced, now);
      }
      break;
    case rules::BounceKind::hard:
      take_hard_bounce(connection, *step, bounced, now);
      break;
  }
  intake::touch_opportunity(connection, step->account, step->opportunity, now);
}

bool is_of_earlier_sending(db::Connection& connection, std::int64_t account, std::int64_t outreach_email,
                           base::Millis arrived_at) {
  db::RowsPtr rows = connection.query(Sql(
      "SELECT COALESCE(b.state, e.status), COALESCE(CASE b.state WHEN 'taken' THEN b.send_at ELSE "
      "b.lease_until END, e.sent_at, 0) FROM outreach_emails e LEFT JOIN outbox b ON b.account_id = "
      "e.account_id "
      "AND b.kind = 'outreach' AND b.mail_id = e.id WHERE e.account_id = ? AND e.id = ? AND e.soft_bounces + "
      "e.refusals > 0",
      account, outreach_email));
  if (!rows->next()) return false;
  const std::string_view state = rows->text(0);
  // No server has seen this one yet.
  if (state == "pending" || state == "sending" || state == "scheduled" || state == "review") return true;
  // When its final dot left at the earliest: a lease tells when nobody waited for the answer any more.
  base::Millis left_at = rows->integer(1);
  if (state == "dot" || state == "unknown") left_at -= kLongestHandover;
  return arrived_at + base::kSecond <= left_at;
}

void flag_bounced(db::Connection& connection, std::int64_t account, std::int64_t contact,
                  const std::string& reason, std::int64_t inbound, base::Millis now) {
  const bool is_new =
      connection.execute(Sql("UPDATE contacts SET bounced_at = ?, bounce_reason = ?, bounced_via = ? WHERE "
                             "account_id = ? AND id = ? AND bounced_at IS NULL",
                             now, reason, inbound, account, contact)) > 0;
  if (is_new) return;
  connection.execute(
      Sql("UPDATE contacts SET bounced_via = 0 WHERE account_id = ? AND id = ? AND bounced_via NOT IN (0, ?)",
          account, contact, inbound));
}

std::vector<std::string> take_back_bounce(db::Connection& connection, std::int64_t account,
                                          std::int64_t opportunity, std::int64_t inbound, base::Millis now) {
  std::vector<std::int64_t> contacts;
  std::vector<std::string> addresses;
  {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT id, email FROM contacts WHERE account_id = ? AND bounced_via = ? AND bounced_via <> 0 AND "
        "bounced_at IS NOT NULL ORDER BY id",
        account, inbound));
    while (rows->next()) {
      contacts.push_back(rows->integer(0));
      addresses.emplace_back(rows->text(1));
    }
  }
  connection.execute(
      Sql("UPDATE outreach_emails SET status = 'sent', bounce = '', failure = '', bounced_via = 0 WHERE "
          "account_id = ? AND opportunity_id = ? AND bounced_via = ? AND status = 'bounced'",
          account, opportunity, inbound));
  for (const std::int64_t contact : contacts) {
    connection.execute(
        Sql("UPDATE contacts SET bounced_at = NULL, bounce_reason = '', bounced_via = 0 WHERE "
            "account_id = ? AND id = ?",
            account, contact));
    intake::touch_opportunities_of_contact(connection, account, contact, now);
  }
  return addresses;
}

void end_without_address(db::Connection& connection, const Run& run, base::Millis now) {
  intake::change_stage(connection, run.account, run.opportunity, rules::StageEvent::all_bounced, {}, now);
  intake::add_task(connection, run.account,
                   {.project = run.project,
                    .campaign = run.campaign,
                    .opportunity = run.opportunity,
                    .type = "bounce",
                    .name = "Find another contact: every address has bounced"},
                   now);
  const bool moves =
      connection.exists(Sql("SELECT 1 FROM accounts WHERE id = ? AND lost_bad_contact = 1", run.account));
  const bool reached =
      connection.exists(Sql("SELECT 1 FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND "
                            "status = 'sent' AND bounce "
                            "= '' LIMIT 1",
                            run.account, run.opportunity));
  if (moves && !reached) {
    namespace role = rules::milestone_role;
    intake::advance_milestone(connection, run.account, run.opportunity, role::kBadContact,
                              {role::kNone, role::kNew, role::kContacted}, "every address has bounced", now);
  }
}

}  // namespace overture::outreach
