// Even spacing is worked out anew after each mail, so jitter never adds up.
#include "rules/spacing.hpp"

#include <algorithm>

namespace overture::rules {
namespace {

using base::Millis;

/// A new day begins within the first part of this many that a mail of it has for itself.
constexpr Millis kFirstPart = 5;

/// 0 to `below` - 1.
Millis part_of(std::uint64_t hash, Millis below) {
  return static_cast<Millis>(hash % static_cast<std::uint64_t>(below));
}

/// Shortly after the window opens on a later day, and not before `earliest`.
std::optional<Millis> begin_of_later_day(const SpacingFacts& facts, Millis earliest) {
  const auto opens = next_day_open(facts.window, facts.sent_at);
  if (!opens) return std::nullopt;
  const Millis each = (closes_at(facts.window, *opens) - *opens) / facts.daily_limit;
  return next_open(facts.window,
                   std::max(*opens + part_of(facts.hash, std::max<Millis>(each / kFirstPart, 1)), earliest));
}

}  // namespace

Millis with_jitter(Millis length, std::uint64_t hash) {
  if (length <= 0) return 0;
  // In thousandths, from 800 to 1200: exact, and without overflow for any length there is.
  const Millis thousandths = 800 + part_of(hash, 401);
  return length / 1000 * thousandths + length % 1000 * thousandths / 1000;
}

std::optional<Millis> next_send_at(const SpacingFacts& facts) {
  if (facts.daily_limit <= 0 || facts.window.zone == nullptr) return std::nullopt;
  const Millis earliest = facts.sent_at + std::max<Millis>(facts.minimum, 1);
  if (facts.quota_left <= 0) return begin_of_later_day(facts, earliest);
  const Millis left = open_time_left(facts.window, facts.sent_at);
  const Millis each = with_jitter(left / (facts.quota_left + 1), facts.hash);
  const auto opens = next_open(facts.window, std::max(facts.sent_at + each, earliest));
  if (!opens || *opens < local_day(facts.window, facts.sent_at).end) return opens;
  return begin_of_later_day(facts, earliest);
}

std::int64_t effective_daily_limit(std::int64_t limit, const Ramp& ramp, std::int64_t first_day,
                                   std::int64_t today) {
  limit = std::max<std::int64_t>(limit, 0);
  if (ramp.start <= 0 || ramp.start >= limit) return limit;
  const std::int64_t periods =
      std::max<std::int64_t>(today - first_day, 0) / std::max<std::int64_t>(ramp.every_days, 1);
  if (ramp.step <= 0 || periods == 0) return ramp.start;
  if (periods > (limit - ramp.start) / ramp.step) return limit;
  return ramp.start + periods * ramp.step;
}

}  // namespace overture::rules
