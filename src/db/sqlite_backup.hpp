// An online copy of a SQLite database.
#pragma once
#include <string>

#include "db/sqlite_connection.hpp"

namespace overture::db {

/// Copies what `source` sees at this moment into the new file `path`, durably; writers are not held up.
/// Nothing of that name is left when it fails. Throws `conflict` when `path` exists.
void back_up_sqlite(SqliteConnection& source, const std::string& path);

}  // namespace overture::db
