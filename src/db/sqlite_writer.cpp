// Group commit: one BEGIN IMMEDIATE and one fsync for all writes that wait.
#include "db/sqlite_writer.hpp"

#include "db/engines.hpp"
#include "db/writer_counters.hpp"

namespace overture::db {
namespace {

using namespace std::chrono_literals;

// Bounds of a group: nobody waits much longer for its commit than for its own work.
constexpr std::size_t kMostJobs = 512;
constexpr auto kLongestGroup = 100ms;

const Sql kBegin("BEGIN IMMEDIATE");
const Sql kCommit("COMMIT");
const Sql kSavepoint("SAVEPOINT job");
const Sql kRelease("RELEASE job");
const Sql kUndo("ROLLBACK TO job");

/// What a request did wrong, not what went wrong here.
bool is_refusal(const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const base::Error& error) {
    return error.status() < 500;
  } catch (...) {
    return false;
  }
}

}  // namespace

SqliteWriter::SqliteWriter(std::string path, std::size_t page_cache_kib)
    : path_(std::move(path)),
      page_cache_kib_(page_cache_kib),
      connection_(
          std::make_unique<SqliteConnection>(path_, page_cache_kib_, SqliteConnection::Mode::writing)),
      queue_(kMostWaitingWrites) {
  thread_ = std::thread([this] { run(); });
}

SqliteWriter::~SqliteWriter() {
  queue_.close();
  thread_.join();
  if (connection_ != nullptr) {
    sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  }
}

void SqliteWriter::run() {
  std::vector<WriteJob> jobs;
  jobs.reserve(kMostJobs);
  while (queue_.wait_and_take(jobs, kMostJobs)) {
    run_group(jobs);
    writer_counters().writes += static_cast<std::int64_t>(jobs.size());
    for (WriteJob& job : jobs) job.done(job.error);
    jobs.clear();
  }
}

void SqliteWriter::run_group(std::vector<WriteJob>& jobs) {
  try {
    if (connection_ == nullptr) {
      connection_ =
          std::make_unique<SqliteConnection>(path_, page_cache_kib_, SqliteConnection::Mode::writing);
    }
    // Savepoints cost as much as a small write: they are taken once one of the group has failed.
    for (bool careful = false; !try_group(jobs, careful);) careful = true;
  } catch (...) {
    for (WriteJob& job : jobs) {
      if (job.error == nullptr) job.error = std::current_exception();
    }
    if (connection_ == nullptr) return;
    connection_->roll_back();
    if (connection_->broken() || connection_->in_transaction()) connection_.reset();
  }
}

bool SqliteWriter::try_group(std::vector<WriteJob>& jobs, bool careful) {
  connection_->set_deadline(0);
  connection_->execute(kBegin);
  const auto end = std::chrono::steady_clock::now() + kLongestGroup;
  // Those that arrived while the others ran join the group.
  for (std::size_t i = 0; i < jobs.size() || queue_.take(jobs, kMostJobs - std::min(jobs.size(), kMostJobs));
       ++i) {
    if (jobs[i].error != nullptr) continue;
    if (i > 0 && std::chrono::steady_clock::now() > end) {
      queue_.put_back(jobs, i);
      break;
    }
    if (!run_job(jobs[i], careful)) return false;
  }
  commit();
  return true;
}

bool SqliteWriter::run_job(WriteJob& job, bool careful) {
  SqliteConnection& connection = *connection_;
  connection.forget_failure();
  connection.set_deadline(0);
  if (careful) connection.execute(kSavepoint);
  const std::int64_t changes = sqlite3_total_changes64(connection.handle());
  try {
    connection.set_deadline(kWriteDeadline);
    job.work(connection);
    if (connection.failure() != SqliteFailure::none) {
      throw base::Error(base::ErrorCode::internal, {}, "a write went on after a statement of it had failed");
    }
  } catch (...) {
    job.error = std::current_exception();
  }
  connection.set_deadline(0);
  if (job.error == nullptr) {
    if (careful) connection.execute(kRelease);
    return true;
  }
  if (connection.failure() >= SqliteFailure::engine) std::rethrow_exception(job.error);
  // An interrupted INSERT, UPDATE or DELETE undoes the whole transaction, not only its savepoint.
  if (!connection.in_transaction()) return false;
  if (!careful) {
    if (sqlite3_total_changes64(connection.handle()) == changes && is_refusal(job.error)) return true;
    connection.roll_back();
    return false;
  }
  connection.execute(kUndo);
  connection.execute(kRelease);
  return true;
}

void SqliteWriter::commit() {
  connection_->execute(kCommit);
  commits_.fetch_add(1, std::memory_order_relaxed);
  ++writer_counters().groups;
}

}  // namespace overture::db
