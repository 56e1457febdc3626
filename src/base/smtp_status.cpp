#include "base/smtp_status.hpp"

#include <algorithm>
#include <array>

namespace overture::base {

bool restricts_recipient(std::string_view enhanced, std::string_view words) {
  constexpr std::array<std::string_view, 11> kCodes = {"5.7.121", "5.7.123", "5.7.124", "5.7.125",
                                                       "5.7.127", "5.7.129", "5.7.132", "5.7.133",
                                                       "5.7.134", "5.7.135", "5.7.136"};
  if (std::find(kCodes.begin(), kCodes.end(), enhanced) != kCodes.end()) return true;
  // RESOLVER.RST.AuthRequired, .NotAuthorized …; .RecipSizeLimit is about the message.
  return words.find("resolver.rst.") != std::string_view::npos &&
         words.find("sizelimit") == std::string_view::npos;
}

}  // namespace overture::base
