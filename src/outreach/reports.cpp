#include "outreach/reports.hpp"

#include <optional>
#include <string>

#include "events/event.hpp"
#include "intake/stage.hpp"
#include "intake/tasks.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/bounces.hpp"
#include "outreach/copies.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/mails.hpp"
#include "outreach/reply_outcome.hpp"
#include "outreach/settle.hpp"
#include "rules/email_address.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// Us, whatever the address and the status are: what mailbox/smtp_replies calls sender_refused.
bool blames_sender(const mail::Bounce& bounce) {
  using enum mail::BounceReason;
  switch (bounce.reason) {
    case blocked:
    case spam:
    case policy:
    case authentication:
    case rejected:
    case relaying_denied:
    case security:
      return true;
    default:
      return false;
  }
}

struct Verdict {
  rules::BounceKind kind = rules::BounceKind::soft;
  bool blames_sender = false;
  bool blames_message = false;  ///< neither the address nor us: this very message (its size, its form)
};

Verdict judge(const mail::Bounce& bounce) {
  using enum rules::BounceKind;
  Verdict verdict{.blames_sender = blames_sender(bounce)};
  if (bounce.hard) {
    verdict.kind = hard;
  } else if (verdict.blames_sender && !bounce.status.starts_with('4')) {
    verdict.kind = sender_fault;
  } else {
    const auto kind = rules::classify_bounce(bounce.status, 0).value_or(soft);
    verdict.kind = kind == hard ? soft : kind;
  }
  verdict.blames_message = verdict.kind == sender_fault && !verdict.blames_sender &&
                           bounce.status.find(".7.") == std::string::npos;
  return verdict;
}

std::string words_of(const mail::Bounce& bounce) {
  std::string words = bounce.status + " " + std::string(mail::reason_name(bounce.reason));
  if (!bounce.diagnostic.empty()) words += ": " + bounce.diagnostic;
  return words;
}

AnsweredMail newest(db::Connection& connection, std::int64_t account, std::string_view kind, const Sql& sql) {
  const std::int64_t id = connection.integer(sql);
  return id == 0 ? AnsweredMail{} : load_answered(connection, account, kind, id);
}

/// Our newest mail to that address: what a report is about that names no mail.
AnsweredMail find_by_recipient(db::Connection& connection, const MailboxKey& mailbox,
                               const std::string& address) {
  if (address.empty()) return {};
  AnsweredMail of_sequence = newest(connection, mailbox.account, kOutreachMail,
                                    Sql("SELECT e.id FROM contacts k JOIN outreach_emails e ON e.account_id "
                                        "= k.account_id AND e.contact_id = "
                                        "k.id WHERE k.account_id = ? AND k.email = ? AND +e.email_account_id "
                                        "= ? AND (e.sent_at IS NOT NULL OR "
                                        "e.status = 'unknown') ORDER BY e.id + 0 DESC LIMIT 1",
                                        mailbox.account, address, mailbox.email_account));
  AnsweredMail reply = newest(
      connection, mailbox.account, kReplyMail,
      Sql("SELECT r.id FROM contacts k CROSS JOIN opportunity_contacts x CROSS JOIN sent_replies r WHERE "
          "x.account_id = k.account_id AND x.contact_id = k.id AND r.account_id = x.account_id AND "
          "r.opportunity_id = x.opportunity_id AND k.account_id = ? AND k.email = ? AND r.to_email = ? AND "
          "+r.email_account_id = ? AND r.sent_at IS NOT NULL ORDER BY r.id + 0 DESC LIMIT 1",
          mailbox.account, address, address, mailbox.email_account));
  return reply.id != 0 && reply.sent_at >= of_sequence.sent_at ? reply : of_sequence;
}

/// The address got a copy, and was not the one that was written to.
bool went_to_copy(const AnsweredMail& mail, const mail::Bounce& bounce) {
  bool copied = false;
  for (const std::string& address : {bounce.recipient, bounce.original_recipient}) {
    if (address.empty()) continue;
    if (address == mail.to_email) return false;
    for (const std::string& part : split_copies(mail.copies)) {
      copied = copied || rules::parse_email_address(part) == address;
    }
  }
  return copied;
}

/// The address of a reply, which may be no contact (Reply-To).
void flag_contact(db::Connection& connection, const Report& report, const std::string& address,
                  const std::string& reason, base::Millis now) {
  const std::int64_t account = report.mailbox.account;
  const std::int64_t contact =
      connection.integer(Sql("SELECT id FROM contacts WHERE account_id = ? AND email = ?", account, address));
  if (contact != 0) flag_bounced(connection, account, contact, reason, report.inbound, now);
}

