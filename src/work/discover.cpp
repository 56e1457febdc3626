// Safe to run again: see run_prospecting().
#include "work/discover.hpp"

#include "base/error.hpp"
#include "rules/page_title.hpp"
#include "work/prospecting.hpp"

namespace overture::work {
namespace {

constexpr std::size_t kPagesPerQuery = 100;

/// Queries made of a page's title: for those that start from a page. None when the page cannot be read.
std::vector<rules::DiscoveryQuery> queries_of_page(const Sources& sources,
                                                   const intake::ProspectingSettings& settings,
                                                   const std::string& url) {
  net::Fetched page;
  try {
    page = sources.client().get(url, {.max_bytes = std::size_t{2} << 20U, .accept = "text/html"});
  } catch (const base::Error& error) {
    if (error.code() != base::ErrorCode::unavailable) throw;
    return {};
  }
  const std::string terms = rules::title_terms(rules::find_title(page.body));
  if (page.status != 200 || terms.empty()) return {};
  return rules::discovery_queries(settings.source, terms);
}

jobs::JobEnd run(jobs::JobContext& context, const Sources& sources, const MetricsFilter& filter) {
  const auto search = context.database.read(
      [&](db::Connection& connection) { return sources.find_search(connection, context.job.account); });
  if (!search) {
    return {jobs::JobState::failed,
            "No search provider is configured: an administrator can choose one under Providers"};
  }
  const FindProspects find = [&](const intake::ProspectingSettings& settings,
                                 const intake::ProspectingTask& task, const intake::Target&) {
    std::vector<rules::DiscoveryQuery> queries{task.query};
    if (task.query.text.empty()) queries = queries_of_page(sources, settings, task.input);
    std::vector<FoundProspect> found;
    for (const rules::DiscoveryQuery& query : queries) {
      for (providers::FoundPage& page : search->search(query, settings.country, kPagesPerQuery)) {
        found.push_back({.url = std::move(page.url), .page_title = std::move(page.title)});
      }
    }
    return found;
  };
  return run_prospecting(context, find, filter);
}

}  // namespace

jobs::JobKind discover(const Sources& sources, MetricsFilter filter) {
  return {std::string(intake::kDiscoverKind),
          [&sources, filter = std::move(filter)](jobs::JobContext& context) {
            return run(context, sources, filter);
          }};
}

}  // namespace overture::work
