// A bounded queue of writes.
#include "db/write_queue.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "db/writer_counters.hpp"

namespace overture::db {

using base::Error;
using base::ErrorCode;

void WriteQueue::push(WriteWork work, WriteDone done) {
  {
    const std::lock_guard guard(mutex_);
    if (!closed_ && jobs_.size() < limit_) {
      jobs_.push_back({std::move(work), std::move(done), nullptr});
      ++writer_counters().waiting;
      arrived_.notify_one();
      return;
    }
  }
  ++writer_counters().refused;
  done(std::make_exception_ptr(
      Error(ErrorCode::unavailable, "The database is busy", "too many writes wait, or it is closing")));
}

bool WriteQueue::wait_and_take(std::vector<WriteJob>& jobs, std::size_t most) {
  std::unique_lock guard(mutex_);
  arrived_.wait(guard, [this] { return closed_ || !jobs_.empty(); });
  return move_to(jobs, most);
}

bool WriteQueue::take(std::vector<WriteJob>& jobs, std::size_t most) {
  const std::lock_guard guard(mutex_);
  return move_to(jobs, most);
}

bool WriteQueue::move_to(std::vector<WriteJob>& jobs, std::size_t most) {
  const auto end = jobs_.begin() + static_cast<std::ptrdiff_t>(std::min(most, jobs_.size()));
  if (end == jobs_.begin()) return false;
  jobs.insert(jobs.end(), std::make_move_iterator(jobs_.begin()), std::make_move_iterator(end));
  writer_counters().waiting -= end - jobs_.begin();
  jobs_.erase(jobs_.begin(), end);
  return true;
}

void WriteQueue::put_back(std::vector<WriteJob>& jobs, std::size_t first) {
  const auto begin = jobs.begin() + static_cast<std::ptrdiff_t>(first);
  const std::lock_guard guard(mutex_);
  jobs_.insert(jobs_.begin(), std::make_move_iterator(begin), std::make_move_iterator(jobs.end()));
  writer_counters().waiting += jobs.end() - begin;
  jobs.erase(begin, jobs.end());
}

void WriteQueue::close() {
  const std::lock_guard guard(mutex_);
  closed_ = true;
  arrived_.notify_all();
}

}  // namespace overture::db
