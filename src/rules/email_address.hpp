// Addresses of contacts in one spelling.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace overture::rules {

/// A bare address `local@domain` (RFC 5321 section 4.1.2), trimmed and wholly in lower case, because contacts
/// are unique by lower-cased address; the domain as parse_host_name() spells it, without underscores. The
/// local part is a dot-atom, at most 64 bytes, and may hold letters and digits of any script (RFC 6531); the
/// whole is at most 254 bytes. nullopt for anything else: display names, quoted local parts, address
/// literals, control characters, invalid UTF-8.
std::optional<std::string> parse_email_address(std::string_view text);

/// The part after the `@` of an address as parse_email_address() gives it; empty without one. Points into
/// `address`.
std::string_view email_domain(std::string_view address);

/// True for a mailbox of a function rather than a person: info@, sales@, no-reply@, webmaster@, info+list@,
/// ...
bool is_role_address(std::string_view address);

}  // namespace overture::rules
