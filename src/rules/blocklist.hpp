// Which sites a blocklist entry covers. Pure; the list itself is in a table (intake/blocklist.hpp).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace overture::rules {

/// An entry in the one spelling that is stored and compared: a host without `www.`, or `*.host`. Hosts are as
/// parse_host() spells them (IDN as A-labels); an http(s) address stands for its host. nullopt for anything
/// else, for `*.` before an IP address, and for a whole top-level domain.
///
/// `example.com` covers example.com and www.example.com, and so does `www.example.com`, which is the same
/// entry. `*.example.com` covers both of them and every host below: a person who writes it means the whole
/// site, and an entry that left out its front page would be a trap.
std::optional<std::string> parse_block_pattern(std::string_view text);

/// Whether the entry covers the host.
bool blocks(std::string_view pattern, std::string_view host);

/// All entries that would cover the host, one more than it has labels at most: blocks(p, host) holds for
/// these and no others. What a list is asked for, instead of trying each of its entries.
std::vector<std::string> patterns_blocking(std::string_view host);

}  // namespace overture::rules
