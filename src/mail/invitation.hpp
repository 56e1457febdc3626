// Words of a person in an invitation that a calendar sends.
#pragma once
#include <string_view>

namespace overture::mail {

/// Whether a mail with an invitation says something besides: "shall we talk on Tuesday?". Not the lines that
/// calendars write themselves: the subject once more, `When: …` and its like, links, "You have been invited",
/// and all below a rule, where they explain how to join.
bool has_words_beside_invitation(std::string_view subject, std::string_view new_text);

}  // namespace overture::mail
