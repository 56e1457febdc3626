// How long a text is, as limits count it.
#pragma once
#include <algorithm>
#include <string_view>

namespace overture::base {

/// Code points of valid UTF-8.
inline std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace overture::base
