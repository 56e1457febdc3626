// Threads that do a step again and again, with a pause when there was nothing to do.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace overture::work {

class Loops {
 public:
  /// `about`: what the log calls them.
  explicit Loops(std::string about) : about_(std::move(about)) {}
  /// All have to have ended.
  ~Loops() = default;
  Loops(const Loops&) = delete;
  Loops& operator=(const Loops&) = delete;

  /// Runs `step` on a thread of its own until the stop; it says whether there is more to do at once. What it
  /// throws is logged, and followed by a longer pause.
  void begin(std::string name, std::chrono::milliseconds pause, std::function<bool()> step);

  void ask_to_stop();
  /// After ask_to_stop(): false when a step was not over in time.
  bool wait(std::chrono::milliseconds deadline);

 private:
  void run(const std::string& name, std::chrono::milliseconds pause, const std::function<bool()>& step);

  std::string about_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  int working_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace overture::work
