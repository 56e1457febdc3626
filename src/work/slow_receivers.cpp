#include "work/slow_receivers.hpp"

namespace overture::work {
namespace {

constexpr base::Millis kSlow = 2 * base::kSecond;
/// Each is a condition of a statement.
constexpr std::size_t kMostKnown = 100;

}  // namespace

bool SlowReceivers::take() {
  const std::lock_guard lock(mutex_);
  if (places_ == 0) return false;
  --places_;
  return true;
}

void SlowReceivers::Place::give_back() {
  if (!taken_) return;
  taken_ = false;
  const std::lock_guard lock(of_.mutex_);
  ++of_.places_;
}

void SlowReceivers::note(const events::WebhookKey& webhook, base::Millis took) {
  const std::lock_guard lock(mutex_);
  if (took < kSlow) {
    slow_.erase(webhook);
  } else if (slow_.size() < kMostKnown) {
    slow_.insert(webhook);
  }
}

bool SlowReceivers::contains(const events::WebhookKey& webhook) const {
  const std::lock_guard lock(mutex_);
  return slow_.contains(webhook);
}

std::vector<events::WebhookKey> SlowReceivers::all() const {
  const std::lock_guard lock(mutex_);
  return {slow_.begin(), slow_.end()};
}

}  // namespace overture::work
