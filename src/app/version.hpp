// The version of the program, the same as in CMakeLists.txt.
#pragma once
#include <string_view>

namespace overture::app {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace overture::app
