// Upserts on the counting tables, and counting from scratch.
#include "intake/counts.hpp"

#include <map>

#include "intake/opportunity.hpp"

namespace overture::intake {
namespace {

/// What is counted: campaign, workflow status and milestone with their number.
struct Kind {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::string workflow_status;
  std::int64_t milestone = 0;
  auto operator<=>(const Kind&) const = default;
};

std::map<Kind, std::int64_t> read_kinds(db::Connection& connection, const db::Sql& sql) {
  std::map<Kind, std::int64_t> kinds;
  auto rows = connection.query(sql);
  while (rows->next()) {
    Kind kind{rows->integer(0), rows->integer(1), std::string(rows->text(2)), rows->integer(3)};
    if (rows->integer(4) != 0) kinds.emplace(std::move(kind), rows->integer(4));
  }
  return kinds;
}

std::map<Kind, std::int64_t> count_kinds(db::Connection& connection, std::int64_t account) {
  static constexpr db::Literal kCount =
      "SELECT project_id, campaign_id, workflow_status, milestone_id, COUNT(*) FROM opportunities "
      "WHERE account_id = ? GROUP BY project_id, campaign_id, workflow_status, milestone_id";
  return read_kinds(connection, db::Sql(kCount, account));
}

std::int64_t count_contacts(db::Connection& connection, std::int64_t account) {
  return connection.integer(db::Sql("SELECT COUNT(*) FROM contacts WHERE account_id = ?", account));
}

/// The counters of win rates that are not what the history gives, by their names.
std::vector<CountDifference> verify_milestones(db::Connection& connection, std::int64_t account) {
  static constexpr db::Literal kCount =
      "SELECT p.id, COUNT(DISTINCT h.opportunity_id), COUNT(DISTINCT CASE WHEN " OVERTURE_KIND_REACHED
      " = 'won' THEN h.opportunity_id END) FROM projects p LEFT JOIN milestone_history h ON h.account_id = "
      "p.account_id AND h.project_id = p.id" OVERTURE_KIND_REACHED_JOIN(
          "h") "WHERE p.account_id = ? GROUP BY p.id ORDER BY p.id";
  std::vector<CountDifference> counters;
  for (db::RowsPtr rows = connection.query(db::Sql(kCount, account)); rows->next();) {
    const std::string project = std::to_string(rows->integer(0));
    counters.push_back({.what = std::string(kChangedCounter) + project, .counted = rows->integer(1)});
    counters.push_back({.what = std::string(kWonCounter) + project, .counted = rows->integer(2)});
  }
  for (CountDifference& each : counters) each.kept = counted(connection, account, each.what);
  std::erase_if(counters, [](const CountDifference& each) { return each.kept == each.counted; });
  return counters;
}

/// Slots below zero count progress.
constexpr std::int64_t kFirstProgressSlot = -1;

void raise_changes(db::Connection& connection, std::int64_t account, std::int64_t slot) {
  static constexpr db::Literal kRaise =
      "INSERT INTO account_changes (account_id, slot, n) VALUES (?, ?, 1) "
      "ON CONFLICT (account_id, slot) DO UPDATE SET n = account_changes.n + 1";
  connection.execute(db::Sql(kRaise, account, slot));
}

}  // namespace

void note_change(db::Connection& connection, std::int64_t account) {
  raise_changes(connection, account, connection.counter_slot());
}

void note_progress(db::Connection& connection, std::int64_t account) {
  raise_changes(connection, account, kFirstProgressSlot - connection.counter_slot());
}

std::int64_t stop_number(db::Connection& connection, std::int64_t account) {
  static constexpr db::Literal kSum =
      "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM account_changes WHERE account_id = ? AND slot >= 0";
  return connection.integer(db::Sql(kSum, account));
}

std::int64_t change_number(db::Connection& connection, std::int64_t account) {
  static constexpr db::Literal kSum =
      "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM account_changes WHERE account_id = ?";
  return connection.integer(db::Sql(kSum, account));
}

void count_opportunities(db::Connection& connection, std::int64_t account, std::int64_t project,
                         std::int64_t campaign, std::string_view workflow_status, std::int64_t milestone,
                         std::int64_t delta) {
  if (delta == 0) return;
  static constexpr db::Literal kAdd =
      "INSERT INTO opportunity_counts "
      "(account_id, project_id, campaign_id, workflow_status, milestone_id, slot, n) "
      "VALUES (?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (account_id, project_id, campaign_id, workflow_status, milestone_id, slot) "
      "DO UPDATE SET n = opportunity_counts.n + excluded.n";
  connection.execute(db::Sql(kAdd, account, project, campaign, workflow_status, milestone,
                             connection.counter_slot(), delta));
}

void count(db::Connection& connection, std::int64_t account, std::string_view name, std::int64_t delta) {
  if (delta == 0) return;
  static constexpr db::Literal kAdd =
      "INSERT INTO counters (account_id, name, slot, n) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (account_id, name, slot) DO UPDATE SET n = counters.n + excluded.n";
  connection.execute(db::Sql(kAdd, account, name, connection.counter_slot(), delta));
}

std::int64_t counted(db::Connection& connection, std::int64_t account, std::string_view name) {
  static constexpr db::Literal kSum =
      "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM counters WHERE account_id = ? AND name = ?";
  return connection.integer(db::Sql(kSum, account, name));
}

void bump_names_version(db::Connection& connection, std::int64_t account) {
  connection.execute(db::Sql("UPDATE accounts SET names_version = names_version + 1 WHERE id = ?", account));
}

void recount_milestones(db::Connection& connection, std::int64_t account) {
  for (const CountDifference& each : verify_milestones(connection, account)) {
    count(connection, account, each.what, each.counted - each.kept);
  }
}

void rebuild_counts(db::Connection& connection, std::int64_t account) {
  static constexpr db::Literal kColumns[] = {
      "account_id", "project_id", "campaign_id", "workflow_status", "milestone_id", "slot", "n"};
  connection.execute(db::Sql("DELETE FROM opportunity_counts WHERE account_id = ?", account));
  db::BulkInsert rows{"opportunity_counts", kColumns, {}};
  for (const auto& [kind, n] : count_kinds(connection, account)) {
    for (db::Value value : {db::Sql::value_of(account), db::Sql::value_of(kind.project),
                            db::Sql::value_of(kind.campaign), db::Sql::value_of(kind.workflow_status),
                            db::Sql::value_of(kind.milestone), db::Sql::value_of(0), db::Sql::value_of(n)}) {
      rows.values.push_back(std::move(value));
    }
  }
  connection.insert(rows);

  static constexpr db::Literal kSet =
      "INSERT INTO counters (account_id, name, slot, n) VALUES (?, ?, 0, ?) "
      "ON CONFLICT (account_id, name, slot) DO UPDATE SET n = excluded.n";
  connection.execute(
      db::Sql("DELETE FROM counters WHERE account_id = ? AND name = ?", account, kContactsCounter));
  connection.execute(db::Sql(kSet, account, kContactsCounter, count_contacts(connection, account)));
  recount_milestones(connection, account);
  note_change(connection, account);
}

std::vector<CountDifference> verify_counts(db::Connection& connection, std::int64_t account) {
  static constexpr db::Literal kKept =
      "SELECT project_id, campaign_id, workflow_status, milestone_id, CAST(SUM(n) AS BIGINT) "
      "FROM opportunity_counts WHERE account_id = ? "
      "GROUP BY project_id, campaign_id, workflow_status, milestone_id";
  const auto kept = read_kinds(connection, db::Sql(kKept, account));
  auto right = count_kinds(connection, account);

  std::vector<CountDifference> differences;
  auto compare = [&differences](const Kind& kind, std::int64_t in_books, std::int64_t in_rows) {
    if (in_books == in_rows) return;
    differences.push_back({"opportunities of project " + std::to_string(kind.project) + ", campaign " +
                               std::to_string(kind.campaign) + ", " + kind.workflow_status + ", milestone " +
                               std::to_string(kind.milestone),
                           in_books, in_rows});
  };
  for (const auto& [kind, n] : kept) {
    const auto found = right.find(kind);
    compare(kind, n, found == right.end() ? 0 : found->second);
    if (found != right.end()) right.erase(found);
  }
  for (const auto& [kind, n] : right) compare(kind, 0, n);

  const std::int64_t contacts = count_contacts(connection, account);
  const std::int64_t in_books = counted(connection, account, kContactsCounter);
  if (contacts != in_books) differences.push_back({"contacts", in_books, contacts});

  for (CountDifference& each : verify_milestones(connection, account)) differences.push_back(std::move(each));
  return differences;
}

}  // namespace overture::intake
