// The reading connections of a database, lent to one thread at a time. The last one returned is lent first:
// its cache is warm. One that broke is closed on return and opened anew when it is next lent.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/error.hpp"

namespace overture::db {

template <class Connection>
class ReaderPool {
 public:
  using Open = std::function<std::unique_ptr<Connection>()>;

  /// Opens all connections now, so that a wrong address shows at once.
  ReaderPool(int size, std::chrono::milliseconds longest_wait, Open open)
      : longest_wait_(longest_wait), open_(std::move(open)) {
    for (int i = 0; i < size; ++i) free_.push_back(open_());
  }

  /// Throws `unavailable` when all are in use for too long, and what opening throws.
  std::unique_ptr<Connection> borrow() {
    std::unique_lock guard(mutex_);
    if (!returned_.wait_for(guard, longest_wait_, [this] { return !free_.empty(); })) {
      throw base::Error(base::ErrorCode::unavailable, "The database is busy", "all readers are in use");
    }
    std::unique_ptr<Connection> connection = std::move(free_.back());
    free_.pop_back();
    guard.unlock();
    if (connection == nullptr) {
      try {
        connection = open_();
      } catch (...) {
        give_back(nullptr);
        throw;
      }
    }
    return connection;
  }

  /// nullptr for one that broke.
  void give_back(std::unique_ptr<Connection> connection) noexcept {
    const std::lock_guard guard(mutex_);
    free_.push_back(std::move(connection));
    returned_.notify_one();
  }

 private:
  const std::chrono::milliseconds longest_wait_;
  const Open open_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace overture::db
