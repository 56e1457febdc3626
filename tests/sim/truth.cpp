// Local time by the date library alone: the engine has its own tables.
#include "sim/truth.hpp"

#include <date/tz.h>

namespace overture::sim {

LocalTime local_time(const std::string& zone, base::Millis time) {
  static std::map<std::string, const date::time_zone*> zones;
  const date::time_zone*& found = zones[zone];
  if (found == nullptr) found = date::locate_zone(zone);
  const date::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(time)};
  const auto local = found->to_local(moment);
  const auto day = date::floor<date::days>(local);
  const auto minute = date::floor<std::chrono::minutes>(local - day);
  const date::weekday weekday(day);
  return {.day = day.time_since_epoch().count(),
          .minute = static_cast<int>(minute.count()),
          .weekday = static_cast<int>(weekday.iso_encoding()) - 1};
}

}  // namespace overture::sim
