// What PostgreSQL's SQLSTATEs mean to us: whose fault a failure is, and what the client is told.
#pragma once
#include <libpq-fe.h>

#include <string_view>

#include "base/error.hpp"

namespace overture::db {

/// How far a failure reaches.
enum class PostgresFailure {
  none,
  statement,  ///< this transaction; the same again would fail again
  conflict,   ///< with another transaction (deadlock, serialisation): worth another try from the start
  timed_out,  ///< no answer in time: the connection is given up, and another try would only wait again
  lost,       ///< the connection or the server went away, or does not take writes any more
};

PostgresFailure postgres_failure(std::string_view sqlstate);
/// Whether the prepared statements of the connection are no longer what they were (the schema changed).
bool is_stale_statement(const PGresult* result);

/// The error for a failed result of `sql`.
base::Error postgres_error(const PGresult* result, std::string_view sql);
/// The error for a connection that does not work; `client` for the client, libpq's words for the log.
base::Error postgres_error(const PGconn* connection, std::string_view client);

}  // namespace overture::db