void take_bounced_reply(db::Connection& connection, const Report& report, const AnsweredMail& mail,
                        const mail::Bounce& bounce, base::Millis now) {
  const std::int64_t account = report.mailbox.account;
  std::optional<intake::ServerTask> task = task_about_reply(connection, account, mail.id);
  if (!task) return;
  const std::string reason = words_of(bounce);
  close_reply(connection, account, mail.id, "failed", reason);
  if (bounce.hard) flag_contact(connection, report, mail.to_email, reason, now);
  task->communication = report.inbound;
  task->type = "bounce";
  task->name = "Your reply to " + mail.to_email + " did not arrive";
  task->description = reason;
  intake::add_task(connection, account, *task, now);
  events::note(connection, account,
               {.kind = events::Kind::email_bounced,
                .project = task->project,
                .opportunity = mail.opportunity,
                .data = {{"outreach_email", nullptr},
                         {"sent_reply", mail.id},
                         {"to_email", mail.to_email},
                         {"reason", reason}}},
               now);
  const Verdict verdict = judge(bounce);
  if (verdict.kind == rules::BounceKind::sender_fault && !verdict.blames_message) {
    note_mailbox_trouble(connection, report.mailbox, MailboxUse::sending, MailboxTrouble::refused, reason,
                         now);
  }
}

void take_failure(db::Connection& connection, const Report& report, const AnsweredMail& mail,
                  const mail::Bounce& bounce, base::Millis now, std::uint64_t chance) {
  const std::int64_t account = report.mailbox.account;
  if (went_to_copy(mail, bounce)) {
    if (mail.opportunity == 0) return;
    intake::add_system_note(connection, account, mail.opportunity, std::nullopt, now,
                            "A copy to " + bounce.recipient + " did not arrive: " + words_of(bounce));
    return;
  }
  if (mail.kind == kReplyMail) return take_bounced_reply(connection, report, mail, bounce, now);
  const Verdict verdict = judge(bounce);
  if (verdict.blames_message) return fail_mail(connection, account, mail.id, words_of(bounce), now);
  take_bounce(connection,
              {.account = account,
               .outreach_email = mail.id,
               .kind = verdict.kind,
               .reason = words_of(bounce),
               .inbound = report.inbound,
               .blames_sender = verdict.blames_sender},
              now, chance);
}

/// It failed on the way to us: somebody passed on a report of theirs.
bool was_to_us(db::Connection& connection, const MailboxKey& mailbox, const mail::Bounce& bounce) {
  return connection.exists(
      Sql("SELECT 1 FROM mailboxes WHERE account_id = ? AND email_account_id = ? AND address = ?",
          mailbox.account, mailbox.email_account, bounce.recipient));
}

void take_complaint(db::Connection& connection, const Report& report, const mail::Bounce& bounce,
                    base::Millis now) {
  const std::string& address = bounce.recipient.empty() ? report.answered.to_email : bounce.recipient;
  if (address.empty()) return;
  intake::unsubscribe(connection, report.mailbox.account, {address, false},
                      {.communication = report.inbound, .reason = "Complained", .now = now});
}

}  // namespace

std::int64_t take_report(db::Connection& connection, const Report& report, base::Millis now,
                         std::uint64_t chance) {
  std::int64_t opportunity = 0;
  for (const mail::Bounce& bounce : report.inspection.bounce.recipients) {
    if (bounce.reason == mail::BounceReason::feedback) {
      take_complaint(connection, report, bounce, now);
      continue;
    }
    if (was_to_us(connection, report.mailbox, bounce)) continue;
    AnsweredMail mail = report.answered;
    if (mail.id == 0) {
      mail = find_by_recipient(connection, report.mailbox, bounce.recipient);
      // It failed at the address that ours was passed on to.
      if (mail.id == 0) mail = find_by_recipient(connection, report.mailbox, bounce.original_recipient);
      if (mail.id == 0) continue;
    }
    if (opportunity == 0) opportunity = mail.opportunity;
    const bool is_earlier =
        mail.kind == kOutreachMail &&
        is_of_earlier_sending(connection, report.mailbox.account, mail.id, report.arrived_at);
    if (is_earlier && !bounce.hard) continue;
    if (report.answered.id == 0 && !is_earlier) {
      settle_unknown(connection, report.mailbox.account, mail.kind, mail.id, true, report.arrived_at, now);
    }
    take_failure(connection, report, mail, bounce, now, chance);
  }
  return opportunity;
}

}  // namespace overture::outreach
