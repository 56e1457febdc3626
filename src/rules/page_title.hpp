// The title of a web page and what it is about. Pure.
#pragma once
#include <string>
#include <string_view>

namespace overture::rules {

/// The text of the first title element, character references of ASCII markup decoded, white space run
/// together; empty when there is none. At most 300 bytes, whole characters.
std::string find_title(std::string_view html);

/// The words that tell what a title is about: its longest part between separators (the site's name is left
/// out), without small English words; at most six.
std::string title_terms(std::string_view title);

}  // namespace overture::rules
