#include <fmt/format.h>

#include "app/checks.hpp"
#include "app/store.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "intake/counts.hpp"
#include "intake/loose_ends.hpp"

namespace overture::app {
namespace {

/// Returns false when the rest need not be tried.
bool check_schema(db::Connection& connection, Findings& findings) {
  const int version = db::schema_version(connection);
  const int latest = db::latest_schema_version();
  if (version == latest) {
    findings.push_back({Health::ok, "schema", fmt::format("version {}, up to date", version)});
  } else if (version > latest) {
    findings.push_back({Health::error, "schema",
                        fmt::format("version {} is of a newer program; this one knows {}", version, latest)});
  } else {
    findings.push_back({Health::warning, "schema",
                        fmt::format("version {} of {}; `overture migrate` or the next start brings it up",
                                    version, latest)});
  }
  return version == latest;
}

void check_integrity(db::Connection& connection, Findings& findings) {
  if (connection.engine() != db::Engine::sqlite) return;
  const std::string verdict = connection.text(db::Sql("PRAGMA integrity_check"));
  findings.push_back(verdict == "ok" ? Finding{Health::ok, "integrity", "every page and index is sound"}
                                     : Finding{Health::error, "integrity", verdict});
}

void check_accounts(db::Connection& connection, Findings& findings) {
  std::vector<std::int64_t> accounts;
  for (db::RowsPtr rows = connection.query(db::Sql("SELECT id FROM accounts ORDER BY id")); rows->next();) {
    accounts.push_back(rows->integer(0));
  }
  bool right = true;
  bool tied = true;
  for (const std::int64_t account : accounts) {
    for (const intake::LooseEnd& end : intake::find_loose_ends(connection, account)) {
      tied = false;
      findings.push_back(
          {Health::error, "references", fmt::format("account {}: {} {}", account, end.rows, end.what)});
    }
    for (const intake::CountDifference& difference : intake::verify_counts(connection, account)) {
      right = false;
      findings.push_back({Health::error, "counters",
                          fmt::format("account {}: {}: {} are kept, {} are there", account, difference.what,
                                      difference.kept, difference.counted)});
    }
  }
  if (tied) {
    findings.push_back(
        {Health::ok, "references", fmt::format("nothing is loose in all {} accounts", accounts.size())});
  }
  if (right) {
    findings.push_back({Health::ok, "counters", fmt::format("right in all {} accounts", accounts.size())});
  }
}

void check_time(db::Connection& connection, Findings& findings) {
  const base::Millis now = base::SystemClock().now();
  const base::Millis newest = connection.integer(db::Sql(
      "SELECT max(t) FROM (SELECT max(created_at) AS t FROM accounts UNION ALL "
      "SELECT max(created_at) AS t FROM users UNION ALL SELECT max(created_at) AS t FROM tokens) AS times"));
  if (newest > now + base::kMinute) {
    findings.push_back(
        {Health::warning, "clock",
         fmt::format("the database knows something of {}, which is in the future", base::rfc3339(newest))});
  }
  if (connection.engine() != db::Engine::postgres) return;
  const auto theirs =
      connection.integer(db::Sql("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"));
  const base::Millis apart = theirs > now ? theirs - now : now - theirs;
  if (apart > 5 * base::kSecond) {
    findings.push_back({Health::warning, "clock",
                        fmt::format("{} s apart from the database server's", apart / base::kSecond)});
  }
}

void check_facts(db::Connection& connection, Findings& findings) {
  if (read_fact(connection, kMaintenance) == "on") {
    findings.push_back({Health::warning, "maintenance", "is on; `overture maintenance off` ends it"});
  }
  if (read_fact(connection, kSendingPaused) == "1") {
    findings.push_back(
        {Health::warning, "sending", "is paused; `overture sending on` lets mail and webhooks leave"});
  }
}

}  // namespace

Findings check_database(const Config& config) {
  Findings findings;
  try {
    const Store store = open_existing_store(config);
    findings.push_back({Health::ok, "database", config.database_name() + " answers"});
    store.database->read([&findings](db::Connection& connection) {
      connection.set_deadline(0);
      const bool current = check_schema(connection, findings);
      check_integrity(connection, findings);
      if (!current) return;
      check_accounts(connection, findings);
      check_time(connection, findings);
      check_facts(connection, findings);
    });
  } catch (const base::Error& error) {
    findings.push_back({Health::error, "database", error.what()});
  }
  return findings;
}

}  // namespace overture::app
