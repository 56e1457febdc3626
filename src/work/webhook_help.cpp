#include "work/webhook_help.hpp"

#include <string>

#include "intake/tasks.hpp"

namespace overture::work {
namespace {

/// Scheme and server: the rest of an address may be a secret.
std::string shown(const std::string& url) {
  return url.substr(0, url.find_first_of("/?", url.find("://") + 3));
}

}  // namespace

void ask_for_help(db::Connection& connection, std::int64_t account, std::int64_t webhook, base::Millis now) {
  intake::ServerTask task{.type = "webhook_error"};
  {
    const db::RowsPtr rows = connection.query(db::Sql(
        "SELECT w.url, w.off_why, w.created_by, CASE WHEN w.project_id <> 0 THEN w.project_id ELSE "
        "(SELECT MIN(p.id) FROM projects p WHERE p.account_id = w.account_id AND p.status = 'active') "
        "END FROM webhooks w WHERE w.account_id = ? AND w.id = ?",
        account, webhook));
    if (!rows->next() || rows->is_null(3)) return;
    task.name = "Webhook " + std::to_string(webhook) + " (" + shown(std::string(rows->text(0))) +
                ") was switched off";
    task.description = rows->text(1);
    task.assigned_to = rows->integer(2);
    task.project = rows->integer(3);
  }
  intake::add_task_once(connection, account, task, now);
}

}  // namespace overture::work
