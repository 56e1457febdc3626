// When a mail that was put off or came back is tried again.
#pragma once
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "rules/sending_window.hpp"

namespace overture::rules {

inline constexpr base::Millis kGiveUpAfter = 5 * base::kDay;
inline constexpr int kMaxSoftBounces = 3;

struct RetryFacts {
  int failures = 1;            ///< how often it was put off, this time included
  base::Millis first_try = 0;  ///< when it was tried first
  base::Millis now = 0;
  std::optional<base::Millis> campaign_end;
  SendingWindow window;
  std::uint64_t hash = 0;
};

/// After an answer of the 4xx class or a connection that failed: 5 minutes, 15 minutes, an hour (each ± 20 %,
/// inside the window), then each day's next window. nullopt: given up, because that would be more than
/// kGiveUpAfter after the first try or not before the campaign's end, or the window never opens.
std::optional<base::Millis> next_try(const RetryFacts& facts);

/// After a delivery report of the 4.x.x class: `bounces` counts them for this mail, this one included. At the
/// same time of a later day inside the window; nullopt after kMaxSoftBounces: it counts as hard.
std::optional<base::Millis> next_try_after_soft_bounce(int bounces, base::Millis now,
                                                       const SendingWindow& window, std::uint64_t hash);

}  // namespace overture::rules
