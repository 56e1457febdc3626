// The steps of the schema, for migrate() and for tests that bring their own.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace overture::db {

struct Migration {
  int version;            ///< counted from 1 without gaps
  std::string_view name;  ///< `NNNN_name.sql`
  std::string_view script;
};

/// Those of the program, in order.
const std::vector<Migration>& program_migrations();

/// As migrate(Database&), with other steps.
int migrate(Database& database, const std::vector<Migration>& migrations);

}  // namespace overture::db
