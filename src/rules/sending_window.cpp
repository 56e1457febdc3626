// Inside a stretch of one offset, hours are plain arithmetic; at its end the search goes on in the next one.
#include "rules/sending_window.hpp"

#include <algorithm>
#include <charconv>

namespace overture::rules {
namespace {

using base::Millis;

/// What a clock shows: a day and the time since its midnight.
struct Shown {
  std::int64_t day;
  Millis since_midnight;
};

Shown shown_at(Millis local) {
  std::int64_t day = local / base::kDay;
  if (day * base::kDay > local) --day;
  return {day, local - day * base::kDay};
}

struct Hours {
  Millis from;
  Millis to;
};

Hours hours_of(const SendingWindow& window) {
  return {std::max(window.from_minute, 0) * base::kMinute,
          std::min(window.to_minute, 24 * 60) * base::kMinute};
}

bool is_on(const SendingWindow& window, std::int64_t day) {
  return window.days[static_cast<std::size_t>(weekday_of(day))];
}

bool ever_opens(const SendingWindow& window) {
  const Hours hours = hours_of(window);
  return window.zone != nullptr && hours.from < hours.to &&
         std::any_of(window.days.begin(), window.days.end(), [](bool on) { return on; });
}

bool holds(const SendingWindow& window, const Hours& hours, const Shown& shown) {
  return shown.since_midnight >= hours.from && shown.since_midnight < hours.to && is_on(window, shown.day);
}

}  // namespace

std::optional<int> parse_minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto digit = [&](std::size_t at) {
    return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100;
  };
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (hour > 24 || minute > 59 || (hour == 24 && minute != 0)) return std::nullopt;
  return hour * 60 + minute;
}

bool is_open(const SendingWindow& window, Millis time) {
  return holds(window, hours_of(window), shown_at(window.zone->local(time)));
}

std::optional<Millis> next_open(const SendingWindow& window, Millis time) {
  if (!ever_opens(window)) return std::nullopt;
  const Hours hours = hours_of(window);
  for (;;) {
    const OffsetSpan span = window.zone->span_at(time);
    const Shown shown = shown_at(time + span.offset);
    if (holds(window, hours, shown)) return time;
    std::int64_t day = shown.since_midnight < hours.from ? shown.day : shown.day + 1;
    while (!is_on(window, day)) ++day;
    const Millis opens = day * base::kDay + hours.from - span.offset;
    if (opens < span.end) return opens;
    time = span.end;
  }
}

Millis closes_at(const SendingWindow& window, Millis time) {
  const Hours hours = hours_of(window);
  const Millis day_end = window.zone->day_at(time).end;
  while (time < day_end) {
    const OffsetSpan span = window.zone->span_at(time);
    const Shown shown = shown_at(time + span.offset);
    if (!holds(window, hours, shown)) return time;
    time = std::min(shown.day * base::kDay + hours.to - span.offset, span.end);
  }
  return std::min(time, day_end);
}

Millis open_time_left(const SendingWindow& window, Millis time) {
  const Millis day_end = window.zone->day_at(time).end;
  Millis left = 0;
  for (auto opens = next_open(window, time); opens && *opens < day_end; opens = next_open(window, time)) {
    time = std::min(closes_at(window, *opens), day_end);
    left += time - *opens;
    if (time >= day_end) break;
  }
  return left;
}

std::optional<Millis> next_day_open(const SendingWindow& window, Millis time) {
  return next_open(window, window.zone->day_at(time).end);
}

std::optional<base::Millis> turn_in_queue(const SendingWindow& window, base::Millis time, std::int64_t before,
                                          std::int64_t left_that_day, std::int64_t a_day,
                                          base::Millis apart) {
  std::optional<base::Millis> at = next_open(window, time);
  if (!at || a_day <= 0) return std::nullopt;
  std::int64_t left = local_day(window, *at).number == local_day(window, time).number
                          ? std::max<std::int64_t>(left_that_day, 0)
                          : a_day;
  while (at && before >= left) {
    before -= left;
    left = a_day;
    at = next_day_open(window, *at);
  }
  if (!at || before <= 0) return at;
  // Their even share of the day, less what jitter may take of it.
  const Millis share = open_time_left(window, *at) / (left + 1) * 4 / 5;
  const Millis each = std::max(share, apart);
  return before < base::kDay / std::max<Millis>(each, 1) ? next_open(window, *at + before * each)
                                                         : next_day_open(window, *at);
}

LocalDay local_day(const SendingWindow& window, Millis time) { return window.zone->day_at(time); }

}  // namespace overture::rules
