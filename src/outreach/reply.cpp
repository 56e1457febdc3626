#include "outreach/reply.hpp"

#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "intake/unsubscribe.hpp"
#include "mail/inbound.hpp"
#include "mail/sanitize.hpp"
#include "outreach/copies.hpp"
#include "outreach/mails.hpp"
#include "rules/email_address.hpp"
#include "rules/subject.hpp"

namespace overture::outreach {
namespace {

using base::Error;
using base::ErrorCode;
using db::Sql;

/// Whoever asks for more has mistyped the year.
constexpr base::Millis kLatestSchedule = 2 * 365 * base::kDay;

struct Answered {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
  std::int64_t email_account = 0;
  std::string subject;
  mail::Mailbox recipient;
};

/// Where the sender wants answers to, unless that is one of our own mailboxes.
std::optional<mail::Mailbox> find_reply_to(db::Connection& connection, const ReplyDraft& draft) {
  // Headers never need more than this of the source; a multiple of four, so that whole bytes are decoded.
  const std::optional<std::string> source = base::parse_base64url(connection.text(
      Sql("SELECT substr(raw, 1, 87380) FROM inbound_sources WHERE account_id = ? AND inbound_email_id = ?",
          draft.account, draft.inbound)));
  if (!source || source->empty()) return std::nullopt;
  for (const mail::Mailbox& each : mail::parse_message(*source).reply_to) {
    std::optional<std::string> address = rules::parse_email_address(each.address);
    if (!address) continue;
    const bool is_ours = connection.exists(
        Sql("SELECT 1 FROM mailboxes WHERE account_id = ? AND address = ?", draft.account, *address));
    if (!is_ours) return mail::Mailbox{each.name, std::move(*address)};
  }
  return std::nullopt;
}

Answered load_answered(db::Connection& connection, const ReplyDraft& draft) {
  Answered answered;
  {
    db::RowsPtr rows =
        connection.query(Sql("SELECT project_id, campaign_id, opportunity_id, email_account_id, subject, "
                             "from_email, from_name FROM "
                             "inbound_emails WHERE account_id = ? AND id = ?",
                             draft.account, draft.inbound));
    if (!rows->next()) throw Error(ErrorCode::not_found, "Inbound email not found");
    answered = {rows->integer(0), rows->integer(1),           rows->integer(2),
                rows->integer(3), std::string(rows->text(4)), {}};
    answered.recipient = {std::string(rows->text(6)), std::string(rows->text(5))};
  }
  if (auto reply_to = find_reply_to(connection, draft)) {
    if (reply_to->name.empty()) reply_to->name = answered.recipient.name;
    answered.recipient = std::move(*reply_to);
  }
  const std::optional<std::string> address = rules::parse_email_address(answered.recipient.address);
  if (!address) throw Error(ErrorCode::conflict, "This email has no sender who could be answered");
  answered.recipient.address = *address;
  if (draft.email_account != 0) answered.email_account = draft.email_account;
  return answered;
}

struct Sender {
  std::string name;
  std::string address;
};

Sender load_sender(db::Connection& connection, const ReplyDraft& draft, std::int64_t email_account) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT e.from_name, m.address FROM email_accounts e JOIN mailboxes m ON m.account_id = "
          "e.account_id AND "
          "m.email_account_id = e.id WHERE e.account_id = ? AND e.id = ? AND e.status <> 'deleted'",
          draft.account, email_account));
  if (!rows->next()) {
    throw Error(ErrorCode::conflict, "This mail account is not connected: connect it, or choose another one");
  }
  return {std::string(rows->text(0)), std::string(rows->text(1))};
}

/// The first recipient who does not want mails; empty for none.
std::string find_suppressed(db::Connection& connection, const ReplyDraft& draft, const Answered& answered) {
  std::vector<std::string> all{answered.recipient.address};
  for (const std::string& address : parse_copies("cc", draft.cc)) all.push_back(address);
  for (const std::string& address : parse_copies("bcc", draft.bcc)) all.push_back(address);
  for (const std::string& address : all) {
    if (intake::is_suppressed(connection, draft.account, answered.project, address)) return address;
  }
  return {};
}

