// Base64 with padding (RFC 4648 section 4). base/text has the alphabet for addresses.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace overture::base {

std::string base64(std::string_view bytes);
/// As strict as parse_base64url(), and the padding has to be there: each text that is accepted is the only
/// one of its bytes.
std::optional<std::string> parse_base64(std::string_view text);

}  // namespace overture::base
