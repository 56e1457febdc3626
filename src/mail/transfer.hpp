// Content transfer encodings (RFC 2045 section 6), both ways.
#pragma once
#include <string>
#include <string_view>

namespace overture::mail {

/// Decodes base64, quoted-printable or uuencode as the header names it; any other name is the bytes as they
/// are. Broken input gives what can be read of it.
std::string decode_transfer(std::string_view body, std::string_view encoding);

/// Base64 in lines of 76 characters, CRLF.
std::string base64_lines(std::string_view bytes);
/// Text with LF line ends as lines of at most 76 characters, CRLF (RFC 2045 section 6.7).
std::string quoted_printable(std::string_view text);

}  // namespace overture::mail
