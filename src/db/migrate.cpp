// The schema, forward only: each step and the row that says it was taken are one transaction.
#include <charconv>

#include "base/error.hpp"
#include "db/dialect.hpp"
#include "db/migrations.hpp"
#include "embedded/migrations.hpp"

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

bool has_version_table(Connection& connection) {
  return connection.exists(
      connection.engine() == Engine::sqlite
          ? Sql("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'")
          : Sql("SELECT 1 WHERE to_regclass('schema_version') IS NOT NULL"));
}

/// Takes the step after the one the database is at; false when there is none.
bool take_step(Connection& connection, const std::vector<Migration>& migrations) {
  // Two programs may start at once: the second waits here, then sees what the first one did.
  connection.lock("schema_version");
  connection.set_deadline(0);
  const int version = schema_version(connection);
  const int latest = static_cast<int>(migrations.size());
  if (version > latest) {
    throw Error(ErrorCode::unavailable, "The database is of a newer version of this program (schema " +
                                            std::to_string(version) + ", this program knows " +
                                            std::to_string(latest) + "): start the newer version");
  }
  if (version == latest) return false;
  if (!has_version_table(connection)) {
    connection.run_script(
        "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)");
  }
  const Migration& step = migrations[static_cast<std::size_t>(version)];
  connection.run_script(translate_schema(step.script, connection.engine()));
  connection.execute(
      Sql("INSERT INTO schema_version (version, name) VALUES (?, ?)", step.version, step.name));
  return true;
}

std::vector<Migration> load_migrations() {
  std::vector<Migration> migrations;
  for (const auto& file : embedded::migrations()) {
    int version = 0;
    std::from_chars(file.name.data(), file.name.data() + file.name.size(), version);
    migrations.push_back({version, file.name, file.bytes});
    if (version != static_cast<int>(migrations.size())) {
      throw Error(ErrorCode::internal, {},
                  "migrations must be numbered without gaps: " + std::string(file.name));
    }
  }
  return migrations;
}

}  // namespace

const std::vector<Migration>& program_migrations() {
  static const std::vector<Migration> migrations = load_migrations();
  return migrations;
}

int migrate(Database& database, const std::vector<Migration>& migrations) {
  int steps = 0;
  while (database.write([&](Connection& connection) { return take_step(connection, migrations); })) ++steps;
  return steps;
}

int migrate(Database& database) { return migrate(database, program_migrations()); }

int schema_version(Connection& connection) {
  if (!has_version_table(connection)) return 0;
  return static_cast<int>(connection.integer(Sql("SELECT max(version) FROM schema_version")));
}

int latest_schema_version() { return static_cast<int>(program_migrations().size()); }

}  // namespace overture::db
