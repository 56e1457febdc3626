#include "work/filter_by_metrics.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/log.hpp"
#include "intake/target.hpp"
#include "rules/host.hpp"

namespace overture::work {
namespace {

rules::MetricsFilter load_filter(db::Connection& connection, std::int64_t account, std::int64_t id) {
  if (id == 0) return {};
  static constexpr std::string_view kColumns[] = {"moz", "semrush", "majestic", "google", "cemper", "ahrefs"};
  const auto rows =
      connection.query(db::Sql("SELECT moz, semrush, majestic, google, cemper, ahrefs FROM "
                               "metrics_filter_templates WHERE account_id = ? AND id = ?",
                               account, id));
  if (!rows->next()) return {};
  std::vector<std::pair<std::string, std::string>> objects;
  for (int column = 0; column < 6; ++column) objects.emplace_back(kColumns[column], rows->text(column));
  return rules::MetricsFilter(objects);
}

void merge(intake::DomainMetrics& into, const intake::DomainMetrics& from) {
  for (const auto& [domain, providers] : from) {
    for (const auto& [provider, values] : providers) {
      auto& kept = into[domain][provider];
      for (const auto& [metric, value] : values) kept[metric] = value;
    }
  }
}

std::vector<std::string> domains_of(const ImportStep& step) {
  std::set<std::string> domains;
  for (const intake::Prospect& prospect : step.prospects) {
    if (prospect.site) domains.insert(rules::registrable_domain(prospect.site->host));
  }
  return {domains.begin(), domains.end()};
}

/// What the account's provider says of the domains nobody asked it for lately.
intake::DomainMetrics ask(const jobs::JobContext& context, const Sources& sources,
                          const std::vector<std::string>& domains) {
  try {
    std::vector<std::string> unknown;
    const auto provider = context.database.read([&](db::Connection& connection) {
      auto found = sources.find_metrics(connection, context.job.account);
      if (found) {
        unknown = intake::find_unknown_domains(connection, context.job.account, domains,
                                               context.clock.now() - kMetricsAge);
      }
      return found;
    });
    if (!provider || unknown.empty()) return {};
    return provider->find_metrics(unknown);
  } catch (const base::Error& error) {
    base::log_warning("metrics",
                      {{"account", context.job.account}, {"job", context.job.id}, {"problem", error.what()}});
    return {};
  }
}

/// Takes off what does not fit; a person without a site always fits.
void judge(const rules::MetricsFilter& filter, const intake::DomainMetrics& known, ImportStep& step) {
  std::erase_if(step.prospects, [&](const intake::Prospect& prospect) {
    if (!prospect.site) return false;
    const auto found = known.find(rules::registrable_domain(prospect.site->host));
    const auto verdict = filter.judge(found == known.end() ? rules::SiteMetrics() : found->second);
    if (verdict == rules::MetricsVerdict::pending) ++step.metrics_pending;
    if (verdict == rules::MetricsVerdict::filtered) ++step.filtered;
    return verdict == rules::MetricsVerdict::filtered;
  });
}

void apply(const Sources& sources, const jobs::JobContext& context, std::int64_t id, ImportStep& step) {
  const std::int64_t account = context.job.account;
  rules::MetricsFilter filter;
  bool wanted = false;
  context.database.read([&](db::Connection& connection) {
    filter = load_filter(connection, account, id);
    wanted = !filter.empty() || intake::load_target(connection, account, context.job.campaign).domain_metrics;
  });
  if (!wanted) return;
  const std::vector<std::string> domains = domains_of(step);
  step.metrics = ask(context, sources, domains);
  if (filter.empty()) return;
  intake::DomainMetrics known = context.database.read(
      [&](db::Connection& connection) { return intake::load_domain_metrics(connection, account, domains); });
  merge(known, step.metrics);
  merge(known, metrics_of(step.prospects));
  judge(filter, known, step);
}

}  // namespace

MetricsFilter filter_by_metrics(const Sources& sources) {
  return [&sources](jobs::JobContext& context, std::int64_t id, ImportStep& step) {
    apply(sources, context, id, step);
  };
}

}  // namespace overture::work
