// Web addresses of prospects in one spelling, and the keys they are compared by.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rules/host.hpp"

namespace overture::rules {

inline constexpr std::size_t kSiteMaxBytes = 2048;

struct Site {
  std::string url;   ///< scheme, host, port unless it is the default, path and query as written
  std::string host;  ///< as parse_host() spells it; an IPv6 address keeps its brackets
  friend bool operator==(const Site&, const Site&) = default;
};

/// An http or https address; without a scheme (`example.com/x`, `//example.com/x`) https is taken. White
/// space around it is ignored. The fragment and tracking parameters (utm_*, gclid, fbclid, mc_cid, ...) are
/// dropped; path and the rest of the query stay as written. nullopt for another scheme, a user name, spaces
/// or control characters inside, a backslash before the path, text that is not UTF-8, a host that
/// parse_host() refuses, a port outside 1 to 65535, and a result above kSiteMaxBytes. parse_site(site.url)
/// gives the same site.
std::optional<Site> parse_site(std::string_view text);

}  // namespace overture::rules
