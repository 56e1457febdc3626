#include "events/noted.hpp"

namespace overture::events {

std::vector<Noted> find_noted(db::Connection& connection, std::size_t limit) {
  std::vector<Noted> found;
  const db::RowsPtr rows = connection.query(
      db::Sql("SELECT id, account_id, kind, project_id, opportunity_id, data, by_automation, created_at FROM "
              "events ORDER BY id LIMIT ?",
              static_cast<std::int64_t>(limit)));
  while (rows->next()) {
    found.push_back({.id = rows->integer(0),
                     .account = rows->integer(1),
                     .kind = std::string(rows->text(2)),
                     .project = rows->integer(3),
                     .opportunity = rows->integer(4),
                     .data = std::string(rows->text(5)),
                     .by_automation = rows->integer(6) != 0,
                     .at = rows->integer(7)});
  }
  return found;
}

void forget(db::Connection& connection, const Noted& event) {
  connection.execute(db::Sql("DELETE FROM events WHERE account_id = ? AND id = ?", event.account, event.id));
}

}  // namespace overture::events
