// Result codes of SQLite as errors of ours. Only the log sees SQLite's own words and the statement.
#include "db/sqlite_error.hpp"

#include <sqlite3.h>

#include <string>

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kLongestSqlInLog = 500;

const char* unavailable_text(int primary) {
  switch (primary) {
    case SQLITE_FULL:
      return "The database cannot be written: disk full";
    case SQLITE_READONLY:
      return "The database cannot be written: it is read-only";
    case SQLITE_IOERR:
      return "The database cannot be reached: input/output error";
    case SQLITE_CANTOPEN:
      return "The database cannot be opened";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "The database is busy";
    case SQLITE_INTERRUPT:
      return "The database took too long";
    case SQLITE_NOMEM:
      return "The database is out of memory";
    default:
      return "The database cannot be read";
  }
}

}  // namespace

SqliteFailure sqlite_failure(int result_code) {
  switch (result_code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return SqliteFailure::none;
    case SQLITE_INTERRUPT:
      return SqliteFailure::interrupted;
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
      return SqliteFailure::engine;
    // A file that could not be opened for writing was opened for reading, and stays so in this connection.
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    // After a failed read SQLite may call a whole file malformed; a new connection sees it as it is.
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SqliteFailure::broken;
    default:
      return SqliteFailure::statement;
  }
}

Error sqlite_error(sqlite3* connection, int result_code, std::string_view sql) {
  std::string detail = "sqlite " + std::to_string(result_code) + ": ";
  detail += connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(result_code);
  if (!sql.empty()) detail.append(" in: ").append(sql.substr(0, kLongestSqlInLog));
  if (sqlite_failure(result_code) != SqliteFailure::statement) {
    return Error(ErrorCode::unavailable, unavailable_text(result_code & 0xFF), std::move(detail));
  }
  if (result_code == SQLITE_CONSTRAINT_UNIQUE || result_code == SQLITE_CONSTRAINT_PRIMARYKEY ||
      result_code == SQLITE_CONSTRAINT_ROWID) {
    return Error(ErrorCode::conflict, {}, std::move(detail));
  }
  return Error(ErrorCode::internal, {}, std::move(detail));
}

}  // namespace overture::db
