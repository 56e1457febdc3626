// Where the PostgreSQL server is and whether it is there: connections are made here.
#pragma once
#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace overture::db {

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using PostgresHandle = std::unique_ptr<PGconn, CloseConnection>;

/// Shared by all connections of a database. A short outage (a restart, a switch-over) is waited for; once the
/// server has been away for longer, all but an occasional probe fail at once, so that nothing piles up.
class PostgresEndpoint {
 public:
  explicit PostgresEndpoint(std::string url) : url_(std::move(url)) {}

  /// A new connection, not set up yet. Throws `unavailable` after about 2 seconds (3 when nothing answers at
  /// all).
  PostgresHandle connect();

 private:
  using Clock = std::chrono::steady_clock;

  bool may_try();
  void note(bool reached);
  bool away_for_long();

  const std::string url_;
  std::mutex mutex_;
  bool away_ = false;
  Clock::time_point away_since_;
  Clock::time_point last_try_;
};

}  // namespace overture::db
