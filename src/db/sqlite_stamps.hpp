// Whether anything was committed to a SQLite file, by whichever process, told without a statement.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "db/database.hpp"
#include "db/sqlite_connection.hpp"

namespace overture::db {

/// The header of the index of the write-ahead log lies in memory that all connections of all processes share
/// (https://sqlite.org/walformat.html, section 2.1). Every commit changes it: a counter, the number of
/// frames, their running checksum, the salts of the log. SQLite itself takes its cached pages for current
/// while the header stands as it was. Safe for many threads.
class SqliteStamps {
 public:
  /// The file must be a WAL database by now.
  explicit SqliteStamps(const std::string& path);

  /// Empty while a commit is just being written there, and where SQLite has no shared memory.
  std::optional<Stamp> now() const;

 private:
  /// Keeps the memory mapped, and is not used for anything else.
  SqliteConnection keeper_;
  std::uint64_t* header_ = nullptr;
};

}  // namespace overture::db
