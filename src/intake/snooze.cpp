#include "intake/snooze.hpp"

#include <set>
#include <utility>
#include <vector>

#include "intake/counts.hpp"

namespace overture::intake {
namespace {

using db::Sql;

constexpr std::int64_t kMostOfOneWrite = 500;

Sql as_new() {
  return Sql(
      "UPDATE inbound_emails SET status = CASE WHEN opportunity_id = 0 THEN 'unmatched' ELSE 'new' END, "
      "snooze_until = NULL WHERE status = 'snoozed' AND account_id = ");
}

}  // namespace

bool is_snooze_over(db::Connection& connection, base::Millis now) {
  return connection.exists(
      Sql("SELECT 1 FROM inbound_emails WHERE status = 'snoozed' AND snooze_until <= ? LIMIT 1", now));
}

void wake_snoozed(db::Connection& connection, base::Millis now) {
  std::vector<std::pair<std::int64_t, std::int64_t>> due;
  {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT account_id, id FROM inbound_emails WHERE status = 'snoozed' AND snooze_until <= ? ORDER BY "
        "snooze_until LIMIT ?",
        now, kMostOfOneWrite));
    while (rows->next()) due.emplace_back(rows->integer(0), rows->integer(1));
  }
  std::set<std::int64_t> accounts;
  for (const auto& [account, mail] : due) {
    Sql sql = as_new();
    sql.bind(account) << Sql(" AND id = ?", mail);
    connection.execute(sql);
    accounts.insert(account);
  }
  for (const std::int64_t account : accounts) note_change(connection, account);
}

void wake_snoozed_of(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  Sql sql = as_new();
  sql.bind(account) << Sql(" AND opportunity_id = ?", opportunity);
  connection.execute(sql);
}

}  // namespace overture::intake
