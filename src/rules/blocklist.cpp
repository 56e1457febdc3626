// Entries are compared as whole labels from the right: `*.a.com` never covers `ba.com`.
#include "rules/blocklist.hpp"

#include "base/text.hpp"
#include "rules/host.hpp"
#include "rules/site.hpp"

namespace overture::rules {
namespace {

constexpr std::string_view kBelow = "*.";

}  // namespace

std::optional<std::string> parse_block_pattern(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with(kBelow)) {
    const auto host = parse_host_name(text.substr(kBelow.size()));
    if (!host) return std::nullopt;
    return std::string(kBelow).append(*host);
  }
  if (auto host = parse_host(text)) return std::string(host_without_www(*host));
  const auto site = parse_site(text);
  if (!site) return std::nullopt;
  return std::string(host_without_www(site->host));
}

bool blocks(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with(kBelow)) return pattern == host_without_www(host);
  const std::string_view top = pattern.substr(kBelow.size());
  if (is_ip_literal(host)) return false;
  return host == top ||
         (host.size() > top.size() && host.ends_with(top) && host[host.size() - top.size() - 1] == '.');
}

std::vector<std::string> patterns_blocking(std::string_view host) {
  std::vector<std::string> patterns{std::string(host_without_www(host))};
  if (is_ip_literal(host)) return patterns;
  for (std::string_view top = host;;) {
    const std::size_t dot = top.find('.');
    if (dot == std::string_view::npos) break;  // a whole top-level domain is no entry
    patterns.push_back(std::string(kBelow).append(top));
    top.remove_prefix(dot + 1);
  }
  return patterns;
}

}  // namespace overture::rules
