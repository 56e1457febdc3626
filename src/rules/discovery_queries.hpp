// What a discovery campaign asks a search engine: each keyword combined with the footprints of its type.
// Pure.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace overture::rules {

struct DiscoveryType {
  std::string_view value;   ///< as posted and stored: `resource_pages`
  std::string_view label;   ///< for people: `Resource Pages`
  bool takes_urls = false;  ///< the input is pages, not keywords
};

/// In the order of the API's list.
std::span<const DiscoveryType> discovery_types();
/// By value or label, whatever the case; nullptr when there is none.
const DiscoveryType* find_discovery_type(std::string_view text);

struct DiscoveryQuery {
  std::string text;
  bool news = false;  ///< ask the news vertical
  int days = 0;       ///< pages of the last so many days; 0 = any
  friend bool operator==(const DiscoveryQuery&, const DiscoveryQuery&) = default;
};

/// The queries of one keyword, the most telling first. `own_sites` are left out of brand_mentions. A keyword
/// inside of quotes loses its own. For types that take URLs the keyword is the title of the page. Empty for a
/// type that does not exist.
std::vector<DiscoveryQuery> discovery_queries(std::string_view type, std::string_view keyword,
                                              std::span<const std::string> own_sites = {});

}  // namespace overture::rules
