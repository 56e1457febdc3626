// Jobs that look for prospects: what the API leaves for them in jobs.payload and job_chunks.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/discovery_queries.hpp"

namespace overture::intake {

/// Keywords (or pages) asked of a search engine.
inline constexpr std::string_view kDiscoverKind = "discover";
/// Sites whose backlinks are looked up.
inline constexpr std::string_view kFindBacklinksKind = "find_backlinks";

/// jobs.payload.
struct ProspectingSettings {
  std::string source;                        ///< the discovery_type or backlink_type
  std::string country;                       ///< lower case, empty for anywhere
  std::int64_t metrics_filter_template = 0;  ///< 0 = none
};
std::string write_prospecting_settings(const ProspectingSettings& settings);
/// Throws Error(internal) for a text that write did not make.
ProspectingSettings parse_prospecting_settings(std::string_view payload);

/// One piece of the job: what is asked of the source in one go.
struct ProspectingTask {
  std::string input;            ///< as it was given: a keyword or an address
  rules::DiscoveryQuery query;  ///< of kDiscoverKind; empty text: made from the page at `input`
};
std::string write_prospecting_task(const ProspectingTask& task);
/// Throws Error(internal) for a text that write did not make.
ProspectingTask parse_prospecting_task(std::string_view chunk);

}  // namespace overture::intake
