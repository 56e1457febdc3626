// The threads that write to PostgreSQL, each with a connection of its own.
#pragma once
#include <memory>
#include <thread>
#include <vector>

#include "db/postgres_connection.hpp"
#include "db/write_queue.hpp"

namespace overture::db {

/// Each job is a transaction. It is run again when the connection broke before its COMMIT was sent, and when
/// it lost against another transaction (up to 5 times). One whose COMMIT was under way when the connection
/// broke may have happened: it fails with `unavailable` and is never repeated.
class PostgresWriters {
 public:
  PostgresWriters(PostgresEndpoint& endpoint, int count);
  /// Finishes what is queued.
  ~PostgresWriters();

  void push(WriteWork work, WriteDone done) { queue_.push(std::move(work), std::move(done)); }

 private:
  void run(PostgresConnection& connection);
  static void run_job(PostgresConnection& connection, WriteJob& job);

  WriteQueue queue_;
  std::vector<std::unique_ptr<PostgresConnection>> connections_;
  std::vector<std::thread> threads_;
};

}  // namespace overture::db
