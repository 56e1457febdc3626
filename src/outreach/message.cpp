#include "outreach/message.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "outreach/copies.hpp"
#include "outreach/mails.hpp"
#include "outreach/unsubscribe_link.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// The Message-IDs of the mails before it that it answers, as `answers` says; none for a first mail.
std::vector<std::string> load_thread(db::Connection& connection, const ClaimedMail& mail) {
  std::vector<std::string> ids;
  db::RowsPtr rows = connection.query(Sql(
      "SELECT p.message_id FROM outreach_emails e JOIN outreach_emails p ON p.account_id = e.account_id "
      "AND p.opportunity_id = e.opportunity_id AND p.contact_id = e.contact_id AND p.run = e.run AND "
      "p.attempt_number < e.attempt_number AND p.message_id <> '' AND p.sent_at IS NOT NULL WHERE "
      "e.account_id = ? AND e.id = ? AND (e.answers = 1 OR (e.answers IS NULL AND substr(e.subject, 1, 4) "
      "= 'Re: ')) ORDER BY p.attempt_number",
      mail.account, mail.mail));
  while (rows->next()) ids.emplace_back(rows->text(0));
  return ids;
}

void load_outreach(db::Connection& connection, const Install& install, const ClaimedMail& mail,
                   mail::OutgoingMessage& message) {
  db::RowsPtr rows = connection.query(Sql(
      "SELECT e.from_name, m.address, e.to_email, e.cc, e.bcc, e.subject, t.body_text, t.body_html, "
      "e.message_id, COALESCE(e.dated_at, e.created_at), e.can_spam_text, k.first_name, k.last_name FROM "
      "outreach_emails e JOIN outreach_email_texts t ON t.account_id = e.account_id AND t.id = e.id JOIN "
      "mailboxes m ON m.account_id = e.account_id AND m.email_account_id = e.email_account_id LEFT JOIN "
      "contacts k ON k.account_id = e.account_id AND k.id = e.contact_id WHERE e.account_id = ? AND e.id = ?",
      mail.account, mail.mail));
  if (!rows->next()) throw base::Error::invalid("mail", "has no mailbox");
  message.from = {base::one_line(rows->text(0)), std::string(rows->text(1))};
  std::string name(rows->text(11));
  if (!rows->text(12).empty()) name.append(name.empty() ? "" : " ").append(rows->text(12));
  message.to = {{base::one_line(name), std::string(rows->text(2))}};
  message.cc = to_mailboxes(rows->text(3));
  message.bcc = to_mailboxes(rows->text(4));
  message.subject = rows->text(5);
  message.text = rows->text(6);
  message.html = rows->text(7);
  message.message_id = rows->text(8);
  message.date = rows->integer(9);
  message.unsubscribe_mailto = "mailto:" + message.from.address + "?subject=unsubscribe";
  if (install.public_url.starts_with("https://")) {
    message.unsubscribe_url =
        install.public_url + make_unsubscribe_path(install.key, {mail.account, mail.mail});
    message.one_click = true;
  }
}

void load_reply(db::Connection& connection, const ClaimedMail& mail, mail::OutgoingMessage& message) {
  db::RowsPtr rows = connection.query(Sql(
      "SELECT r.from_name, m.address, r.to_name, r.to_email, r.cc, r.bcc, r.subject, r.body_text, "
      "r.body_html, "
      "r.message_id, COALESCE(r.dated_at, r.created_at), s.message_id, s.references_list FROM sent_replies r "
      "JOIN mailboxes m ON "
      "m.account_id = r.account_id AND m.email_account_id = r.email_account_id LEFT JOIN inbound_sources s "
      "ON "
      "s.account_id = r.account_id AND s.inbound_email_id = r.inbound_email_id WHERE r.account_id = ? AND "
      "r.id "
      "= ?",
      mail.account, mail.mail));
  if (!rows->next()) throw base::Error::invalid("reply", "has no mailbox");
  message.from = {base::one_line(rows->text(0)), std::string(rows->text(1))};
  message.to = {{base::one_line(rows->text(2)), std::string(rows->text(3))}};
  message.cc = to_mailboxes(rows->text(4));
  message.bcc = to_mailboxes(rows->text(5));
  message.subject = rows->text(6);
  message.text = rows->text(7);
  message.html = rows->text(8);
  message.message_id = rows->text(9);
  message.date = rows->integer(10);
  for (std::string_view id : base::split(rows->text(12), ' ')) {
    if (!id.empty()) message.references.emplace_back(id);
  }
  if (!rows->text(11).empty()) message.references.emplace_back(rows->text(11));
}

}  // namespace

mail::OutgoingMessage load_message(db::Connection& connection, const Install& install,
                                   const ClaimedMail& mail) {
  mail::OutgoingMessage message;
  if (mail.kind == kReplyMail) {
    load_reply(connection, mail, message);
  } else {
    load_outreach(connection, install, mail, message);
    message.references = load_thread(connection, mail);
  }
  return message;
}

}  // namespace overture::outreach
