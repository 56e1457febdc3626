// Times to wait, and when waiting is over.
#include "rules/retry.hpp"

#include <algorithm>
#include <array>

#include "rules/follow_up.hpp"
#include "rules/spacing.hpp"

namespace overture::rules {
namespace {

using base::Millis;

constexpr std::array<Millis, 3> kWaits = {5 * base::kMinute, 15 * base::kMinute, base::kHour};
/// What was put off does not all come at the second the window opens.
constexpr Millis kSpreadOfMorning = 24 * base::kMinute;

/// Some time after the window has opened, still inside it.
Millis after_opening(const SendingWindow& window, Millis opens, std::uint64_t hash) {
  const Millis room = std::clamp<Millis>(closes_at(window, opens) - opens, 1, kSpreadOfMorning);
  return opens + static_cast<Millis>(hash % static_cast<std::uint64_t>(room));
}

}  // namespace

std::optional<Millis> next_try(const RetryFacts& facts) {
  if (facts.window.zone == nullptr) return std::nullopt;
  const std::size_t failures = static_cast<std::size_t>(std::max(facts.failures, 1));
  const bool soon = failures <= kWaits.size();
  std::optional<Millis> at =
      soon ? next_open(facts.window, facts.now + with_jitter(kWaits[failures - 1], facts.hash))
           : next_day_open(facts.window, facts.now);
  if (at && !soon) at = after_opening(facts.window, *at, facts.hash);
  if (!at || *at > facts.first_try + kGiveUpAfter) return std::nullopt;
  if (facts.campaign_end && *at >= *facts.campaign_end) return std::nullopt;
  return at;
}

std::optional<Millis> next_try_after_soft_bounce(int bounces, Millis now, const SendingWindow& window,
                                                 std::uint64_t hash) {
  if (bounces > kMaxSoftBounces || window.zone == nullptr) return std::nullopt;
  const Millis tomorrow = days_later(*window.zone, now, 1);
  const auto opens = next_open(window, tomorrow);
  if (!opens || *opens == tomorrow) return opens;
  return after_opening(window, *opens, hash);
}

}  // namespace overture::rules
