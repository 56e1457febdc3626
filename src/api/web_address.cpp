#include "api/web_address.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "rest/parameters.hpp"

namespace overture::api {
namespace {

bool is_port(std::string_view text) {
  const std::optional<std::int64_t> number = rest::parse_integer(text);
  return text.size() <= 5 && number && *number >= 1 && *number <= 65'535;
}

/// A server, and a port where there is one.
bool is_authority(std::string_view text) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = text.substr(0, colon);
  if (host.empty() || host.find('@') != std::string_view::npos) return false;
  if (host.starts_with('[') != host.ends_with(']')) return false;
  return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

}  // namespace

std::string checked_web_address(std::string_view key, std::string url) {
  const std::string lower = base::lower_ascii(url);
  const std::size_t server = lower.starts_with("https://")  ? 8
                             : lower.starts_with("http://") ? 7
                                                            : std::string::npos;
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; }) &&
                     url.find_first_of("#\\\"<>`{}|^") == std::string::npos;
  if (server == std::string::npos || !plain ||
      !is_authority(std::string_view(url).substr(server, url.find_first_of("/?", server) - server))) {
    throw base::Error::invalid(key, "must be a web address");
  }
  return url;
}

}  // namespace overture::api
