#include "outreach/inbound_rows.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "mail/sanitize.hpp"
#include "rules/email_address.hpp"

namespace overture::outreach {
namespace {

namespace json = boost::json;
using db::Sql;

constexpr std::size_t kLongestLine = 1000;

/// Without NUL, which no engine takes.
std::string clean(std::string text) {
  std::erase(text, '\0');
  return text;
}

std::string line(std::string text) {
  text = clean(std::move(text));
  if (text.size() <= kLongestLine) return text;
  std::size_t end = kLongestLine;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

mail::Mailbox first_of(const std::vector<mail::Mailbox>& mailboxes) {
  return mailboxes.empty() ? mail::Mailbox{} : mailboxes.front();
}

/// In the spelling of contacts where it is an address at all.
std::string address_of(const mail::Mailbox& mailbox) {
  return rules::parse_email_address(mailbox.address).value_or(line(mailbox.address));
}

std::string attachments_of(const mail::InboundMessage& message) {
  json::array attachments;
  for (const mail::Attachment& each : message.attachments) {
    attachments.push_back(json::object{{"name", line(each.name)},
                                       {"content_type", line(each.content_type)},
                                       {"size", static_cast<std::int64_t>(each.size)}});
  }
  return json::serialize(attachments);
}

}  // namespace

bool remember_mail(db::Connection& connection, const MailboxKey& mailbox, const ReceivedMail& received) {
  const mail::InboundMessage& message = received.inspection.message;
  std::string identity = message.message_id;
  for (const std::string* part : {&message.subject, &message.text, &message.html}) {
    identity.push_back('\0');
    identity.append(*part);
  }
  identity.push_back('\0');
  identity.append(first_of(message.from).address);
  // Without a Message-ID two mails of the same words are two mails, unless they are equal to the byte.
  if (message.message_id.empty()) identity.append(received.raw);
  return connection.execute(Sql("INSERT INTO inbound_seen (account_id, email_account_id, digest) VALUES (?, "
                                "?, ?) ON CONFLICT DO "
                                "NOTHING",
                                mailbox.account, mailbox.email_account, base::sha256(identity))) == 1;
}

std::int64_t insert_inbound(db::Connection& connection, const MailboxKey& mailbox,
                            const ReceivedMail& received, mail::MailClass kind) {
  const mail::Inspection& inspection = received.inspection;
  const mail::InboundMessage& message = inspection.message;
  const mail::Mailbox from = first_of(message.from);
  const mail::Mailbox to = first_of(message.to);
  const std::int64_t id = connection.reserve_ids("inbound_emails", 1);
  const std::string text = message.text.empty() ? mail::html_to_text(message.html) : message.text;
  connection.execute(Sql(
      "INSERT INTO inbound_emails (id, account_id, email_account_id, subject, body_text, body_html, status, "
      "class, from_email, from_name, to_email, to_name, created_at) VALUES (?, ?, ?, ?, ?, ?, 'unmatched', "
      "?, "
      "?, ?, ?, ?, ?)",
      id, mailbox.account, mailbox.email_account, line(message.subject), clean(text), clean(message.html),
      mail::class_name(kind), address_of(from), line(from.name), address_of(to), line(to.name),
      received.arrived_at));
  const std::string problem =
      received.complete ? message.problem : "The mail was too large to be read to its end.";
  connection.execute(Sql(
      "INSERT INTO inbound_sources (account_id, inbound_email_id, message_id, references_list, reply_text, "
      "attachments, problem, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      mailbox.account, id, line(message.message_id), clean(base::join(message.references, " ")),
      clean(inspection.text), attachments_of(message), line(problem), base::base64url(received.raw)));
  return id;
}

void store_match(db::Connection& connection, std::int64_t account, std::int64_t inbound,
                 std::string_view matched_by, std::span<const std::int64_t> suggestions) {
  json::array ids;
  for (std::int64_t each : suggestions) ids.push_back(each);
  connection.execute(
      Sql("UPDATE inbound_sources SET matched_by = ?, suggestions = ? WHERE account_id = ? AND "
          "inbound_email_id = ?",
          matched_by, json::serialize(ids), account, inbound));
}

}  // namespace overture::outreach
