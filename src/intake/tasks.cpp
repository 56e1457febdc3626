// One statement each: a task that a person completes at the same time stays theirs.
#include "intake/tasks.hpp"

namespace overture::intake {

void add_task(db::Connection& connection, std::int64_t account, const ServerTask& task, base::Millis now) {
  connection.execute(
      db::Sql("INSERT INTO tasks (account_id, project_id, campaign_id, opportunity_id, communication_id, "
              "assigned_to, "
              "type, name, description, autocomplete_on_communication, due_date, created_at) VALUES (?, ?, "
              "?, ?, ?, ?, "
              "?, ?, ?, ?, ?, ?)",
              account, task.project, task.campaign, task.opportunity, task.communication, task.assigned_to,
              task.type, task.name, task.description, task.ends_with_communication ? 1 : 0,
              task.due_date ? db::Value(*task.due_date) : db::Value(), now));
}

bool may_have_tasks(db::Connection& connection, std::int64_t account, std::int64_t user,
                    std::int64_t project) {
  db::Sql sql("SELECT 1 FROM users u WHERE u.account_id = ? AND u.id = ? AND u.status = 'active'", account,
              user);
  if (project != 0) {
    sql << db::Sql(
        " AND (u.role = 'admin' OR EXISTS (SELECT 1 FROM project_access pa WHERE pa.account_id = "
        "u.account_id AND pa.user_id = u.id AND pa.project_id = ?))",
        project);
  }
  return connection.exists(sql);
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
