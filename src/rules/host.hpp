// Names of hosts in the one spelling that is stored and compared.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace overture::rules {

/// A DNS name with at least two labels: lower case, Unicode labels as A-labels (UTS 46, nontransitional), a
/// trailing dot dropped. Labels of letters, digits, `-` (not at their ends) and `_`, 1 to 63 bytes, 253 in
/// all; the last label is not a number (WHATWG URL section 3.5 "ends in a number"). nullopt for anything
/// else, IP addresses too.
std::optional<std::string> parse_host_name(std::string_view text);

/// As above, or an IPv4 address in plain dotted decimal, or an IPv6 address in brackets (RFC 5952 spelling).
std::optional<std::string> parse_host(std::string_view text);

/// For a host as parse_host() gives it.
bool is_ip_literal(std::string_view host);

/// `www.example.com` → `example.com`; `www.com` and every other host as it is. Points into `host`.
std::string_view host_without_www(std::string_view host);

/// The domain one label below the public suffix (publicsuffix.org): `a.blog.example.co.uk` → `example.co.uk`,
/// `me.github.io` → `me.github.io`. An IP literal, and a host that is a public suffix itself, comes back as
/// it is. The system's list (package publicsuffix) is loaded at the first call, else the one built into
/// libpsl. Thread-safe.
std::string registrable_domain(std::string_view host);

}  // namespace overture::rules
