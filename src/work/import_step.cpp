// The write of an import's step.
#include "work/import_step.hpp"

#include <algorithm>

#include "intake/target.hpp"
#include "rules/host.hpp"

namespace overture::work {

std::optional<ImportReport> write_step(db::Connection& connection, const jobs::Job& job,
                                       const intake::ImportSettings& settings, const ImportStep& step,
                                       const ImportReport& before, std::int64_t total, base::Millis now) {
  jobs::hold(connection, job);
  const intake::Target target = intake::load_target(connection, job.account, job.campaign);
  if (!target.is_active()) return std::nullopt;
  const intake::IntakeOptions options{now, settings.merge_duplicate_personalization};
  ImportReport report = before;
  for (const auto& [row, problem] : step.problems) report.add_error(row, problem);
  report.add("filtered", step.filtered);
  report.note("metrics_pending", step.metrics_pending);
  for (const auto& [reason, n] : step.counts) report.add(reason, n);
  intake::store_domain_metrics(connection, job.account, step.metrics, now);
  intake::store_domain_metrics(connection, job.account, metrics_of(step.prospects), now);
  for (std::span<const intake::Prospect> rest = step.prospects; !rest.empty();) {
    const auto batch = rest.first(std::min(rest.size(), intake::kIntakeMaxBatch));
    for (const intake::Placement& placement : intake::add_prospects(connection, target, batch, options)) {
      report.add(placement.outcome);
    }
    rest = rest.subspan(batch.size());
  }
  jobs::record(connection, job, report.progress(total));
  return report;
}

intake::DomainMetrics metrics_of(std::span<const intake::Prospect> prospects) {
  intake::DomainMetrics all;
  for (const intake::Prospect& prospect : prospects) {
    if (!prospect.site || prospect.metrics.empty()) continue;
    rules::SiteMetrics& site = all[rules::registrable_domain(prospect.site->host)];
    for (const intake::SiteMetric& metric : prospect.metrics)
      site[metric.provider][metric.metric] = metric.value;
  }
  return all;
}

std::string closed_reason(db::Connection& connection, const jobs::Job& job) {
  const intake::Target target = intake::load_target(connection, job.account, job.campaign);
  const bool campaign = target.campaign_status != "active";
  return (campaign ? "The campaign is " : "The project is ") +
         (campaign ? target.campaign_status : target.project_status);
}

}  // namespace overture::work
