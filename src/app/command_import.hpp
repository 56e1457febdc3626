// `overture import FILE.csv --campaign ID`: a file of prospects into an import campaign, beside a running
// server or not.
#pragma once
#include <atomic>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "base/clock.hpp"
#include "db/database.hpp"

namespace overture::app {

struct ImportCommand {
  std::string file;
  std::int64_t campaign = 0;
  bool merge_duplicate_personalization = false;
  const base::Clock& clock;
  std::ostream& out;     ///< progress and summary
  std::ostream& errors;  ///< what went wrong
  bool is_tty = false;   ///< `out` is a terminal: a progress bar
  /// Set by whoever catches SIGINT and SIGTERM: the import stops after the rows it is at and says how to go
  /// on.
  const std::atomic<bool>* stop = nullptr;
};

/// Streams the file into the campaign. The first row names the columns. Each batch of rows is written
/// together with the count of rows done, so an interrupted import goes on exactly where it stopped when the
/// same file is imported again. Returns the exit code: 0 when all rows were worked off (those that are no
/// prospects are counted and shown), 1 otherwise.
int run_import(db::Database& database, const ImportCommand& command);

}  // namespace overture::app
