#include "outreach/mailbox_state.hpp"

#include <algorithm>
#include <string>

#include "events/event.hpp"
#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "intake/tasks.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

std::string_view name_of(MailboxUse use) { return use == MailboxUse::sending ? "sending" : "reading"; }

/// How long a server may be away before a person is asked to look.
constexpr base::Millis kAskedAfter = base::kHour;

/// Longer and longer, at most an hour.
base::Millis pause_after(base::Millis failing_for) {
  return std::clamp(failing_for, base::kMinute, base::kHour);
}

/// One open task for one trouble of one mailbox.
void ask_for_help(db::Connection& connection, const MailboxKey& mailbox, std::string_view name,
                  std::string_view text, base::Millis now) {
  add_mailbox_task(connection, mailbox,
                   {.type = "mailbox_error",
                    .name = "Mailbox " + std::string(name) + " needs attention",
                    .description = std::string(text)},
                   now);
}

}  // namespace

void add_mailbox_task(db::Connection& connection, const MailboxKey& mailbox, intake::ServerTask task,
                      base::Millis now) {
  task.project = connection.integer(
      Sql("SELECT MIN(project_id) FROM email_account_projects WHERE account_id = ? AND email_account_id = ?",
          mailbox.account, mailbox.email_account));
  if (task.project == 0) return;
  task.assigned_to =
      connection.integer(Sql("SELECT created_by FROM email_accounts WHERE account_id = ? AND id = ?",
                             mailbox.account, mailbox.email_account));
  intake::add_task_once(connection, mailbox.account, task, now);
}

base::Millis note_mailbox_trouble(db::Connection& connection, const MailboxKey& mailbox, MailboxUse use,
                                  MailboxTrouble trouble, std::string_view text, base::Millis now) {
  connection.execute(
      Sql("UPDATE mailbox_states SET trouble = ?, failing_use = ?, failing_since = COALESCE(failing_since, "
          "?) WHERE account_id = ? AND email_account_id = ?",
          text, name_of(use), now, mailbox.account, mailbox.email_account));
  const base::Millis since = connection.integer(
      Sql("SELECT failing_since FROM mailbox_states WHERE account_id = ? AND email_account_id = ?",
          mailbox.account, mailbox.email_account),
      now);
  const base::Millis next = now + pause_after(now - since);
  connection.execute(
      Sql("UPDATE mailbox_states SET next_try_at = ? WHERE account_id = ? AND email_account_id = ?", next,
          mailbox.account, mailbox.email_account));
  intake::note_change(connection, mailbox.account);
  if (trouble == MailboxTrouble::resting && now - since < kAskedAfter) return next;
  const std::string name =
      connection.text(Sql("SELECT name FROM email_accounts WHERE account_id = ? AND id = ?", mailbox.account,
                          mailbox.email_account));
  if (trouble == MailboxTrouble::resting) {
    ask_for_help(connection, mailbox, name,
                 "Its server could not be used for more than an hour: " + std::string(text), now);
    return next;
  }
  const std::string_view status = trouble == MailboxTrouble::disconnected ? "disconnected" : "error";
  const bool changed =
      connection.execute(Sql(
          "UPDATE email_accounts SET status = ?, updated_at = ? WHERE account_id = ? AND id = ? AND status "
          "= 'active'",
          status, now, mailbox.account, mailbox.email_account)) > 0;
  if (changed) note_mailbox_status(connection, mailbox, status, text, now);
  ask_for_help(connection, mailbox, name, text, now);
  return next;
}

void note_mailbox_works(db::Connection& connection, const MailboxKey& mailbox, std::optional<MailboxUse> use,
                        base::Millis now) {
  std::string failing;
  base::Millis next_try_at = 0;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT failing_use, next_try_at FROM mailbox_states WHERE account_id = ? AND email_account_id = "
            "? AND failing_since IS NOT NULL",
            mailbox.account, mailbox.email_account));
    if (!rows->next()) return;
    failing = rows->text(0);
    next_try_at = rows->integer(1);
  }
  const bool stands = use && !failing.empty() && failing != name_of(*use);
  if (stands && (use == MailboxUse::sending || next_try_at > now)) return;
  if (!stands) {
    connection.execute(
        Sql("UPDATE mailbox_states SET trouble = '', failing_use = '', failing_since = NULL, next_try_at = 0 "
            "WHERE account_id = ? AND email_account_id = ?",
            mailbox.account, mailbox.email_account));
  }
  const bool is_back =
      connection.execute(Sql(
          "UPDATE email_accounts SET status = 'active', updated_at = ? WHERE account_id = ? AND id = ? AND "
          "status = 'disconnected'",
          now, mailbox.account, mailbox.email_account)) > 0;
  if (stands && !is_back) return;
  if (is_back) note_mailbox_status(connection, mailbox, "active", "it could be logged in to again", now);
  connection.execute(Sql(
      "UPDATE outbox SET send_at = ? WHERE account_id = ? AND email_account_id = ? AND state = 'pending' AND "
      "send_at > ? AND tries = 0 AND trouble <> ''",
      now, mailbox.account, mailbox.email_account, now));
  intake::wake_account(connection, mailbox.account, now);
  intake::note_change(connection, mailbox.account);
}

void note_mailbox_status(db::Connection& connection, const MailboxKey& mailbox, std::string_view status,
                         std::string_view reason, base::Millis now) {
  events::note(connection, mailbox.account,
               {.kind = events::Kind::mailbox_changed,
                .data = {{"email_account", mailbox.email_account}, {"status", status}, {"reason", reason}}},
               now);
}

}  // namespace overture::outreach
