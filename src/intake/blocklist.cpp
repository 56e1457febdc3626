// A host is looked up through the entries that could cover it; an entry finds hosts through the index of
// registrable domains.
#include "intake/blocklist.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/text.hpp"
#include "db/text_list.hpp"
#include "intake/counts.hpp"
#include "intake/stage.hpp"
#include "intake/stage_events.hpp"
#include "rules/blocklist.hpp"
#include "rules/host.hpp"

namespace overture::intake {
namespace {

/// Pattern → the project it is for, 0 for all of them.
using Patterns = std::unordered_multimap<std::string, std::int64_t>;

Patterns load_patterns(db::Connection& connection, std::int64_t account,
                       std::span<const std::int64_t> entries) {
  db::Sql sql("SELECT pattern, project_id FROM blocklist WHERE account_id = ? AND ", account);
  db::append_in(sql, connection.engine(), "id", entries);
  Patterns patterns;
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) patterns.emplace(rows->text(0), rows->integer(1));
  return patterns;
}

/// Which project's opportunities of a domain are covered; all of them for 0.
using CoveredDomains = std::map<std::int64_t, std::vector<std::int64_t>>;

class CoveredSearch {
 public:
  CoveredSearch(db::Connection& connection, std::int64_t account, const Patterns& patterns)
      : connection_(connection), account_(account), patterns_(patterns) {}

  CoveredDomains run() {
    std::vector<std::string> names;
    std::vector<std::string> registrable;
    for (const auto& [pattern, project] : patterns_) {
      if (!pattern.starts_with("*.")) {
        names.push_back(pattern);
        names.push_back("www." + pattern);
        continue;
      }
      const std::string top = pattern.substr(2);
      // Below a public suffix (`*.co.uk`) every domain is a registrable one of its own.
      if (const std::string below = "x." + top; rules::registrable_domain(below) == below) {
        read(db::Sql("name LIKE ? ESCAPE '\\'", "%." + base::like_escape(top)));
      }
      names.push_back(top);
      registrable.push_back(rules::registrable_domain(top));
    }
    read_in("name", names);
    read_in("registrable_domain", registrable);
    return std::move(covered_);
  }

 private:
  void read_in(db::Literal column, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    db::Sql condition;
    db::append_in_texts(condition, connection_.engine(), column, texts);
    read(condition);
  }

  void read(const db::Sql& condition) {
    db::Sql sql("SELECT id, name FROM domains WHERE account_id = ? AND ", account_);
    sql << condition;
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) {
      for (const std::string& pattern : rules::patterns_blocking(rows->text(1))) {
        const auto [first, last] = patterns_.equal_range(pattern);
        for (auto found = first; found != last; ++found) covered_[found->second].push_back(rows->integer(0));
      }
    }
  }

  db::Connection& connection_;
  std::int64_t account_;
  const Patterns& patterns_;
  CoveredDomains covered_;
};

constexpr db::Literal kUncontacted =
    " AND workflow_status IN ('inspect', 'personalize', 'compose', 'outreach') AND stage_status <> 'sending' "
    "AND outreach_started_date IS NULL";

std::vector<std::int64_t> find_uncontacted(db::Connection& connection, std::int64_t account,
                                           const CoveredDomains& covered) {
  std::vector<std::int64_t> ids;
  for (const auto& [project, domains] : covered) {
    db::Sql sql("SELECT id FROM opportunities WHERE account_id = ? AND ", account);
    db::append_in(sql, connection.engine(), "domain_id", domains);
    if (project != 0) sql << db::Sql(" AND project_id = ?", project);
    sql << kUncontacted << " ORDER BY id LIMIT ";
    sql.bind(kBlocklistStep);
    db::RowsPtr rows = connection.query(sql);
    while (rows->next()) ids.push_back(rows->integer(0));
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (ids.size() > kBlocklistStep) ids.resize(kBlocklistStep);
  return ids;
}

struct Removed {
  std::int64_t id;
  std::int64_t project;
  std::int64_t campaign;
  std::int64_t milestone;
  std::string workflow_status;
};

/// Again under the locks: somebody may have written to them just now.
std::vector<Removed> load_still_uncontacted(db::Connection& connection, std::int64_t account,
                                            std::span<const std::int64_t> ids) {
  db::Sql sql(
      "SELECT id, project_id, campaign_id, milestone_id, workflow_status FROM opportunities "
      "WHERE account_id = ? AND ",
      account);
  db::append_in(sql, connection.engine(), "id", ids);
  sql << kUncontacted;
  std::vector<Removed> found;
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) {
    found.push_back(
        {rows->integer(0), rows->integer(1), rows->integer(2), rows->integer(3), std::string(rows->text(4))});
  }
  return found;
}

void update_in(db::Connection& connection, db::Sql update, db::Literal column,
               std::span<const std::int64_t> ids) {
  db::append_in(update, connection.engine(), column, ids);
  connection.execute(update);
}

