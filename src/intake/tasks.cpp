// One statement each: a task that a person completes at the same time stays theirs.
#include "intake/tasks.hpp"

namespace overture::intake {

std::int64_t complete_tasks_on_milestone(db::Connection& connection, std::int64_t account,
                                         std::int64_t opportunity, base::Millis now) {
  static constexpr db::Literal kComplete =
      "UPDATE tasks SET completed_at = ?, completed_by = 0 WHERE account_id = ? AND opportunity_id = ? "
      "AND completed_at IS NULL AND autocomplete_on_milestone = 1";
  return connection.execute(db::Sql(kComplete, now, account, opportunity));
}

std::int64_t complete_tasks_on_communication(db::Connection& connection, std::int64_t account,
                                             std::int64_t opportunity, base::Millis now) {
  static constexpr db::Literal kComplete =
      "UPDATE tasks SET completed_at = ?, completed_by = 0 WHERE account_id = ? AND opportunity_id = ? "
      "AND completed_at IS NULL AND autocomplete_on_communication = 1";
  return connection.execute(db::Sql(kComplete, now, account, opportunity));
}

}  // namespace overture::intake
