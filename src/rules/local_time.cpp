// date's reader over /usr/share/zoneinfo, copied once into two flat tables a zone.
#include "rules/local_time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "rules/timezone.hpp"

namespace overture::rules {
namespace {

using base::Millis;

constexpr Millis kSmallest = std::numeric_limits<Millis>::min();
constexpr Millis kLargest = std::numeric_limits<Millis>::max();
/// No zone is, or ever was, further from UTC than 16 hours.
constexpr Millis kFurthest = 26 * base::kHour;

constexpr Millis kTableBegin = -5'364'662'400'000;  // 1800-01-01
constexpr Millis kTableEnd = 7'258'118'400'000;     // 2200-01-01

Millis floor_day(Millis local) {
  const Millis day = local / base::kDay;
  return day * base::kDay > local ? day - 1 : day;
}

date::sys_seconds seconds_of(Millis time) { return date::sys_seconds(std::chrono::seconds(time / 1000)); }

}  // namespace

Zone::Zone(std::string name) : name_(std::move(name)) {
  const date::time_zone* zone = date::locate_zone(name_);
  Millis at = kTableBegin;
  while (at < kTableEnd) {
    const date::sys_info info = zone->get_info(seconds_of(at));
    const Millis offset = std::chrono::milliseconds(info.offset).count();
    // Changes of the name alone are none here.
    if (offsets_.empty() || offsets_.back() != offset) {
      begins_.push_back(begins_.empty() ? kSmallest : at);
      offsets_.push_back(offset);
    }
    const Millis end =
        info.end >= seconds_of(kTableEnd) ? kTableEnd : info.end.time_since_epoch().count() * 1000;
    at = std::max(end, at + 1000);
  }
}

const Zone* Zone::find(std::string_view name) {
  static std::shared_mutex mutex;
  static std::map<std::string, std::unique_ptr<const Zone>, std::less<>> zones;
  {
    const std::shared_lock lock(mutex);
    if (const auto found = zones.find(name); found != zones.end()) return found->second.get();
  }
  std::string key(name);
  if (!is_timezone(key)) return nullptr;
  std::unique_ptr<const Zone> made(new Zone(key));
  const std::unique_lock lock(mutex);
  return zones.try_emplace(std::move(key), std::move(made)).first->second.get();
}

OffsetSpan Zone::span_at(Millis time) const {
  const auto after = std::upper_bound(begins_.begin() + 1, begins_.end(), time);
  const auto index = static_cast<std::size_t>(after - begins_.begin()) - 1;
  return {begins_[index], after == begins_.end() ? kLargest : *after, offsets_[index]};
}

Millis Zone::first_at(Millis local_time) const {
  OffsetSpan span = span_at(local_time - kFurthest);
  for (;;) {
    const Millis time = std::max(span.begin, local_time - span.offset);
    if (time < span.end) return time;
    span = span_at(span.end);
  }
}

LocalDay Zone::day(std::int64_t number) const {
  return {number, first_at(number * base::kDay), first_at((number + 1) * base::kDay)};
}

LocalDay Zone::day_at(Millis time) const {
  LocalDay found = day(floor_day(local(time)));
  // Midnight came twice: the clock shows the old day again, but the new one has begun.
  while (found.end <= time) found = day(found.number + 1);
  return found;
}

std::string Zone::write(Millis time) const {
  const Millis shown = local(time);
  const std::int64_t number = floor_day(shown);
  const date::year_month_day day{date::sys_days(date::days(number))};
  const Millis minute = (shown - number * base::kDay) / base::kMinute;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), minute / 60,
                     minute % 60);
}

}  // namespace overture::rules
