// So many requests a minute for each user, counted over a rolling minute in buckets of one second.
#pragma once
#include <array>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "base/clock.hpp"

namespace overture::api {

class RateLimit {
 public:
  /// `per_minute` 0: no limit.
  explicit RateLimit(std::int64_t per_minute) : per_minute_(per_minute) {}

  struct Verdict {
    bool allowed = true;
    std::int64_t limit = 0;      ///< 0: no limit
    std::int64_t remaining = 0;  ///< requests left in this window
    std::int64_t reset = 0;      ///< seconds until the next request becomes free; at least 1 when not allowed
  };
  /// Counts one request of `user`; one that is not allowed is not counted. Safe for many threads.
  Verdict take(std::int64_t user, base::Millis now);

 private:
  static constexpr std::int64_t kWindow = 60;
  struct Window {
    std::array<std::int32_t, kWindow> buckets{};
    std::int64_t second = 0;  ///< of the newest bucket
    std::int64_t total = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::int64_t, Window> windows;
  };

  std::int64_t per_minute_;
  std::array<Shard, 16> shards_;
};

}  // namespace overture::api
