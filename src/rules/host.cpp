// Hosts, checked by hand when they are plain ASCII (nearly always), by libidn2 otherwise; public suffixes by
// libpsl.
#include "rules/host.hpp"

#include <arpa/inet.h>
#include <idn2.h>
#include <libpsl.h>
#include <netinet/in.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"

namespace overture::rules {
namespace {

constexpr std::size_t kMaxName = 253;  // RFC 1035 section 2.3.4, as text without the trailing dot
constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxUnicode = 1024;  // before libidn2; a name of 253 bytes never needs more
constexpr std::size_t kMaxAddress = 64;    // text of an IPv6 address

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Plain ASCII and without A-labels, which only libidn2 can check.
bool is_plain(std::string_view host) {
  for (std::size_t i = 0; i < host.size(); ++i) {
    if (static_cast<unsigned char>(host[i]) >= 0x80) return false;
    if (host[i] == '-' && i >= 3 && host[i - 1] == '-' &&
        base::equal_ignoring_case(host.substr(i - 3, 2), "xn")) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> to_ascii(std::string_view host) {
  if (host.size() > kMaxUnicode || base::has_nul(host) || !base::is_valid_utf8(host)) return std::nullopt;
  const std::string text(host);
  char* made = nullptr;
  const int problem = idn2_to_ascii_8z(text.c_str(), &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> owner(made, &idn2_free);
  if (problem != IDN2_OK || made == nullptr) return std::nullopt;
  return std::string(made);
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_'; });
}

/// What a browser would take for an IPv4 address: all digits, or hexadecimal.
bool is_number(std::string_view label) {
  if (label.starts_with("0x")) {
    label.remove_prefix(2);
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  }
  return std::all_of(label.begin(), label.end(), is_digit);
}

bool is_name(std::string_view host) {
  if (host.size() > kMaxName) return false;
  std::size_t labels = 0;
  for (;;) {
    const auto dot = host.find('.');
    const auto label = host.substr(0, dot);
    if (!is_label(label)) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels > 1 && !is_number(label);
    host.remove_prefix(dot + 1);
  }
}

/// Only the plain form: inet_pton takes neither leading zeros nor fewer than four parts.
bool is_ipv4(std::string_view host) {
  in_addr address{};
  return host.size() < INET_ADDRSTRLEN && inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
}

std::optional<std::string> parse_ipv6(std::string_view inner) {
  if (inner.size() > kMaxAddress || base::has_nul(inner)) return std::nullopt;
  in6_addr address{};
  if (inet_pton(AF_INET6, std::string(inner).c_str(), &address) != 1) return std::nullopt;
  char text[INET6_ADDRSTRLEN];
  if (inet_ntop(AF_INET6, &address, text, sizeof text) == nullptr) return std::nullopt;
  return "[" + std::string(text) + "]";
}

/// Lower case and A-labels, without the trailing dot; the result still has to be checked.
std::optional<std::string> fold(std::string_view text) {
  std::string host;
  if (is_plain(text)) {
    host = base::lower_ascii(text);
  } else {
    auto ascii = to_ascii(text);
    if (!ascii) return std::nullopt;
    host = base::lower_ascii(*ascii);
  }
  if (host.ends_with('.')) host.pop_back();
  return host;
}

const psl_ctx_t* public_suffixes() {
  static const psl_ctx_t* const list = psl_latest(nullptr);
  return list;
}

}  // namespace

std::optional<std::string> parse_host_name(std::string_view text) {
  auto host = fold(text);
  if (host && !is_name(*host)) host.reset();
  return host;
}

std::optional<std::string> parse_host(std::string_view text) {
  if (text.starts_with('[')) {
    if (text.size() < 2 || !text.ends_with(']')) return std::nullopt;
    return parse_ipv6(text.substr(1, text.size() - 2));
  }
  auto host = fold(text);
  if (host && !is_name(*host) && !is_ipv4(*host)) host.reset();
  return host;
}

bool is_ip_literal(std::string_view host) { return host.starts_with('[') || is_ipv4(host); }

std::string_view host_without_www(std::string_view host) {
  constexpr std::string_view kWww = "www.";
  if (!host.starts_with(kWww) || host.find('.', kWww.size()) == std::string_view::npos) return host;
  return host.substr(kWww.size());
}

std::string registrable_domain(std::string_view host) {
  std::string name(host);
  if (is_ip_literal(host) || public_suffixes() == nullptr) return name;
  const char* domain = psl_registrable_domain(public_suffixes(), name.c_str());
  return domain == nullptr ? name : std::string(domain);
}

}  // namespace overture::rules
