// Days are counted on local calendars, so that a mail of ten in the morning is followed at ten in the
// morning.
#include "rules/follow_up.hpp"

#include <algorithm>

namespace overture::rules {
namespace {

using base::Millis;

constexpr std::int64_t kLongestAbsence = 366;

}  // namespace

Millis days_later(const Zone& zone, Millis time, std::int64_t days) {
  if (days == 0) return time;
  return zone.first_at(zone.local(time) + days * base::kDay);
}

std::optional<Millis> follow_up_due_at(const SendingWindow& window, Millis previous_sent_at,
                                       std::int64_t delay_days) {
  if (window.zone == nullptr) return std::nullopt;
  return next_open(window, days_later(*window.zone, previous_sent_at, std::max<std::int64_t>(delay_days, 0)));
}

std::optional<Millis> resume_after_out_of_office(const SendingWindow& window, Millis received_at,
                                                 std::optional<std::int64_t> last_day_of_absence,
                                                 std::optional<Millis> due_at) {
  if (window.zone == nullptr) return std::nullopt;
  const std::int64_t today = window.zone->day_at(received_at).number;
  const bool usable =
      last_day_of_absence && *last_day_of_absence >= today && *last_day_of_absence <= today + kLongestAbsence;
  const Millis back = usable ? window.zone->day(*last_day_of_absence + 1).start
                             : days_later(*window.zone, received_at, kOutOfOfficeDays);
  return next_open(window, std::max(back, due_at.value_or(back)));
}

Millis sequence_finished_at(const Zone& zone, Millis last_sent_at, std::int64_t grace_days) {
  return days_later(zone, last_sent_at, grace_days);
}

}  // namespace overture::rules
