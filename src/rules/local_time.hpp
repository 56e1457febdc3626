// Local calendars: what clocks show in a time zone, and when a local day or time of day begins. Exact over
// daylight saving, half-hour changes, changes at midnight and days that were left out.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace overture::rules {

/// A stretch of time in which the offset of local time to UTC stays the same.
struct OffsetSpan {
  base::Millis begin = 0;
  base::Millis end = 0;
  base::Millis offset = 0;  ///< local = UTC + offset
};

/// A day of a local calendar as a stretch [start, end) of real time: 23, 24, 24.5 or 25 hours, and none for a
/// day that the zone left out. Days follow one another without gap or overlap: where a clock is put back over
/// midnight, the new day has begun once and for all when it was shown first.
struct LocalDay {
  std::int64_t number = 0;  ///< days since 1970-01-01 in the local calendar
  base::Millis start = 0;
  base::Millis end = 0;
};

/// An IANA zone, prepared for look-ups without allocation. Never changes once made; any thread may use it.
class Zone {
 public:
  /// From the system's tzdata, read once a process and kept until its end. nullptr for a name it does not
  /// know. Thread-safe.
  static const Zone* find(std::string_view name);

  const std::string& name() const { return name_; }

  /// The stretch that holds `time`.
  OffsetSpan span_at(base::Millis time) const;
  /// What a clock there shows, as milliseconds since 1970-01-01T00:00 of that clock.
  base::Millis local(base::Millis time) const { return time + span_at(time).offset; }
  /// The first moment at which a clock there shows `local_time` or later: after a gap the moment of the jump,
  /// of two equal times the first.
  base::Millis first_at(base::Millis local_time) const;

  LocalDay day_at(base::Millis time) const;
  LocalDay day(std::int64_t number) const;

  /// `2026-03-02 09:00`, as a clock there shows it.
  std::string write(base::Millis time) const;

 private:
  explicit Zone(std::string name);
  std::string name_;
  std::vector<base::Millis> begins_;   ///< ascending; the first is the smallest Millis
  std::vector<base::Millis> offsets_;  ///< one for each
};

/// 0 is Monday. For a day number as LocalDay has it.
constexpr int weekday_of(std::int64_t day_number) {
  const std::int64_t since_monday = (day_number + 3) % 7;
  return static_cast<int>(since_monday < 0 ? since_monday + 7 : since_monday);
}

}  // namespace overture::rules
