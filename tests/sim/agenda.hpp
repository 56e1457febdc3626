// What will happen in the world by itself, in order of time.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace overture::sim {

class Agenda {
 public:
  void add(base::Millis at, std::function<void()> event) { events_.push({at, ++added_, std::move(event)}); }
  std::optional<base::Millis> next() const {
    if (events_.empty()) return std::nullopt;
    return events_.top().at;
  }
  /// Everything up to `now`; events may add others.
  void run_until(base::Millis now) {
    while (!events_.empty() && events_.top().at <= now) {
      std::function<void()> event = events_.top().event;
      events_.pop();
      event();
    }
  }

 private:
  struct Event {
    base::Millis at = 0;
    std::uint64_t order = 0;
    std::function<void()> event;
    bool operator<(const Event& other) const {
      return std::pair(at, order) > std::pair(other.at, other.order);
    }
  };
  std::priority_queue<Event> events_;
  std::uint64_t added_ = 0;
};

}  // namespace overture::sim