void take_out(db::Connection& connection, std::int64_t account, const std::vector<Removed>& removed,
              base::Millis now) {
  std::vector<std::int64_t> ids;
  for (const Removed& each : removed) ids.push_back(each.id);
  update_in(connection,
            db::Sql("UPDATE opportunities SET workflow_status = 'deleted', stage_status = 'blocklisted', "
                    "stage_reason = 'On the blocklist', version = version + 1, updated_at = ? WHERE "
                    "account_id = ? AND ",
                    now, account),
            "id", ids);
  db::Sql unsent(
      "DELETE FROM outbox WHERE account_id = ? AND kind = 'outreach' AND state = 'pending' AND mail_id IN "
      "(SELECT id FROM outreach_emails WHERE account_id = ? AND status = 'scheduled' AND ",
      account, account);
  db::append_in(unsent, connection.engine(), "opportunity_id", ids);
  unsent << ")";
  connection.execute(unsent);
  update_in(
      connection,
      db::Sql("UPDATE outreach_emails SET status = 'cancelled', failure = 'the site is on the blocklist' "
              "WHERE account_id = ? AND status IN ('draft', 'review', 'scheduled') AND ",
              account),
      "opportunity_id", ids);
  update_in(connection,
            db::Sql("UPDATE outreach_runs SET state = 'over', why = 'the site is on the blocklist' WHERE "
                    "account_id = ? AND ",
                    account),
            "opportunity_id", ids);
  update_in(
      connection,
      db::Sql(
          "UPDATE form_submissions SET status = 'cancelled' WHERE account_id = ? AND status = 'pending' AND ",
          account),
      "opportunity_id", ids);
  std::map<std::tuple<std::int64_t, std::int64_t, std::string, std::int64_t>, std::int64_t> counts;
  for (const Removed& each : removed) {
    ++counts[{each.project, each.campaign, each.workflow_status, each.milestone}];
    note_stage(connection, account,
               {.project = each.project,
                .campaign = each.campaign,
                .opportunity = each.id,
                .from = each.workflow_status,
                .to = "deleted"},
               now);
    add_system_note(connection, account, each.id, {}, now, "Removed: its site is on the blocklist.");
  }
  for (const auto& [kind, n] : counts) {
    const auto& [project, campaign, workflow_status, milestone] = kind;
    count_opportunities(connection, account, project, campaign, workflow_status, milestone, -n);
    count_opportunities(connection, account, project, campaign, "deleted", milestone, n);
  }
}

}  // namespace

std::unordered_set<std::string> find_blocked(db::Connection& connection, std::int64_t account,
                                             std::int64_t project, std::span<const std::string> hosts) {
  std::unordered_set<std::string> blocked;
  if (hosts.empty()) return blocked;
  static constexpr db::Literal kAny = "SELECT 1 FROM blocklist WHERE account_id = ? LIMIT 1";
  if (!connection.exists(db::Sql(kAny, account))) return blocked;
  std::unordered_set<std::string> asked;
  for (const std::string& host : hosts) {
    for (std::string& pattern : rules::patterns_blocking(host)) asked.insert(std::move(pattern));
  }
  db::Sql sql("SELECT pattern FROM blocklist WHERE account_id = ? AND project_id IN (0, ?) AND ", account,
              project);
  db::append_in_texts(sql, connection.engine(), "pattern",
                      std::vector<std::string>(asked.begin(), asked.end()));
  std::unordered_set<std::string> listed;
  {
    db::RowsPtr rows = connection.query(sql);
    while (rows->next()) listed.emplace(rows->text(0));
  }
  if (listed.empty()) return blocked;
  for (const std::string& host : hosts) {
    const std::vector<std::string> patterns = rules::patterns_blocking(host);
    const bool is_listed = std::any_of(patterns.begin(), patterns.end(),
                                       [&](const std::string& pattern) { return listed.contains(pattern); });
    if (is_listed) blocked.insert(host);
  }
  return blocked;
}

std::int64_t add_blocklist_entry(db::Connection& connection, std::int64_t account,
                                 const BlocklistEntry& entry, base::Millis now) {
  connection.lock("intake:" + std::to_string(account));
  static constexpr db::Literal kInsert =
      "INSERT INTO blocklist (account_id, project_id, pattern, reason, user_id, created_at) VALUES (?, ?, ?, "
      "?, ?, ?) "
      "ON CONFLICT (account_id, pattern, project_id) DO NOTHING";
  connection.execute(db::Sql(kInsert, account, entry.project, entry.pattern, entry.reason, entry.user, now));
  return connection.integer(
      db::Sql("SELECT id FROM blocklist WHERE account_id = ? AND pattern = ? AND project_id = ?", account,
              entry.pattern, entry.project));
}

std::size_t apply_blocklist(db::Connection& connection, std::int64_t account,
                            std::span<const std::int64_t> entries, base::Millis now) {
  const Patterns patterns = load_patterns(connection, account, entries);
  if (patterns.empty()) return 0;
  const CoveredDomains covered = CoveredSearch(connection, account, patterns).run();
  const std::vector<std::int64_t> ids = find_uncontacted(connection, account, covered);
  if (ids.empty()) return 0;
  for (const std::int64_t id : ids) connection.lock("opportunity " + std::to_string(id));
  const std::vector<Removed> removed = load_still_uncontacted(connection, account, ids);
  if (!removed.empty()) take_out(connection, account, removed, now);
  return ids.size();
}

}  // namespace overture::intake
