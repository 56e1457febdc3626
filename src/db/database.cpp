// Which engine an address names.
#include "db/database.hpp"

#include "base/error.hpp"
#include "db/engines.hpp"

namespace overture::db {

using base::Error;
using base::ErrorCode;

std::unique_ptr<Database> Database::open(const Options& options) {
  constexpr std::string_view kSqlite = "sqlite:";
  const std::string_view url = options.url;
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return open_postgres(options);
  if (url.starts_with(kSqlite)) {
    std::string_view path = url.substr(kSqlite.size());
    if (path.starts_with("//")) path.remove_prefix(2);
    // Several connections share one file; a database in memory would be another one for each.
    if (!path.empty() && !path.starts_with(":")) return open_sqlite(std::string(path), options);
  }
  throw Error(ErrorCode::unavailable,
              "The database address must be sqlite:PATH or postgresql://user@host:port/name");
}

}  // namespace overture::db
