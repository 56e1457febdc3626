#include "outreach/reply_outcome.hpp"

#include <string>
#include <vector>

#include "intake/communications.hpp"
#include "outreach/mailbox_state.hpp"

namespace overture::outreach {

using db::Sql;

void close_reply(db::Connection& connection, std::int64_t account, std::int64_t reply,
                 std::string_view status, std::string_view failure) {
  connection.execute(Sql("UPDATE sent_replies SET status = ?, failure = ? WHERE account_id = ? AND id = ?",
                         status, failure, account, reply));
  connection.execute(
      Sql("DELETE FROM outbox WHERE account_id = ? AND kind = 'reply' AND mail_id = ?", account, reply));
}

std::optional<intake::ServerTask> task_about_reply(db::Connection& connection, std::int64_t account,
                                                   std::int64_t reply) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT project_id, campaign_id, opportunity_id, inbound_email_id, user_id FROM sent_replies WHERE "
          "account_id = ? AND id = ? AND status NOT IN ('failed', 'cancelled')",
          account, reply));
  if (!rows->next()) return std::nullopt;
  return intake::ServerTask{.project = rows->integer(0),
                            .campaign = rows->integer(1),
                            .opportunity = rows->integer(2),
                            .communication = rows->integer(3),
                            .assigned_to = rows->integer(4)};
}

namespace {

void end_unsent(db::Connection& connection, std::int64_t account, std::int64_t reply, std::string_view status,
                std::string_view why, base::Millis now) {
  std::optional<intake::ServerTask> task = task_about_reply(connection, account, reply);
  close_reply(connection, account, reply, status, why);
  if (!task) return;
  std::string address;
  std::int64_t mailbox = 0;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT to_email, email_account_id FROM sent_replies WHERE account_id = ? AND id = ?", account,
            reply));
    if (!rows->next()) return;
    address = rows->text(0);
    mailbox = rows->integer(1);
  }
  // What it answers belongs to no project: the task goes where those of its mailbox go.
  if (task->project == 0) task->project = project_of_mailbox(connection, {account, mailbox});
  if (task->project == 0) return;
  task->type = "reply_needed";
  task->name = "A reply could not be sent";
  task->description = "To " + address + ": " + std::string(why);
  intake::add_task(connection, account, *task, now);
}

}  // namespace

void fail_reply(db::Connection& connection, std::int64_t account, std::int64_t reply, std::string_view why,
                base::Millis now) {
  end_unsent(connection, account, reply, "failed", why, now);
}

void withdraw_reply(db::Connection& connection, std::int64_t account, std::int64_t reply,
                    std::string_view why, base::Millis now) {
  end_unsent(connection, account, reply, "cancelled", why, now);
}

void fail_waiting_replies(db::Connection& connection, std::int64_t account, std::int64_t email_account,
                          std::string_view why, base::Millis now) {
  std::vector<std::int64_t> waiting;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT mail_id FROM outbox WHERE account_id = ? AND email_account_id = ? AND kind = 'reply' AND "
            "state = 'pending'",
            account, email_account));
    while (rows->next()) waiting.push_back(rows->integer(0));
  }
  for (const std::int64_t reply : waiting) fail_reply(connection, account, reply, why, now);
}

void drop_replies_to(db::Connection& connection, std::int64_t account, std::string_view address) {
  connection.execute(
      Sql("UPDATE sent_replies SET status = 'cancelled' WHERE account_id = ? AND opportunity_id = 0 AND "
          "status = 'scheduled' AND stop_schedule_on_communication = 1 AND (to_email = ? OR EXISTS (SELECT 1 "
          "FROM "
          "inbound_emails i WHERE i.account_id = sent_replies.account_id AND i.id = "
          "sent_replies.inbound_email_id "
          "AND i.from_email = ?))",
          account, address, address));
}

void take_sent_reply(db::Connection& connection, std::int64_t account, std::int64_t reply, base::Millis at,
                     base::Millis now) {
  close_reply(connection, account, reply, "sent", {});
  connection.execute(
      Sql("UPDATE sent_replies SET sent_at = ? WHERE account_id = ? AND id = ?", at, account, reply));
  const std::int64_t opportunity = connection.integer(
      Sql("SELECT opportunity_id FROM sent_replies WHERE account_id = ? AND id = ?", account, reply));
  if (opportunity == 0) return;
  intake::note_communication(connection, account, opportunity, 0, intake::kSentReplyType, at, now);
  intake::complete_tasks_on_communication(connection, account, opportunity, now);
}

}  // namespace overture::outreach
