#include "outreach/match.hpp"

#include <vector>

#include "outreach/mails.hpp"
#include "rules/email_address.hpp"
#include "rules/site.hpp"

namespace overture::outreach {
namespace {

using db::Sql;
using rules::MatchCandidate;

/// More opportunities than this from one sender or site say nothing.
constexpr std::int64_t kMostCandidates = 20;

AnsweredMail find_mail(db::Connection& connection, std::int64_t account, std::string_view message_id) {
  if (message_id.empty()) return {};
  db::RowsPtr rows = connection.query(Sql(
      "SELECT kind, mail_id FROM message_ids WHERE account_id = ? AND message_id = ?", account, message_id));
  if (!rows->next()) return {};
  const std::string kind(rows->text(0));
  const std::int64_t id = rows->integer(1);
  rows.reset();
  return load_answered(connection, account, kind, id);
}

std::string sender_of(const mail::Inspection& inspection) {
  if (inspection.message.from.empty()) return {};
  return rules::parse_email_address(inspection.message.from.front().address).value_or(std::string());
}

/// Columns: opportunity, contact, time, subject.
std::vector<MatchCandidate> candidates(db::Connection& connection, const Sql& sql) {
  std::vector<MatchCandidate> found;
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) {
    found.push_back({rows->integer(0), rows->integer(1), rows->integer(2), std::string(rows->text(3))});
  }
  return found;
}

std::vector<MatchCandidate> by_contact(db::Connection& connection, const MailboxKey& mailbox,
                                       const std::string& sender) {
  return candidates(
      connection,
      Sql("SELECT e.opportunity_id + 0, e.contact_id + 0, MAX(e.sent_at), '' FROM contacts k JOIN "
          "outreach_emails e "
          "ON "
          "e.account_id = k.account_id AND e.contact_id = k.id WHERE k.account_id = ? AND k.email = ? AND "
          "+e.email_account_id = ? AND e.sent_at IS NOT NULL GROUP BY e.opportunity_id + 0, e.contact_id + 0 "
          "ORDER BY "
          "3 DESC "
          "LIMIT ?",
          mailbox.account, sender, mailbox.email_account, kMostCandidates));
}

std::vector<MatchCandidate> by_domain(db::Connection& connection, const MailboxKey& mailbox,
                                      const std::string& registrable) {
  if (registrable.empty()) return {};
  return candidates(
      connection,
      Sql("SELECT o.id, 0, COALESCE((SELECT MAX(e.sent_at + 0) FROM outreach_emails e WHERE e.account_id = "
          "o.account_id AND e.opportunity_id = o.id), 0), COALESCE((SELECT e.subject FROM outreach_emails e "
          "WHERE "
          "e.account_id = o.account_id AND e.opportunity_id = o.id AND e.sent_at IS NOT NULL ORDER BY e.id "
          "DESC "
          "LIMIT 1), '') FROM domains d CROSS JOIN opportunities o WHERE o.account_id = d.account_id AND "
          "o.domain_id = d.id AND d.account_id = ? AND d.registrable_domain = ? AND o.project_id IN (SELECT "
          "project_id FROM "
          "email_account_projects WHERE account_id = ? AND email_account_id = ?) ORDER BY 3 DESC LIMIT ?",
          mailbox.account, registrable, mailbox.account, mailbox.email_account, kMostCandidates));
}

std::int64_t contact_with(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                          const std::string& sender) {
  return connection.integer(
      Sql("SELECT k.id FROM contacts k JOIN opportunity_contacts x ON x.account_id = k.account_id AND "
          "x.contact_id = k.id WHERE k.account_id = ? AND k.email = ? AND x.opportunity_id = ?",
          account, sender, opportunity));
}

}  // namespace

AnsweredMail load_answered(db::Connection& connection, std::int64_t account, std::string_view kind,
                           std::int64_t id) {
  AnsweredMail mail{.kind = std::string(kind), .id = id};
  db::RowsPtr rows = connection.query(
      kind == kReplyMail
          ? Sql("SELECT opportunity_id, subject, to_email, cc, bcc, sent_at FROM sent_replies WHERE "
                "account_id "
                "= ? AND id = ?",
                account, id)
          : Sql("SELECT opportunity_id, subject, to_email, cc, bcc, sent_at FROM outreach_emails WHERE "
                "account_id = ? AND id = ?",
                account, id));
  if (!rows->next()) return mail;
  mail.opportunity = rows->integer(0);
  mail.subject = rows->text(1);
  mail.to_email = rows->text(2);
  mail.copies = std::string(rows->text(3)) + ',' + std::string(rows->text(4));
  mail.sent_at = rows->integer(5);
  return mail;
}

AnsweredMail find_answered(db::Connection& connection, std::int64_t account,
                           const mail::Inspection& inspection) {
  AnsweredMail found = find_mail(connection, account, inspection.message_id);
  if (found.id == 0) found = find_mail(connection, account, inspection.message.in_reply_to);
  const auto& references = inspection.message.references;
  for (auto id = references.rbegin(); found.id == 0 && id != references.rend(); ++id) {
    found = find_mail(connection, account, *id);
  }
  return found;
}

rules::InboundMatch match_mail(db::Connection& connection, const MailboxKey& mailbox,
                               const mail::Inspection& inspection, const AnsweredMail& answered) {
  const std::string sender = sender_of(inspection);
  const std::string domain(rules::email_domain(sender));
  std::vector<MatchCandidate> by_reference;
  if (answered.opportunity != 0) {
    by_reference.push_back(
        {.opportunity = answered.opportunity,
         .contact = contact_with(connection, mailbox.account, answered.opportunity, sender)});
  }
  const std::vector<MatchCandidate> of_contact = by_contact(connection, mailbox, sender);
  const std::vector<MatchCandidate> of_domain =
      by_domain(connection, mailbox, rules::registrable_domain(domain));
  const bool adds =
      connection.integer(
          Sql("SELECT add_new_contacts FROM mailboxes WHERE account_id = ? AND email_account_id = ?",
              mailbox.account, mailbox.email_account),
          1) != 0;
  return rules::match_inbound({.by_reference = by_reference,
                               .by_contact = of_contact,
                               .by_domain = of_domain,
                               .subject = inspection.message.subject,
                               .sender_domain = domain,
                               .adds_contacts = adds});
}

}  // namespace overture::outreach
