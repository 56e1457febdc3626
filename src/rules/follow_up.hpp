// When the attempts of a sequence are due, and when it has come to its end.
#pragma once
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "rules/sending_window.hpp"

namespace overture::rules {

inline constexpr std::int64_t kGraceDays = 7;
inline constexpr std::int64_t kOutOfOfficeDays = 7;

/// The same time of day, as clocks of the zone show it, `days` days later; where that time is left out, the
/// moment of the jump.
base::Millis days_later(const Zone& zone, base::Millis time, std::int64_t days);

/// `delay_days` after the previous successful send, at the same local time, moved on to when the window is
/// open. nullopt when it never opens.
std::optional<base::Millis> follow_up_due_at(const SendingWindow& window, base::Millis previous_sent_at,
                                             std::int64_t delay_days);

/// After an automatic answer: the window's opening on the day after the last day of absence
/// (LocalDay::number), or a week after the answer when it names none, or names one that has passed or lies
/// more than a year ahead. Never before `due_at`.
std::optional<base::Millis> resume_after_out_of_office(const SendingWindow& window, base::Millis received_at,
                                                       std::optional<std::int64_t> last_day_of_absence,
                                                       std::optional<base::Millis> due_at = std::nullopt);

/// When nobody has answered until then, the sequence is finished: `grace_days` after its last mail.
base::Millis sequence_finished_at(const Zone& zone, base::Millis last_sent_at,
                                  std::int64_t grace_days = kGraceDays);

}  // namespace overture::rules
