// Safe to run again: see run_prospecting().
#include "work/find_backlinks.hpp"

#include "rules/host.hpp"
#include "work/prospecting.hpp"

namespace overture::work {
namespace {

constexpr std::size_t kLinksPerTarget = 10'000;

jobs::JobEnd run(jobs::JobContext& context, const Sources& sources, const MetricsFilter& filter) {
  const auto provider = context.database.read(
      [&](db::Connection& connection) { return sources.find_backlinks(connection, context.job.account); });
  if (!provider) {
    return {jobs::JobState::failed,
            "No backlink provider is configured: an administrator can choose one under Providers"};
  }
  const FindProspects find = [&](const intake::ProspectingSettings& settings,
                                 const intake::ProspectingTask& task, const intake::Target&) {
    std::vector<FoundProspect> found;
    const auto site = rules::parse_site(task.input);
    if (!site) return found;
    const std::string domain = rules::registrable_domain(site->host);
    const providers::BacklinkTarget target{.url = site->url,
                                           .domain = domain,
                                           .exact_page = settings.source.ends_with("-url"),
                                           .broken = settings.source.ends_with("-broken")};
    for (providers::Backlink& link : provider->find_backlinks(target, kLinksPerTarget)) {
      // A site that links to itself is the one that was given: a competitor, no prospect.
      const auto from = rules::parse_site(link.url_from);
      if (from && rules::registrable_domain(from->host) == domain) continue;
      found.push_back({.url = std::move(link.url_from),
                       .page_title = std::move(link.title),
                       .target_url = std::move(link.url_to),
                       .anchor_text = std::move(link.anchor)});
    }
    return found;
  };
  return run_prospecting(context, find, filter);
}

}  // namespace

jobs::JobKind find_backlinks(const Sources& sources, MetricsFilter filter) {
  return {std::string(intake::kFindBacklinksKind),
          [&sources, filter = std::move(filter)](jobs::JobContext& context) {
            return run(context, sources, filter);
          }};
}

}  // namespace overture::work
