// Names of IMAP folders: modified UTF-7 on the wire (RFC 3501 section 5.1.3), UTF-8 with us. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace overture::mailbox {

/// Bytes that are no UTF-8 are written as they are.
std::string write_modified_utf7(std::string_view utf8);

/// nullopt when it is not well-formed: base64 that is cut off, half of a surrogate pair, ASCII in base64.
/// Bytes beyond ASCII pass as they are, since some servers send UTF-8.
std::optional<std::string> parse_modified_utf7(std::string_view text);

}  // namespace overture::mailbox
