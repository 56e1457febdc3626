// The servers' side of the books, and what must hold when all is over.
#include "api/report_events.hpp"
#include "intake/counts.hpp"
#include "intake/loose_ends.hpp"
#include "sim/oracle.hpp"

namespace overture::sim {

using db::Sql;

/// The reports' figures, from what servers took and people wrote.
void Oracle::check_reports() {
  const std::int64_t refused =
      world_.integer(Sql("SELECT COUNT(*) FROM outreach_emails WHERE account_id = ? AND status = 'bounced'",
                         world_.truth.account));
  std::int64_t bounced_later = 0;
  std::int64_t sent = 0;
  for (const auto& [key, copies] : taken_) {
    const std::int64_t id = mails_.at(copies.front().message_id).id;
    const std::string status = world_.database->read([&](db::Connection& connection) {
      return connection.text(Sql("SELECT status FROM outreach_emails WHERE account_id = ? AND id = ?",
                                 world_.truth.account, id));
    });
    if (status == "bounced") ++bounced_later;
    if (status == "sent" || status == "bounced") ++sent;
  }
  sent += refused - bounced_later;
  api::ReportScope scope{.account = world_.truth.account,
                         .projects = {},
                         .campaigns = {},
                         .opportunity_tags = {},
                         .timezone = "UTC",
                         .first_campaign = {}};
  for (const auto& [id, project] : world_.truth.projects) scope.projects.push_back(id);
  const base::TimeSpan ever{0, world_.now() + 400 * base::kDay};
  rules::Report report(*rules::make_buckets("UTC", world_.now() - 3000 * base::kDay, ever.to));
  world_.database->read(
      [&](db::Connection& connection) { api::gather_report(connection, scope, ever, false, report); });
  const rules::Report::Totals totals = report.totals();
  if (totals.sent != sent) {
    fail("reports say " + std::to_string(totals.sent) + " sent, servers and books " + std::to_string(sent));
  }
  if (totals.responded != static_cast<std::int64_t>(answered_.size())) {
    fail("reports say " + std::to_string(totals.responded) + " responded, people " +
         std::to_string(answered_.size()));
  }
}

void Oracle::check_end() {
  check_books();
  const std::int64_t account = world_.truth.account;
  find("runs that never came to an end",
       Sql("SELECT COUNT(*), MIN(opportunity_id) FROM outreach_runs WHERE account_id = ? AND "
           "state NOT IN ('over', 'held', 'paused')",
           account));
  world_.database->read([&](db::Connection& connection) {
    for (const auto& difference : intake::verify_counts(connection, account)) {
      fail(difference.what + ": kept " + std::to_string(difference.kept) + ", counted " +
           std::to_string(difference.counted));
    }
    for (const auto& end : intake::find_loose_ends(connection, account)) {
      fail("loose end: " + end.what + ": " + std::to_string(end.rows));
    }
    db::RowsPtr rows =
        connection.query(Sql("SELECT r.state, r.why, COUNT(*) FROM outreach_runs r WHERE r.account_id = ? "
                             "AND r.state NOT IN ('over', "
                             "'held', 'paused') GROUP BY r.state, r.why ORDER BY 3 DESC LIMIT 5",
                             account));
    while (rows->next()) {
      fail("  " + std::string(rows->text(0)) + " (" + std::string(rows->text(1)) +
           "): " + std::string(rows->text(2)));
    }
  });
  for (const auto& [id, letter] : world_.people.written()) {
    if (!stored_.contains(id)) fail("never stored: " + id);
  }
  check_reports();
}

}  // namespace overture::sim
