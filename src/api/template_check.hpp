// Texts with tokens, checked when they are written, so that no mail waits for a value that cannot come.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "db/connection.hpp"
#include "rules/template_text.hpp"

namespace overture::api {

/// Every token that can have a value in a campaign of the project: fields of the account, the project and the
/// campaign (0: none of these), custom fields, the site, the contact and the sender.
std::unordered_set<std::string> load_known_tokens(db::Connection& connection, std::int64_t account,
                                                  std::int64_t project, std::int64_t campaign);

/// Throws invalid_value naming `key` and the first token that is unknown, or what looks like one and is none,
/// with its line.
void check_text(const std::string& key, std::string_view text, rules::TextKind kind,
                const std::unordered_set<std::string>& known);

}  // namespace overture::api
