// Requests and costs by user and day, and when each token was last used: gathered in memory, written now and
// then.
#pragma once
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

#include "base/clock.hpp"
#include "db/database.hpp"

namespace overture::api {

class Usage {
 public:
  void add(std::int64_t account, std::int64_t user, std::int64_t token, std::int64_t cost, base::Millis now);
  /// Writes what has gathered. What could not be written is kept for the next time. A crash loses what has
  /// gathered since the last call, never what was written.
  void flush(db::Database& database);

 private:
  struct Day {
    std::int64_t requests = 0;
    std::int64_t cost = 0;
  };
  using DayKey = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  ///< account, user, days since 1970
  struct Gathered {
    std::map<DayKey, Day> days;
    std::map<std::int64_t, base::Millis> tokens;  ///< id → last used
  };

  std::mutex mutex_;
  Gathered gathered_;
};

}  // namespace overture::api
