// What SQLite's result codes mean to us: whose fault a failure is, and what the client is told.
#pragma once
#include <string_view>

#include "base/error.hpp"

struct sqlite3;

namespace overture::db {

/// How far a failure reaches.
enum class SqliteFailure {
  none,
  statement,    ///< this statement only: broken SQL, a constraint
  interrupted,  ///< the deadline of this statement; an interrupted write undoes its whole transaction
  engine,       ///< the database cannot be written now: full, locked, out of memory
  broken,       ///< input/output failed, the file looks damaged or cannot be written: the connection must not
                ///< be used again
};

SqliteFailure sqlite_failure(int result_code);

/// The error for `result_code` of a statement; `connection` may be null.
base::Error sqlite_error(sqlite3* connection, int result_code, std::string_view sql);

}  // namespace overture::db
