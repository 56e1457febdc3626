// How mails are spread over the day: the next one of a campaign, and limits that grow with a new mailbox.
#pragma once
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "rules/sending_window.hpp"

namespace overture::rules {

inline constexpr base::Millis kMinimumSpacing = base::kMinute;

/// `length` with up to ± 20 % of it, decided by `hash` (any 64 bits, evenly spread over different ones).
base::Millis with_jitter(base::Millis length, std::uint64_t hash);

struct SpacingFacts {
  SendingWindow window;
  base::Millis sent_at = 0;      ///< of the mail that has just left
  std::int64_t quota_left = 0;   ///< mails the campaign may still send in the local day of `sent_at`
  std::int64_t daily_limit = 0;  ///< of a whole day; decides how far a new day's first mail is moved
  base::Millis minimum = kMinimumSpacing;
  std::uint64_t hash = 0;
};

/// When the campaign sends again. The rest of today's window is shared out evenly among the mail that has
/// just left and those still to come, ± 20 %, but never closer than the minimum. Always inside the window:
/// when today's quota or window is used up, shortly after it opens on a later day, so that campaigns with
/// the same hours do not all begin in the same second. nullopt when the window never opens or the daily limit
/// is 0.
std::optional<base::Millis> next_send_at(const SpacingFacts& facts);

/// How a new mailbox grows.
struct Ramp {
  std::int64_t start = 0;       ///< mails on its first day; 0 and less: no ramp
  std::int64_t step = 0;        ///< more after each period
  std::int64_t every_days = 7;  ///< length of the period
};

/// The limit of `today` for a mailbox that sends since `first_day` (LocalDay::number); never above `limit`,
/// never below 0.
std::int64_t effective_daily_limit(std::int64_t limit, const Ramp& ramp, std::int64_t first_day,
                                   std::int64_t today);

}  // namespace overture::rules
