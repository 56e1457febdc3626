#include "outreach/reply_outcome.hpp"

#include "intake/communications.hpp"
#include "intake/tasks.hpp"

namespace overture::outreach {

using db::Sql;

void close_reply(db::Connection& connection, std::int64_t account, std::int64_t reply,
                 std::string_view status, std::string_view failure) {
  connection.execute(Sql("UPDATE sent_replies SET status = ?, failure = ? WHERE account_id = ? AND id = ?",
                         status, failure, account, reply));
  connection.execute(
      Sql("DELETE FROM outbox WHERE account_id = ? AND kind = 'reply' AND mail_id = ?", account, reply));
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