std::string subject_of(const ReplyDraft& draft, const Answered& answered) {
  std::string subject(base::trim(draft.subject));
  if (base::has_control(subject)) throw Error::invalid("subject", "must be one line");
  return subject.empty() ? rules::reply_subject(answered.subject) : subject;
}

}  // namespace

MadeReply make_reply(db::Connection& connection, const Install& install, const ReplyDraft& draft) {
  std::string text = draft.body_text;
  if (base::trim(text).empty()) text = mail::html_to_text(draft.body_html);
  if (base::trim(text).empty()) throw Error::invalid("body_text", "must not be empty");
  if (draft.schedule_for && *draft.schedule_for <= draft.now) {
    throw Error::invalid("schedule_for", "must be in the future");
  }
  if (draft.schedule_for && *draft.schedule_for > draft.now + kLatestSchedule) {
    throw Error::invalid("schedule_for", "must be within two years");
  }
  const Answered answered = load_answered(connection, draft);
  const std::string subject = subject_of(draft, answered);
  const Sender sender = load_sender(connection, draft, answered.email_account);
  const std::string suppressed = find_suppressed(connection, draft, answered);
  if (!suppressed.empty() && !draft.force) {
    throw Error(ErrorCode::conflict,
                suppressed + " is on the do-not-email list; answer with \"force\": true if it is wanted");
  }

  MadeReply made;
  made.id = connection.reserve_ids("sent_replies", 1);
  if (!suppressed.empty()) made.warning = suppressed + " is on the do-not-email list";
  const std::string message_id =
      make_message_id(install.key, "reply/" + std::to_string(draft.account) + "/" + std::to_string(made.id),
                      rules::email_domain(sender.address));
  connection.execute(Sql(
      "INSERT INTO sent_replies (id, account_id, project_id, campaign_id, opportunity_id, email_account_id, "
      "user_id, subject, body_text, body_html, status, from_email, from_name, to_email, to_name, cc, bcc, "
      "schedule_for, stop_schedule_on_communication, message_id, inbound_email_id, created_at) VALUES (?, ?, "
      "?, "
      "?, ?, ?, ?, ?, ?, ?, 'scheduled', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      made.id, draft.account, answered.project, answered.campaign, answered.opportunity,
      answered.email_account, draft.user, subject, text, draft.body_html, sender.address, sender.name,
      answered.recipient.address, answered.recipient.name, draft.cc, draft.bcc,
      draft.schedule_for ? db::Value(*draft.schedule_for) : db::Value(), draft.stops ? 1 : 0, message_id,
      draft.inbound, draft.now));
  connection.execute(
      Sql("INSERT INTO message_ids (account_id, message_id, kind, mail_id) VALUES (?, ?, ?, ?)",
          draft.account, message_id, kReplyMail, made.id));
  put_into_outbox(connection, draft.account, kReplyMail, made.id, answered.email_account,
                  draft.schedule_for.value_or(draft.now), draft.now);
  connection.execute(
      Sql("UPDATE inbound_emails SET status = 'read' WHERE account_id = ? AND id = ? AND status = "
          "'new'",
          draft.account, draft.inbound));
  return made;
}

void cancel_reply(db::Connection& connection, std::int64_t account, std::int64_t reply) {
  const bool waits = connection.execute(Sql(
                         "UPDATE sent_replies SET status = 'cancelled' WHERE account_id = ? AND id = ? AND "
                         "status = 'scheduled' AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.account_id = "
                         "sent_replies.account_id AND b.kind = 'reply' AND b.mail_id = sent_replies.id AND "
                         "b.state <> 'pending')",
                         account, reply)) > 0;
  if (!waits) throw Error(ErrorCode::conflict, "This reply does not wait any more");
  connection.execute(
      Sql("DELETE FROM outbox WHERE account_id = ? AND kind = 'reply' AND mail_id = ? AND state = 'pending'",
          account, reply));
}

}  // namespace overture::outreach
