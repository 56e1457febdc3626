// Header fields of messages that leave (RFC 5322 section 2.2, RFC 2047).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mail/outgoing.hpp"

namespace overture::mail {

/// The checks each value has to pass before it may become part of a header. Throw base::Error `invalid_value`
/// that names the field: CR, LF, NUL and other control characters; text that is not UTF-8.
void require_header_text(std::string_view value, std::string_view field);
/// `left@right` of RFC 5322 section 3.6.4 without white space or brackets, printable ASCII.
void require_message_id(std::string_view id, std::string_view field);

/// `Name: value` with CRLF, folded at 78 between words; words that are not ASCII, or too long to stand in a
/// line, as encoded words.
std::string write_text_header(std::string_view name, std::string_view text);
/// `Name: one, two` with a fold between mailboxes where needed.
std::string write_mailbox_header(std::string_view name, const std::vector<Mailbox>& mailboxes,
                                 std::string_view field);
/// `Name: <a> <b>`, folded between the ids.
std::string write_id_header(std::string_view name, const std::vector<std::string>& ids);
/// `Mon, 02 Jan 2006 15:04:05 +0000` (RFC 5322 section 3.3).
std::string write_date(base::Millis date);

}  // namespace overture::mail
