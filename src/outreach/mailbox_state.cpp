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

/// False when it has that status already, or one that a person has to end.
bool change_status(db::Connection& connection, const MailboxKey& mailbox, std::string_view status,
                   base::Millis now) {
  return connection.execute(
             Sql("UPDATE email_accounts SET status = ?, updated_at = ? WHERE account_id = ? AND id = ? AND "
                 "status <> ? AND (status = 'active' OR (status = 'error' AND EXISTS (SELECT 1 FROM "
                 "mailbox_states s WHERE s.account_id = email_accounts.account_id AND s.email_account_id = "
                 "email_accounts.id AND s.is_away = 1)))",
                 status, now, mailbox.account, mailbox.email_account, status)) > 0;
}

constexpr std::string_view kHelpTask = "mailbox_error";

std::string name_of_help_task(db::Connection& connection, const MailboxKey& mailbox) {
  const std::string name =
      connection.text(Sql("SELECT name FROM email_accounts WHERE account_id = ? AND id = ?", mailbox.account,
                          mailbox.email_account));
  return "Mailbox " + name + " needs attention";
}

/// One open task for one trouble of one mailbox.
void ask_for_help(db::Connection& connection, const MailboxKey& mailbox, std::string_view text,
                  base::Millis now) {
  add_mailbox_task(connection, mailbox,
                   {.type = std::string(kHelpTask),
                    .name = name_of_help_task(connection, mailbox),
                    .description = std::string(text)},
                   now);
}

/// Nobody has to look after it any more.
void end_call_for_help(db::Connection& connection, const MailboxKey& mailbox, base::Millis now) {
  connection.execute(Sql(
      "UPDATE tasks SET completed_at = ?, completed_by = 0 WHERE account_id = ? AND type = ? AND name = ? "
      "AND completed_at IS NULL AND project_id IN (SELECT x.project_id FROM email_account_projects x WHERE "
      "x.account_id = ? AND x.email_account_id = ?)",
      now, mailbox.account, kHelpTask, name_of_help_task(connection, mailbox), mailbox.account,
      mailbox.email_account));
}

}  // namespace

std::int64_t project_of_mailbox(db::Connection& connection, const MailboxKey& mailbox) {
  return connection.integer(
      Sql("SELECT MIN(project_id) FROM email_account_projects WHERE account_id = ? AND email_account_id = ?",
          mailbox.account, mailbox.email_account));
}

void add_mailbox_task(db::Connection& connection, const MailboxKey& mailbox, intake::ServerTask task,
                      base::Millis now) {
  task.project = project_of_mailbox(connection, mailbox);
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
  const bool is_away = trouble == MailboxTrouble::resting;
  if (is_away && now - since < kAskedAfter) return next;
  const std::string why = is_away ? "Its server could not be used for more than an hour: " + std::string(text)
                                  : std::string(text);
  const std::string_view status = trouble == MailboxTrouble::disconnected ? "disconnected" : "error";
  const bool changed = change_status(connection, mailbox, status, now);
  if (changed || !is_away) {
    connection.execute(
        Sql("UPDATE mailbox_states SET is_away = ? WHERE account_id = ? AND email_account_id = ?", is_away,
            mailbox.account, mailbox.email_account));
  }
  if (changed) note_mailbox_status(connection, mailbox, status, why, now);
  ask_for_help(connection, mailbox, why, now);
  return next;
}

void forget_mailbox_trouble(db::Connection& connection, const MailboxKey& mailbox) {
  connection.execute(
      Sql("UPDATE mailbox_states SET trouble = '', failing_use = '', failing_since = NULL, next_try_at = 0, "
          "is_away = 0 WHERE account_id = ? AND email_account_id = ?",
          mailbox.account, mailbox.email_account));
}

void note_mailbox_works(db::Connection& connection, const MailboxKey& mailbox, std::optional<MailboxUse> use,
                        base::Millis now) {
  std::string failing;
  base::Millis next_try_at = 0;
  bool was_away = false;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT failing_use, next_try_at, is_away FROM mailbox_states WHERE account_id = ? AND "
            "email_account_id = ? AND failing_since IS NOT NULL",
            mailbox.account, mailbox.email_account));
    if (!rows->next()) return;
    failing = rows->text(0);
    next_try_at = rows->integer(1);
    was_away = rows->integer(2) != 0;
  }
  const bool stands = use && !failing.empty() && failing != name_of(*use);
  if (stands && (use == MailboxUse::sending || next_try_at > now)) return;
  if (!stands) {
    forget_mailbox_trouble(connection, mailbox);
    end_call_for_help(connection, mailbox, now);
  }
  const bool is_back =
      connection.execute(Sql(
          "UPDATE email_accounts SET status = 'active', updated_at = ? WHERE account_id = ? AND id = ? AND "
          "(status = 'disconnected' OR (status = 'error' AND ? = 1))",
          now, mailbox.account, mailbox.email_account, was_away && !stands)) > 0;
  if (stands && !is_back) return;
  if (is_back) {
    note_mailbox_status(connection, mailbox, "active",
                        was_away ? "its server can be used again" : "it could be logged in to again", now);
  }
  connection.execute(Sql(
      "UPDATE outbox SET send_at = ? WHERE account_id = ? AND email_account_id = ? AND state = 'pending' AND "
      "send_at > ? AND tries = 0 AND trouble <> ''",
      now, mailbox.account, mailbox.email_account, now));
  intake::wake_account(connection, mailbox.account, now);
  intake::note_change(connection, mailbox.account);
}

void note_mailbox_status(db::Connection& connection, const MailboxKey& mailbox, std::string_view status,
                         std::string_view reason, base::Millis now) {
  if (status == "active" || status == "deleted") end_call_for_help(connection, mailbox, now);
  events::note(connection, mailbox.account,
               {.kind = events::Kind::mailbox_changed,
                .data = {{"email_account", mailbox.email_account}, {"status", status}, {"reason", reason}}},
               now);
}

}  // namespace overture::outreach
