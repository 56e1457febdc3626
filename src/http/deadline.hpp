// When a connection is closed unless something happens: set on its strand, read by the sweeper.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace overture::http {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  void set(Clock::time_point at) { at_.store(at.time_since_epoch().count(), std::memory_order_relaxed); }
  void set_after(std::chrono::milliseconds from_now) { set(Clock::now() + from_now); }
  void set_never() { at_.store(INT64_MAX, std::memory_order_relaxed); }
  bool is_due(Clock::time_point now) const {
    return at_.load(std::memory_order_relaxed) <= now.time_since_epoch().count();
  }

 private:
  std::atomic<Clock::rep> at_{INT64_MAX};
};

/// The time that `bytes` may take at `rate` bytes per second.
inline std::chrono::milliseconds time_for(std::size_t bytes, std::size_t rate) {
  return std::chrono::milliseconds(bytes * 1000 / (rate == 0 ? 1 : rate));
}

}  // namespace overture::http
