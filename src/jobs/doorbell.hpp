// Tells the runners of this process that something may be due.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace overture::jobs {

/// One for the process: whoever enqueues knows only a connection.
class Doorbell {
 public:
  static Doorbell& instance();

  void ring();
  std::uint64_t rings();
  /// Waits until it has rung more than `seen` times, `stop` is true, or the time has passed.
  template <class Stop>
  void wait(std::uint64_t seen, std::chrono::milliseconds most, Stop stop) {
    std::unique_lock lock(mutex_);
    rang_.wait_for(lock, most, [&] { return rings_ != seen || stop(); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable rang_;
  std::uint64_t rings_ = 0;
};

}  // namespace overture::jobs
