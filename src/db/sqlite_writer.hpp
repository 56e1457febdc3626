// The one thread that writes to a SQLite file. All writes that wait are committed together.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "db/sqlite_connection.hpp"
#include "db/write_queue.hpp"

namespace overture::db {

/// When a job of a group throws, only it is undone: the others run again, each in a savepoint of its own,
/// unless it had not changed anything when it was refused. When the engine fails (disk full, input/output
/// error, commit refused), all of the group fail and nothing of them is left. `done` of a job is called on
/// the writer thread after the commit, so it should be short; it must not throw.
class SqliteWriter {
 public:
  /// Opens (creates) the file; throws base::Error.
  SqliteWriter(std::string path, std::size_t page_cache_kib);
  /// Finishes what is queued, then empties the log into the file.
  ~SqliteWriter();

  void push(WriteWork work, WriteDone done) { queue_.push(std::move(work), std::move(done)); }
  /// Groups committed since the start.
  std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }

 private:
  void run();
  void run_group(std::vector<WriteJob>& jobs);
  /// False when the group was undone because of one job, which has its error now: the others must repeat.
  /// `careful`: a job that fails is undone alone, unless the engine undoes everything.
  bool try_group(std::vector<WriteJob>& jobs, bool careful);
  bool run_job(WriteJob& job, bool careful);
  void commit();

  const std::string path_;
  const std::size_t page_cache_kib_;
  std::unique_ptr<SqliteConnection> connection_;
  WriteQueue queue_;
  std::atomic<std::uint64_t> commits_ = 0;
  std::thread thread_;
};

}  // namespace overture::db
