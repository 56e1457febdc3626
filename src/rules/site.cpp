// A web address taken apart once, from left to right, and put together again without what does not matter.
#include "rules/site.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace overture::rules {
namespace {

// Tracking parameters may be longer than what stays, so more is read than kept.
constexpr std::size_t kMaxInput = 4 * kSiteMaxBytes;

// What advertising, mailing and analytics services add to a link; none selects a
// page.
constexpr std::array<std::string_view, 29> kTracking{
    "_ga",       "_gac",    "_gl",        "_hsenc",  "_hsmi",   "_kx",         "_openstat",  "dclid",
    "epik",      "fbclid",  "gad_source", "gbraid",  "gclid",   "gclsrc",      "igsh",       "igshid",
    "li_fat_id", "mc_cid",  "mc_eid",     "mkt_tok", "msclkid", "oly_anon_id", "oly_enc_id", "ttclid",
    "twclid",    "vero_id", "wbraid",     "yclid",   "ysclid"};

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return base::equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool is_tracking(std::string_view pair) {
  const auto name = pair.substr(0, pair.find('='));
  if (starts_ignoring_case(name, "utm_")) return true;
  return std::any_of(kTracking.begin(), kTracking.end(),
                     [name](std::string_view known) { return base::equal_ignoring_case(name, known); });
}

/// `query` without its `?`; nothing is written when nothing is left.
void append_query(std::string& url, std::string_view query) {
  const std::size_t start = url.size();
  bool first = true;
  for (;;) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    if (!is_tracking(pair)) {
      url += first ? '?' : '&';
      url += pair;
      first = false;
    }
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  if (url.size() == start + 1) url.resize(start);
}

/// Takes the scheme and slashes off the front; false for a scheme that is not of the web.
bool take_scheme(std::string_view& text, bool& secure) {
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kSecure = "https://";
  secure = !starts_ignoring_case(text, kPlain);
  if (!secure) {
    text.remove_prefix(kPlain.size());
  } else if (starts_ignoring_case(text, kSecure)) {
    text.remove_prefix(kSecure.size());
  } else if (text.starts_with("//")) {
    text.remove_prefix(2);
  } else {
    const auto scheme_end = text.find("://");
    return scheme_end == std::string_view::npos || scheme_end + 1 != text.find_first_of("/?#\\");
  }
  return true;
}

/// Takes `:port` off the end of an authority; 0 where none is written.
bool take_port(std::string_view& authority, unsigned& port) {
  port = 0;
  const auto colon = authority.rfind(':');
  const auto bracket = authority.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket > colon)) return true;
  const auto digits = authority.substr(colon + 1);
  authority = authority.substr(0, colon);
  if (digits.empty()) return true;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return problem == std::errc() && end == digits.data() + digits.size() && port >= 1 && port <= 65535;
}

bool is_clean(std::string_view text) {
  bool ascii = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F) return false;
    ascii = ascii && byte < 0x80;
  }
  return ascii || (base::is_valid_utf8(text) && !base::has_control(text));
}

}  // namespace

std::optional<Site> parse_site(std::string_view text) {
  text = base::trim(text);
  if (text.empty() || text.size() > kMaxInput || !is_clean(text)) return std::nullopt;
  bool secure = true;
  if (!take_scheme(text, secure)) return std::nullopt;

  const auto authority_end = std::min(text.find_first_of("/?#\\"), text.size());
  if (authority_end < text.size() && text[authority_end] == '\\') return std::nullopt;
  std::string_view authority = text.substr(0, authority_end);
  text.remove_prefix(authority_end);
  unsigned port = 0;
  if (authority.find('@') != std::string_view::npos || !take_port(authority, port)) return std::nullopt;
  auto host = parse_host(authority);
  if (!host) return std::nullopt;

  text = text.substr(0, text.find('#'));
  const auto path = text.substr(0, text.find('?'));
  Site site;
  site.url.reserve(8 + host->size() + 6 + text.size());
  site.url += secure ? "https://" : "http://";
  site.url += *host;
  if (port != 0 && port != (secure ? 443U : 80U)) site.url.append(":").append(std::to_string(port));
  site.url += path;
  if (path.size() < text.size()) append_query(site.url, text.substr(path.size() + 1));
  if (site.url.size() > kSiteMaxBytes) return std::nullopt;
  site.host = std::move(*host);
  return site;
}

}  // namespace overture::rules
