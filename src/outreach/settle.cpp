// One function for each outcome; settle() chooses.
#include "outreach/settle.hpp"

#include <algorithm>

#include "base/smtp_status.hpp"
#include "base/text.hpp"
#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "intake/stage.hpp"
#include "intake/tasks.hpp"
#include "outreach/bounces.hpp"
#include "outreach/facts.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/mails.hpp"
#include "outreach/reply_outcome.hpp"
#include "outreach/taken.hpp"
#include "rules/retry.hpp"

namespace overture::outreach {
namespace {

using db::Sql;
using rules::StageEvent;

/// How long after a loss the sent folder is first looked at.
constexpr base::Millis kFirstCheck = base::kMinute;

void wait_until(db::Connection& connection, const ClaimedMail& mail, base::Millis until, std::string_view why,
                bool counts) {
  if (cancel_if_over(connection, mail)) return;
  connection.execute(
      Sql("UPDATE outbox SET state = 'pending', send_at = ?, trouble = ?, tries = tries - ?, owner = '', "
          "lease_until = 0 WHERE account_id = ? AND id = ?",
          until, why, counts ? 0 : 1, mail.account, mail.outbox));
  if (mail.kind == kReplyMail) return;
  connection.execute(
      Sql("UPDATE outreach_emails SET status = 'scheduled', failure = ? WHERE account_id = ? AND id = ?", why,
          mail.account, mail.mail));
}

/// It will not be sent, and the outreach stops where nothing else can be done.
void fail(db::Connection& connection, const ClaimedMail& mail, const std::string& why, base::Millis now) {
  if (mail.kind == kReplyMail) return fail_reply(connection, mail.account, mail.mail, why, now);
  fail_mail(connection, mail.account, mail.mail, why, now);
}

void defer(db::Connection& connection, const ClaimedMail& mail, const std::string& why, base::Millis now,
           std::uint64_t chance) {
  base::Millis first_try = now;
  std::int64_t campaign = 0;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT b.first_try_at, COALESCE(e.campaign_id, 0) FROM outbox b LEFT JOIN outreach_emails e ON "
            "e.account_id = b.account_id AND e.id = b.mail_id AND b.kind = 'outreach' WHERE b.account_id = ? "
            "AND b.id "
            "= ?",
            mail.account, mail.outbox));
    if (rows->next()) {
      first_try = rows->integer(0);
      campaign = rows->integer(1);
    }
  }
  rules::SendingWindow window = load_window(connection, mail.account, campaign);
  if (mail.kind == kReplyMail) {
    window.from_minute = 0;
    window.to_minute = 24 * 60;
    window.days.fill(true);
  }
  const std::optional<base::Millis> again = rules::next_try({.failures = static_cast<int>(mail.tries),
                                                             .first_try = first_try,
                                                             .now = now,
                                                             .campaign_end = {},
                                                             .window = window,
                                                             .hash = chance});
  if (again) return wait_until(connection, mail, *again, why, true);
  fail(connection, mail, "given up after several days: " + why, now);
}

std::string words_of(const Delivery& delivery) {
  std::string words =
      delivery.status.empty() && delivery.code != 0 ? std::to_string(delivery.code) : delivery.status;
  if (!words.empty() && !delivery.text.empty()) words += ' ';
  return words + delivery.text;
}

void refuse(db::Connection& connection, const ClaimedMail& mail, const Delivery& delivery, base::Millis now,
            std::uint64_t chance) {
  const auto kind =
      base::restricts_recipient(delivery.status, base::lower_ascii(delivery.text))
          ? rules::BounceKind::hard
          : rules::classify_bounce(delivery.status, delivery.code).value_or(rules::BounceKind::hard);
  // Not the address's fault, and not the mailbox's either (that would be sender_refused): this very message.
  if (mail.kind == kReplyMail || kind == rules::BounceKind::sender_fault) {
    return fail(connection, mail, words_of(delivery), now);
  }
  take_bounce(
      connection,
      {.account = mail.account, .outreach_email = mail.mail, .kind = kind, .reason = words_of(delivery)}, now,
      chance);
}

