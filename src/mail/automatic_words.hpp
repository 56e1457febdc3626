// What machines say of themselves in the text of an answer, where neither headers nor the subject tell.
#pragma once
#include <string_view>

namespace overture::mail {

/// "This is an automatic reply", in the languages that programs speak, at the beginning of a sentence near
/// the top, and the fixed sentences of some of them. `new_text`: what the writer added, without quotations.
bool says_it_is_automatic(std::string_view new_text);

/// Such a text tells of somebody who is away rather than that a mail has arrived.
bool says_who_is_away(std::string_view new_text);

}  // namespace overture::mail
