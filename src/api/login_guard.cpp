// The wait doubles from one second to a minute; keys and tokens go on working meanwhile.
#include "api/login_guard.hpp"

#include <algorithm>

namespace overture::api {

base::Millis LoginGuard::try_now(const std::string& name, base::Millis now) {
  std::lock_guard lock(mutex_);
  if (tries_.size() >= kMaxNames && !tries_.contains(name)) {
    std::erase_if(tries_, [now](const auto& entry) { return entry.second.allowed_at + kLongestWait < now; });
    if (tries_.size() >= kMaxNames) tries_.clear();
  }
  Tries& tries = tries_[name];
  if (tries.allowed_at > now) return tries.allowed_at - now;
  ++tries.failures;
  if (tries.failures >= kFreeTries) {
    int doublings = std::min(tries.failures - kFreeTries, 10);
    tries.allowed_at = now + std::min(base::kSecond << doublings, kLongestWait);
  }
  return 0;
}

void LoginGuard::succeeded(const std::string& name) {
  std::lock_guard lock(mutex_);
  tries_.erase(name);
}

}  // namespace overture::api
