// When a campaign may send: days of the week and hours of the local day.
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "rules/local_time.hpp"

namespace overture::rules {

/// Open while a clock in `zone` shows a time from `from_minute` up to but not including `to_minute`, on a
/// weekday that is on. So hours that daylight saving leaves out are not made up for, and hours that it
/// repeats count both times.
struct SendingWindow {
  const Zone* zone = nullptr;  ///< never null when asked; find it with Zone::find()
  int from_minute = 9 * 60;    ///< of the local day, 0 to 1439
  int to_minute = 17 * 60;     ///< 1 to 1440
  std::array<bool, 7> days = {true, true, true, true, true, false, false};  ///< Monday first
};

/// `HH:MM` from 00:00 to 24:00 as minutes; nullopt for anything else.
std::optional<int> parse_minute_of_day(std::string_view text);

bool is_open(const SendingWindow& window, base::Millis time);

/// The first moment at or after `time` in which the window is open; nullopt when it never is: no day is on,
/// or it ends before it begins.
std::optional<base::Millis> next_open(const SendingWindow& window, base::Millis time);

/// For a moment in which the window is open: the first one after it in which it is shut or another local day
/// has begun. `time` itself when it is shut then.
base::Millis closes_at(const SendingWindow& window, base::Millis time);

/// How long the window is open from `time` to the end of its local day.
base::Millis open_time_left(const SendingWindow& window, base::Millis time);

/// The first open moment of a later local day than the one of `time`.
std::optional<base::Millis> next_day_open(const SendingWindow& window, base::Millis time);

/// Of a queue of which so many may be sent on the day of `time`, when the window is open, and `a_day` on each
/// day after it: the first moment at which `before` of them can have been, spread over the day as
/// next_send_at() does it and never closer than `apart`. nullopt when that never is.
std::optional<base::Millis> turn_in_queue(const SendingWindow& window, base::Millis time, std::int64_t before,
                                          std::int64_t left_that_day, std::int64_t a_day, base::Millis apart);

/// The day that quotas count in: the local one that holds `time`.
LocalDay local_day(const SendingWindow& window, base::Millis time);

}  // namespace overture::rules
