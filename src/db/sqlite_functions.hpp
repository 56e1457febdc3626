// SQL functions that SQLite lacks or has differently from PostgreSQL.
#pragma once

struct sqlite3;

namespace overture::db {

/// Replaces lower(), which knows ASCII only, by Unicode's. Returns SQLite's result code.
int add_sqlite_functions(sqlite3* connection);

}  // namespace overture::db
