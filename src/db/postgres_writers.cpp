// Transactions on PostgreSQL, and when they are tried again.
#include "db/postgres_writers.hpp"

#include <chrono>

#include "db/engines.hpp"
#include "db/writer_counters.hpp"

namespace overture::db {
namespace {

constexpr int kCounterSlots = 8;
constexpr int kMostConflicts = 5;
constexpr int kMostLosses = 2;

}  // namespace

PostgresWriters::PostgresWriters(PostgresEndpoint& endpoint, int count) : queue_(kMostWaitingWrites) {
  for (int i = 0; i < count; ++i) {
    connections_.push_back(
        std::make_unique<PostgresConnection>(endpoint, PostgresConnection::Mode::writing, i % kCounterSlots));
  }
  for (auto& connection : connections_) threads_.emplace_back([this, &connection] { run(*connection); });
}

PostgresWriters::~PostgresWriters() {
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
}

void PostgresWriters::run(PostgresConnection& connection) {
  std::vector<WriteJob> jobs;
  while (queue_.wait_and_take(jobs, 1)) {
    run_job(connection, jobs.front());
    ++writer_counters().writes;
    jobs.front().done(jobs.front().error);
    jobs.clear();
  }
}

void PostgresWriters::run_job(PostgresConnection& connection, WriteJob& job) {
  int conflicts = 0;
  int losses = 0;
  for (;;) {
    bool committing = false;
    connection.forget_failure();
    try {
      connection.begin();
      job.work(connection);
      if (connection.failure() != PostgresFailure::none) {
        throw base::Error(base::ErrorCode::internal, {},
                          "a write went on after a statement of it had failed");
      }
      committing = true;
      connection.commit();
      ++writer_counters().groups;
      return;
    } catch (...) {
      job.error = std::current_exception();
    }
    const PostgresFailure failure = connection.failure();
    connection.roll_back();
    if (failure == PostgresFailure::conflict && conflicts < kMostConflicts) {
      ++conflicts;
      // Those that met must not meet again.
      std::this_thread::sleep_for(
          std::chrono::milliseconds((1 << conflicts) * (1 + connection.counter_slot())));
    } else if (failure == PostgresFailure::lost && !committing && losses < kMostLosses) {
      ++losses;
    } else {
      return;
    }
    job.error = nullptr;
  }
}

}  // namespace overture::db
