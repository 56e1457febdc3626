// Slows down guessing of passwords: after a few failures each further try for the same account and address
// waits.
#pragma once
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace overture::api {

class LoginGuard {
 public:
  static constexpr int kFreeTries = 5;
  static constexpr base::Millis kLongestWait = base::kMinute;

  /// Milliseconds until a try for this name is allowed; 0: now. An allowed try counts as failed until
  /// succeeded().
  base::Millis try_now(const std::string& name, base::Millis now);
  void succeeded(const std::string& name);

 private:
  struct Tries {
    int failures = 0;
    base::Millis allowed_at = 0;
  };
  static constexpr std::size_t kMaxNames = 10'000;

  std::mutex mutex_;
  std::unordered_map<std::string, Tries> tries_;
};

}  // namespace overture::api
