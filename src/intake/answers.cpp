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

}  // namespace overture::intake
