// How mail programs in many languages introduce what they quote.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace overture::mail {

/// What a line, or several joined into one, is as the line above a quotation: `On … wrote:`. The greater, the
/// surer it is that the line begins with it and not with words of the writer's own that were wrapped into it.
enum class Lead {
  none,
  if_quoted,  ///< people write such lines too: no year and no address, or no verb; believed before `>` only
  named,      ///< somewhere in it a name, an address or a time, and "wrote"
  dated,      ///< begins with a date
  worded,     ///< begins as programs begin: "On 3 Mar", "Am 3.", "Le 3"
};
Lead attribution(std::string_view line);

/// Where in the line an attribution begins behind words of the writer's own, in bytes; 0 when it does not.
std::size_t words_before_attribution(std::string_view line);

/// `-----Original Message-----` and its sisters: everything below is quotation.
bool is_quotation_divider(std::string_view line);

/// A line of the block `From: / Sent: / To: / Subject:` with which Outlook begins a quotation. The kinds are
/// told apart: one of each has to come before a block is believed.
enum class HeadLine { none, from, sent, to, subject };
/// With a capital letter, where the script has them: "from: 100 EUR" is a list of prices.
HeadLine head_line(std::string_view line);

/// `-- ` and the like: a signature begins here and goes on.
bool begins_signature(std::string_view line);

/// `Sent from my phone` and nothing else: a line that phones and mail programs add by themselves. Where words
/// follow it directly (not `stands_alone`), it has to name something we know, for "Sent from my boss." is a
/// person's.
bool is_sent_line(std::string_view line, bool stands_alone);

/// A time of day, as in `10:05`, `10h05`, `kl. 10.05`.
bool has_time_of_day(std::string_view line);

/// A year, or a date in numbers, as programs write them; people leave them out.
bool has_year(std::string_view line);

/// Without the invisible marks of writing direction that programs put around dates and names.
std::string without_direction_marks(std::string_view line);

}  // namespace overture::mail
