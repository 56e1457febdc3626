// A ring of sixty buckets a user; moving on in time empties the buckets that are passed.
#include "api/rate_limit.hpp"

#include <algorithm>

namespace overture::api {

RateLimit::Verdict RateLimit::take(std::int64_t user, base::Millis now) {
  Verdict verdict;
  verdict.limit = per_minute_;
  if (per_minute_ == 0) return verdict;
  Shard& shard = shards_.at(static_cast<std::size_t>(user) % shards_.size());
  std::lock_guard lock(shard.mutex);
  Window& window = shard.windows[user];
  std::int64_t second = now / base::kSecond;
  // A clock that was set back far starts a new window: nobody is locked out by it.
  if (second < window.second - kWindow) window = {};
  second = std::max(second, window.second);
  auto bucket = [&](std::int64_t at) -> std::int32_t& {
    return window.buckets.at(static_cast<std::size_t>(at % kWindow));
  };
  if (second - window.second >= kWindow) {
    window.buckets.fill(0);
    window.total = 0;
  } else {
    for (std::int64_t at = window.second + 1; at <= second; ++at) {
      window.total -= bucket(at);
      bucket(at) = 0;
    }
  }
  window.second = second;
  verdict.allowed = window.total < per_minute_;
  if (verdict.allowed) {
    ++bucket(second);
    ++window.total;
  }
  verdict.remaining = per_minute_ - window.total;
  std::int64_t oldest = second - kWindow + 1;
  while (oldest < second && bucket(oldest) == 0) ++oldest;
  verdict.reset = std::max<std::int64_t>(1, oldest + kWindow - second);
  return verdict;
}

}  // namespace overture::api
