// Encoded words in header fields (RFC 2047), as strict and as careless programs write them.
#pragma once
#include <string>
#include <string_view>

namespace overture::mail {

enum class Quoting {
  plain,   ///< decoded text stands where the words stood
  phrase,  ///< it stands in quotes, so that a comma in a name parts no addresses
};

/// `text` is valid UTF-8. White space between two encoded words is dropped (section 6.2); what cannot be
/// decoded stays. Characters cut in two by neighbouring words are put together.
std::string decode_words(std::string_view text, Quoting quoting);

}  // namespace overture::mail