/// The trouble is the mailbox's, not the mail's: it waits without having lost a try.
void rest(db::Connection& connection, const ClaimedMail& mail, MailboxTrouble trouble,
          const Delivery& delivery, base::Millis now) {
  const MailboxKey mailbox{mail.account, mail.email_account};
  const base::Millis next =
      note_mailbox_trouble(connection, mailbox, MailboxUse::sending, trouble, words_of(delivery), now);
  wait_until(connection, mail, next, words_of(delivery), false);
}

/// The mail is written; at its run's next turn a mailbox takes it.
void give_back(db::Connection& connection, const ClaimedMail& mail, const Obstacle& obstacle,
               base::Millis now) {
  const std::optional<MailStep> step = find_mail_step(connection, mail.account, mail.mail);
  if (!step) return;
  close_mail(connection, *step, "scheduled", obstacle.why);
  std::optional<Run> run = find_run_at(connection, *step);
  if (!run) return;
  run->email_account = 0;
  run->next_attempt = step->attempt;
  run->due_at = std::max(now, obstacle.until.value_or(now));
  if (run->state == "outgoing") run->state = "waiting";
  store_run(connection, *run);
  intake::wake_campaign(connection, step->account, step->campaign, run->due_at);
}

}  // namespace

void fail_mail(db::Connection& connection, std::int64_t account, std::int64_t mail, const std::string& why,
               base::Millis now) {
  const std::optional<MailStep> step = find_mail_step(connection, account, mail);
  if (!step) return;
  close_mail(connection, *step, "failed", why);
  intake::change_stage(connection, account, step->opportunity, StageEvent::stop, {}, now,
                       "the mail could not be delivered: " + why);
}

bool cancel_if_over(db::Connection& connection, const ClaimedMail& mail) {
  if (mail.kind == kReplyMail) return false;
  const std::optional<MailStep> step = find_mail_step(connection, mail.account, mail.mail);
  if (!step) return false;
  const std::optional<std::string> why =
      why_over(find_run(connection, mail.account, step->opportunity), step->run);
  if (why) close_mail(connection, *step, "cancelled", *why);
  return why.has_value();
}

void put_off(db::Connection& connection, const ClaimedMail& mail, const Obstacle& obstacle,
             base::Millis now) {
  if (obstacle.goes_back && mail.kind != kReplyMail) return give_back(connection, mail, obstacle, now);
  if (obstacle.until) {
    if (cancel_if_over(connection, mail)) return;
    connection.execute(Sql(
        "UPDATE outbox SET state = 'pending', send_at = ?, trouble = ?, owner = '', lease_until = 0 WHERE "
        "account_id = ? AND id = ?",
        *obstacle.until, obstacle.why, mail.account, mail.outbox));
    if (mail.kind == kReplyMail) return;
    connection.execute(
        Sql("UPDATE outreach_emails SET status = 'scheduled' WHERE account_id = ? AND id = ? AND status = "
            "'sending'",
            mail.account, mail.mail));
    return;
  }
  if (mail.kind == kReplyMail) return withdraw_reply(connection, mail.account, mail.mail, obstacle.why, now);
  const std::optional<MailStep> step = find_mail_step(connection, mail.account, mail.mail);
  if (!step) return;
  close_mail(connection, *step, "cancelled", obstacle.why);
  std::optional<Run> run = find_run_at(connection, *step);
  if (!run || run->state != "outgoing") return;
  run->state = "waiting";
  run->due_at = now;
  run->why = obstacle.why;
  store_run(connection, *run);
  intake::wake_campaign(connection, step->account, step->campaign, now);
}

