#include "outreach/evidence.hpp"

#include "intake/tasks.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/mails.hpp"
#include "outreach/settle.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

constexpr base::Millis kGrace = 15 * base::kMinute;
constexpr std::int64_t kLookUps = 3;
constexpr base::Millis kBetweenLookUps = 5 * base::kMinute;
/// Servers that file what they submit have done so by then.
constexpr base::Millis kFilingTime = 2 * base::kMinute;

std::string files_sent(db::Connection& connection, const MailboxKey& mailbox) {
  return connection.text(
      Sql("SELECT files_sent FROM mailbox_states WHERE account_id = ? AND email_account_id = ?",
          mailbox.account, mailbox.email_account));
}

void learn(db::Connection& connection, const MailboxKey& mailbox, std::string_view files) {
  connection.execute(
      Sql("UPDATE mailbox_states SET files_sent = ? WHERE account_id = ? AND email_account_id = ? AND "
          "files_sent <> "
          "?",
          files, mailbox.account, mailbox.email_account, files));
}

/// The table that holds mails of this kind.
db::Literal table_of(std::string_view kind) {
  return kind == kReplyMail ? db::Literal("sent_replies") : db::Literal("outreach_emails");
}

void set_filed(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sent,
               std::int64_t filed) {
  Sql update("UPDATE ");
  update << table_of(sent.kind)
         << Sql(" SET filed = ? WHERE account_id = ? AND id = ?", filed, mailbox.account, sent.mail);
  connection.execute(update);
}

void ask_a_person(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sought,
                  base::Millis now) {
  intake::ServerTask task{.type = "review_email",
                          .name = "Was this mail sent? The connection was lost at the last moment",
                          .description = {},
                          .ends_with_communication = true};
  {
    const bool is_reply = sought.kind == kReplyMail;
    Sql where("SELECT project_id, campaign_id, opportunity_id, to_email, subject, ");
    where << (is_reply ? db::Literal("inbound_email_id") : db::Literal("0")) << db::Literal(" FROM ")
          << table_of(sought.kind) << Sql(" WHERE account_id = ? AND id = ?", mailbox.account, sought.mail);
    db::RowsPtr rows = connection.query(where);
    if (!rows->next()) return;
    task.project = rows->integer(0);
    task.campaign = rows->integer(1);
    task.opportunity = rows->integer(2);
    task.communication = rows->integer(5);
    task.description = "Look into the sent folder, then say so: sent, or not sent. It is the " +
                       std::string(is_reply ? "reply" : "mail") + " to " + std::string(rows->text(3)) +
                       ", \"" + std::string(rows->text(4)) + "\".";
  }
  // A reply to a mail that belongs to nothing.
  if (task.project == 0) return add_mailbox_task(connection, mailbox, task, now);
  intake::add_task(connection, mailbox.account, task, now);
}

void add_unfiled(db::Connection& connection, const Sql& sql, std::string_view kind,
                 std::vector<SoughtMail>& sought) {
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) {
    sought.push_back({std::string(kind), rows->integer(0), std::string(rows->text(1)), rows->integer(2)});
  }
}

}  // namespace

std::vector<SoughtMail> find_unknown(db::Connection& connection, const MailboxKey& mailbox,
                                     base::Millis now) {
  std::vector<SoughtMail> sought;
  db::RowsPtr rows = connection.query(Sql(
      "SELECT b.kind, b.mail_id, m.message_id, COALESCE(NULLIF(b.lease_until, 0), b.first_try_at) FROM "
      "outbox "
      "b CROSS JOIN message_ids m WHERE "
      "m.account_id = b.account_id AND m.kind = b.kind AND m.mail_id = b.mail_id AND +b.account_id = ? AND "
      "b.email_account_id = ? AND b.state = 'unknown' AND b.send_at <= ? ORDER BY b.send_at LIMIT 50",
      mailbox.account, mailbox.email_account, now));
  while (rows->next()) {
    sought.push_back(
        {std::string(rows->text(0)), rows->integer(1), std::string(rows->text(2)), rows->integer(3)});
  }
  return sought;
}

std::vector<SoughtMail> find_unfiled(db::Connection& connection, const MailboxKey& mailbox, base::Millis now,
                                     std::size_t limit) {
  std::vector<SoughtMail> sought;
  const base::Millis before = now - base::kMinute / 2;
  // What people have written comes first.
  add_unfiled(
      connection,
      Sql("SELECT id, message_id, sent_at FROM sent_replies WHERE account_id = ? AND email_account_id = ? "
          "AND filed <> 1 AND status = 'sent' AND message_id <> '' AND sent_at <= ? ORDER BY sent_at LIMIT ?",
          mailbox.account, mailbox.email_account, before, static_cast<std::int64_t>(limit)),
      kReplyMail, sought);
  add_unfiled(
      connection,
      Sql("SELECT id, message_id, sent_at FROM outreach_emails WHERE account_id = ? AND email_account_id "
          "= ? AND filed <> 1 AND status = 'sent' AND run > 0 AND sent_at <= ? ORDER BY sent_at LIMIT ?",
          mailbox.account, mailbox.email_account, before, static_cast<std::int64_t>(limit - sought.size())),
      kOutreachMail, sought);
  return sought;
}

void note_found(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sought,
                base::Millis now) {
  settle_unknown(connection, mailbox.account, sought.kind, sought.mail, true, sought.since, now);
  note_filed(connection, mailbox, sought);
}

void note_not_found(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sought,
                    base::Millis now) {
  const std::int64_t checks =
      1 +
      connection.integer(Sql("SELECT checks FROM outbox WHERE account_id = ? AND kind = ? AND mail_id = ?",
                             mailbox.account, sought.kind, sought.mail));
  const bool enough = checks >= kLookUps && now - sought.since >= kGrace;
  if (enough && files_sent(connection, mailbox) == "yes") {
    settle_unknown(connection, mailbox.account, sought.kind, sought.mail, false, now, now);
    return;
  }
  connection.execute(
      Sql("UPDATE outbox SET checks = ?, send_at = ? WHERE account_id = ? AND kind = ? AND mail_id = ? AND "
          "state = "
          "'unknown'",
          checks, now + (enough ? base::kDay : kBetweenLookUps), mailbox.account, sought.kind, sought.mail));
  if (checks == kLookUps) ask_a_person(connection, mailbox, sought, now);
}

bool has_to_be_filed(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sent,
                     base::Millis now) {
  const base::Millis patience = files_sent(connection, mailbox) == "yes" ? kGrace : kFilingTime;
  return now - sent.since >= patience;
}

void begin_filing(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sent) {
  learn(connection, mailbox, "no");
  set_filed(connection, mailbox, sent, 2);
}

void note_filed(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sent) {
  Sql untouched("SELECT 1 FROM ");
  untouched << table_of(sent.kind)
            << Sql(" WHERE account_id = ? AND id = ? AND filed = 0", mailbox.account, sent.mail);
  const bool by_server = connection.exists(untouched);
  if (by_server) learn(connection, mailbox, "yes");
  set_filed(connection, mailbox, sent, 1);
}

}  // namespace overture::outreach
