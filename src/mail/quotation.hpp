// How mail programs in many languages introduce what they quote.
#pragma once
#include <string_view>

namespace overture::mail {

/// `On … wrote:` in one line, or wrapped into the given lines joined by spaces.
bool is_attribution(std::string_view line);

/// `-----Original Message-----` and its sisters: everything below is quotation.
bool is_quotation_divider(std::string_view line);

/// A line of the block `From: / Sent: / To: / Subject:` with which Outlook begins a quotation. The kinds are
/// told apart: one of each has to come before a block is believed.
enum class HeadLine { none, from, sent, to, subject };
HeadLine head_line(std::string_view line);

/// `-- `, `Sent from my phone` and the like: a signature begins here.
bool begins_signature(std::string_view line);

}  // namespace overture::mail
