#include "intake/domain_metrics.hpp"

#include <algorithm>
#include <set>

#include "db/text_list.hpp"
#include "intake/counts.hpp"

namespace overture::intake {
namespace {

/// More opportunities of domains show other metrics than before.
void touch(db::Connection& connection, std::int64_t account, const std::vector<std::string>& domains) {
  db::Sql sql(
      "UPDATE opportunities SET version = version + 1 WHERE account_id = ? AND domain_id IN "
      "(SELECT id FROM domains WHERE account_id = ? AND ",
      account, account);
  db::append_in_texts(sql, connection.engine(), "registrable_domain", domains);
  sql << ")";
  connection.execute(sql);
  note_change(connection, account);
}

}  // namespace

DomainMetrics load_domain_metrics(db::Connection& connection, std::int64_t account,
                                  const std::vector<std::string>& domains) {
  DomainMetrics known;
  if (domains.empty()) return known;
  db::Sql sql("SELECT domain, provider, metrics FROM domain_metrics WHERE account_id = ? AND ", account);
  db::append_in_texts(sql, connection.engine(), "domain", domains);
  const auto rows = connection.query(sql);
  while (rows->next()) {
    known[std::string(rows->text(0))][std::string(rows->text(1))] = rules::parse_metrics(rows->text(2));
  }
  return known;
}

std::vector<std::string> find_unknown_domains(db::Connection& connection, std::int64_t account,
                                              const std::vector<std::string>& domains, base::Millis since) {
  if (domains.empty()) return {};
  std::set<std::string> unknown(domains.begin(), domains.end());
  db::Sql sql("SELECT DISTINCT domain FROM domain_metrics WHERE account_id = ? AND fetched_at >= ? AND ",
              account, since);
  db::append_in_texts(sql, connection.engine(), "domain", domains);
  const auto rows = connection.query(sql);
  while (rows->next()) unknown.erase(std::string(rows->text(0)));
  return {unknown.begin(), unknown.end()};
}

void store_domain_metrics(db::Connection& connection, std::int64_t account, const DomainMetrics& metrics,
                          base::Millis now) {
  if (metrics.empty()) return;
  connection.lock("metrics:" + std::to_string(account));
  std::vector<std::string> domains;
  for (const auto& [domain, providers] : metrics) domains.push_back(domain);
  DomainMetrics known = load_domain_metrics(connection, account, domains);
  std::vector<std::string> changed;
  for (const auto& [domain, providers] : metrics) {
    for (const auto& [provider, values] : providers) {
      auto& kept = known[domain][provider];
      const auto before = kept;
      for (const auto& [metric, value] : values) kept[metric] = value;
      if (kept != before && (changed.empty() || changed.back() != domain)) changed.push_back(domain);
      connection.execute(
          db::Sql("INSERT INTO domain_metrics (account_id, domain, provider, metrics, fetched_at) VALUES (?, "
                  "?, ?, ?, ?) "
                  "ON CONFLICT (account_id, domain, provider) DO UPDATE SET metrics = excluded.metrics, "
                  "fetched_at = excluded.fetched_at",
                  account, domain, provider, rules::write_metrics(kept), now));
    }
  }
  if (!changed.empty()) touch(connection, account, changed);
}

}  // namespace overture::intake
