// One statement each: a task that a person completes at the same time stays theirs.
#include "intake/tasks.hpp"

namespace overture::intake {

void add_task(db::Connection& connection, std::int64_t account, const ServerTask& task, base::Millis now) {
  connection.execute(db::Sql(
      "INSERT INTO tasks (account_id, project_id, campaign_id, opportunity_id, communication_id, "
      "assigned_to, "
      "type, name, description, autocomplete_on_communication, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?)",
      account, task.project, task.campaign, task.opportunity, task.communication, task.assigned_to, task.type,
      task.name, task.description, task.ends_with_communication ? 1 : 0, now));
}

void add_task_once(db::Connection& connection, std::int64_t account, const ServerTask& task,
                   base::Millis now) {
  const bool asked = connection.exists(
      db::Sql("SELECT 1 FROM tasks WHERE account_id = ? AND project_id = ? AND type = ? AND name = ? AND "
              "completed_at IS NULL",
              account, task.project, task.type, task.name));
  if (!asked) add_task(connection, account, task, now);
}

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
