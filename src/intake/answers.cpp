#include "intake/answers.hpp"

namespace overture::intake {

using db::Sql;

bool is_answered(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                 std::int64_t without) {
  return connection.exists(
      Sql("SELECT 1 FROM inbound_emails WHERE account_id = ? AND opportunity_id = ? AND class = 'human' AND "
          "id <> ? LIMIT 1",
          account, opportunity, without));
}

std::int64_t answered_attempt(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                              base::Millis before) {
  return connection.integer(
      Sql("SELECT MAX(n) FROM (SELECT attempt_number AS n FROM outreach_emails WHERE account_id = ? AND "
          "opportunity_id = ? AND +sent_at <= ? UNION ALL SELECT attempt_number FROM form_submissions WHERE "
          "account_id = ? AND opportunity_id = ? AND +sent_at <= ?) x",
          account, opportunity, before, account, opportunity, before));
}

base::Millis bring_replies(db::Connection& connection, std::int64_t account, std::int64_t email,
                           const ReplyPlace& to) {
  const Sql which("account_id = ? AND opportunity_id = 0 AND inbound_email_id = ?", account, email);
  base::Millis last_sent_at = 0;
  {
    Sql sql("SELECT COUNT(*), MAX(sent_at) FROM sent_replies WHERE ");
    db::RowsPtr rows = connection.query(sql << which);
    if (!rows->next() || rows->integer(0) == 0) return 0;
    last_sent_at = rows->integer(1);
  }
  connection.execute(Sql("UPDATE sent_replies SET project_id = ?, campaign_id = ?, opportunity_id = ? WHERE ",
                         to.project, to.campaign, to.opportunity)
                     << which);
  return last_sent_at;
}

}  // namespace overture::intake