void become_unknown(db::Connection& connection, const ClaimedMail& mail, std::string_view why,
                    base::Millis lost_at, base::Millis now) {
  connection.execute(
      Sql("UPDATE outbox SET state = 'unknown', send_at = ?, checks = 0, trouble = ?, fence = fence + 1, "
          "owner = '', lease_until = ? WHERE account_id = ? AND id = ?",
          now + kFirstCheck, why, lost_at, mail.account, mail.outbox));
  if (mail.kind == kReplyMail) return;
  connection.execute(
      Sql("UPDATE outreach_emails SET status = 'unknown', failure = ? WHERE account_id = ? AND id = ?", why,
          mail.account, mail.mail));
}

void settle_unknown(db::Connection& connection, std::int64_t account, std::string_view kind,
                    std::int64_t mail, bool was_sent, base::Millis at, base::Millis now) {
  ClaimedMail claimed{.account = account, .kind = std::string(kind), .mail = mail};
  bool was_taken = false;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT id, email_account_id, tries, state FROM outbox WHERE account_id = ? AND "
            "kind = ? AND mail_id = ? AND (state IN ('unknown', 'taken') OR (? = 1 AND state "
            "= 'dot'))",
            account, kind, mail, was_sent ? 1 : 0));
    if (!rows->next()) return;
    claimed.outbox = rows->integer(0);
    claimed.email_account = rows->integer(1);
    claimed.tries = rows->integer(2);
    was_taken = rows->text(3) == "taken";
  }
  // Its server has said so itself.
  if (was_taken) return book_taken(connection, std::span(&claimed, 1), now);
  intake::note_change(connection, account);
  if (!was_sent) return wait_until(connection, claimed, now, "it was not handed over after all", true);
  if (kind == kReplyMail) return take_sent_reply(connection, account, mail, at, now);
  if (auto step = find_mail_step(connection, account, mail)) book_sent(connection, *step, at, now);
}

void settle(db::Connection& connection, const ClaimedMail& mail, const Delivery& delivery, base::Millis now,
            std::uint64_t chance) {
  using Outcome = Delivery::Outcome;
  const bool is_taken = delivery.outcome == Outcome::sent && mail.kind != kReplyMail;
  if (is_taken && note_taken(connection, mail, now)) return;
  const std::string state = connection.text(
      Sql("SELECT state FROM outbox WHERE account_id = ? AND id = ? AND (fence = ? OR state = 'unknown')",
          mail.account, mail.outbox, mail.fence));
  if (state == "unknown" && delivery.outcome == Outcome::sent) {
    return settle_unknown(connection, mail.account, mail.kind, mail.mail, true, now, now);
  }
  if (is_taken || (state != "sending" && state != "dot")) return;
  intake::note_change(connection, mail.account);
  switch (delivery.outcome) {
    case Outcome::sent:
      take_sent_reply(connection, mail.account, mail.mail, now, now);
      return note_mailbox_works(connection, {mail.account, mail.email_account}, MailboxUse::sending, now);
    case Outcome::deferred:
      return defer(connection, mail, words_of(delivery), now, chance);
    case Outcome::refused:
      return refuse(connection, mail, delivery, now, chance);
    case Outcome::sender_refused:
      return rest(
          connection, mail,
          delivery.code >= 400 && delivery.code < 500 ? MailboxTrouble::resting : MailboxTrouble::refused,
          delivery, now);
    case Outcome::login_failed:
      return rest(connection, mail, MailboxTrouble::disconnected, delivery, now);
    case Outcome::unreachable:
      return rest(connection, mail, MailboxTrouble::resting, delivery, now);
    case Outcome::unknown:
      note_handed_over(connection, mail, now);
      return become_unknown(connection, mail, words_of(delivery), now, now);
    case Outcome::withheld: {
      const std::optional<Obstacle> obstacle = find_obstacle(connection, mail, now);
      // None: it is gone, or the database could not be asked.
      return put_off(
          connection, mail,
          obstacle.value_or(Obstacle{.until = now + 5 * base::kSecond, .why = "stopped at the last moment"}),
          now);
    }
    case Outcome::malformed:
      return fail(connection, mail, words_of(delivery), now);
  }
}

}  // namespace overture::outreach
