// What is new in a reply.
#pragma once
#include <string>
#include <string_view>

#include "mail/inbound.hpp"

namespace overture::mail {

/// The text a person wrote, without what they quote (attribution lines in many languages, `>` lines, the
/// blocks of Outlook, quotes in html) and without their signature (`-- `). Bottom-posted and interleaved
/// answers keep what stands between the quotations. Empty when nothing is new.
std::string new_text(const InboundMessage& message);

/// As above, for plain text with LF line ends.
std::string strip_quotation(std::string_view text);

}  // namespace overture::mail
