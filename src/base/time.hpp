// Times as text: RFC 3339 out, the date formats of the API in.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace overture::base {

/// `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339 section 5.6), appended to `out`; the part below a second is cut off.
void append_rfc3339(std::string& out, Millis time);
std::string rfc3339(Millis time);

/// A half-open stretch of time [from, to).
struct TimeSpan {
  Millis from;
  Millis to;
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

/// One date or date-time: `YYYY-MM-DD`, `YYYY-MM-DD HH:MM[:SS]`,
/// `YYYY-MM-DDTHH:MM[:SS[.fff]][Z|+hh:mm|-hh:mm]`. No zone means UTC. The span covers the unit that was
/// written: a day, a minute, a second (a written fraction still means its whole second, since times are shown
/// by the second). Years 1970 to 9999; anything else, or a day that does not exist, is nullopt.
std::optional<TimeSpan> parse_time(std::string_view text);

/// A single value as above, or a range `a|b`, `a|`, `|b` with both ends included (the pipe is never encoded
/// here). An open end is the smallest or largest Millis.
std::optional<TimeSpan> parse_time_range(std::string_view text);

}  // namespace overture::base
