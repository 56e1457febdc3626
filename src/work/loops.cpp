#include "work/loops.hpp"

#include "base/log.hpp"

namespace overture::work {
namespace {

using namespace std::chrono_literals;

constexpr auto kAfterFailure = 3000ms;

}  // namespace

void Loops::begin(std::string name, std::chrono::milliseconds pause, std::function<bool()> step) {
  {
    const std::lock_guard lock(mutex_);
    ++working_;
  }
  threads_.emplace_back(
      [this, name = std::move(name), pause, step = std::move(step)] { run(name, pause, step); });
}

void Loops::run(const std::string& name, std::chrono::milliseconds pause, const std::function<bool()>& step) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    std::chrono::milliseconds wait = pause;
    try {
      if (step()) wait = 0ms;
    } catch (const std::exception& error) {
      base::log_warning(about_, {{"part", name}, {"error", error.what()}});
      wait = kAfterFailure;
    }
    lock.lock();
    if (wait > 0ms) changed_.wait_for(lock, wait, [this] { return stopping_; });
  }
  --working_;
  changed_.notify_all();
}

void Loops::ask_to_stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

bool Loops::wait(std::chrono::milliseconds deadline) {
  std::unique_lock lock(mutex_);
  const bool ended = changed_.wait_for(lock, deadline, [this] { return working_ == 0; });
  lock.unlock();
  if (!ended) return false;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return true;
}

}  // namespace overture::work
