// What outside sources of prospects and metrics offer, whoever they are.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/discovery_queries.hpp"
#include "rules/metrics_filter.hpp"

namespace overture::providers {

// All of them throw Error(unavailable), with a sentence for people, when the source cannot be asked now.

struct FoundPage {
  std::string url;
  std::string title;
  std::string snippet;
};

class SearchProvider {
 public:
  virtual ~SearchProvider() = default;
  /// At most `limit` pages, the best first. `country` is an ISO 3166-1 code in lower case or empty.
  virtual std::vector<FoundPage> search(const rules::DiscoveryQuery& query, std::string_view country,
                                        std::size_t limit) = 0;
};

/// Whose backlinks are looked for.
struct BacklinkTarget {
  std::string url;          ///< as rules::parse_site() spells it
  std::string domain;       ///< its registrable domain
  bool exact_page = false;  ///< links to this page only, not to the whole domain
  bool broken = false;      ///< only links whose target is gone
};

struct Backlink {
  std::string url_from;
  std::string url_to;
  std::string anchor;
  std::string title;  ///< of the page the link stands on
  std::string rel;
};

class BacklinkProvider {
 public:
  virtual ~BacklinkProvider() = default;
  /// At most `limit` links, the best first.
  virtual std::vector<Backlink> find_backlinks(const BacklinkTarget& target, std::size_t limit) = 0;
};

class MetricsProvider {
 public:
  virtual ~MetricsProvider() = default;
  /// What is known of these registrable domains: domain → provider → metric → value. A domain that is not
  /// known has an empty map for each provider that was asked.
  virtual std::map<std::string, rules::SiteMetrics> find_metrics(const std::vector<std::string>& domains) = 0;
};

}  // namespace overture::providers
