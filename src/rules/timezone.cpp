// date's reader over /usr/share/zoneinfo.
#include "rules/timezone.hpp"

#include <date/tz.h>

namespace overture::rules {

bool is_timezone(const std::string& name) {
  if (name.empty() || name.size() > 64 || name.find("..") != std::string::npos) return false;
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace overture::rules
