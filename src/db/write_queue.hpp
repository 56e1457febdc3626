// The writes that wait, in order, for the writer threads of a database. Bounded: a database that is down must
// answer "unavailable", not collect work.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "db/database.hpp"

namespace overture::db {

struct WriteJob {
  WriteWork work;
  WriteDone done;
  std::exception_ptr error;  ///< why it failed, once it has
};

class WriteQueue {
 public:
  explicit WriteQueue(std::size_t limit) : limit_(limit) {}

  /// Queues the job; when there are too many or the database is closing, calls its `done` with `unavailable`.
  void push(WriteWork work, WriteDone done);
  /// Waits for jobs and moves up to `most` of them to the end of `jobs`. False when closed and empty.
  bool wait_and_take(std::vector<WriteJob>& jobs, std::size_t most);
  /// The same without waiting; false when there is none.
  bool take(std::vector<WriteJob>& jobs, std::size_t most);
  /// Puts the jobs from `first` on back in front of the queue.
  void put_back(std::vector<WriteJob>& jobs, std::size_t first);
  /// Nothing is accepted from now on; what is queued is still handed out.
  void close();

 private:
  bool move_to(std::vector<WriteJob>& jobs, std::size_t most);

  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<WriteJob> jobs_;
  bool closed_ = false;
};

}  // namespace overture::db
