// `overture restore`: a backup becomes the database. The copy sends nothing until it is told to, because
// mails that left after the backup was made are unknown to it.
#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>

#include "app/commands.hpp"
#include "app/postgres_tools.hpp"
#include "app/store.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

namespace overture::app {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kSqliteHeader("SQLite format 3\0", 16);
constexpr std::string_view kPgDumpHeader = "PGDMP";

std::string read_start(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::not_found, fmt::format("cannot read {}", file));
  std::string start(16, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  return start;
}

/// The database file and what SQLite keeps beside it.
void remove_database(const std::filesystem::path& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix, ignored);
}

/// Brings the restored database to this program and holds its mail back.
void prepare(const std::string& url) {
  auto database = db::Database::open({.url = url, .readers = 1});
  const std::string verdict = database->read([](db::Connection& connection) {
    if (connection.engine() != db::Engine::sqlite) return std::string("ok");
    connection.set_deadline(0);
    return connection.text(db::Sql("PRAGMA integrity_check"));
  });
  if (verdict != "ok") throw Error(ErrorCode::unavailable, "the backup is damaged: " + verdict);
  if (database->read([](db::Connection& c) { return db::schema_version(c); }) == 0) {
    throw Error(ErrorCode::invalid_value, "the backup holds no database of Overture");
  }
  db::migrate(*database);
  database->write([](db::Connection& connection) { write_fact(connection, kSendingPaused, "1"); });
}

/// The old file keeps its log beside it, so it can be opened again under its new name. The file goes first:
/// killed in between, there is no database and not one without its log.
void set_aside(const std::filesystem::path& database, const std::string& suffix) {
  for (const char* part : {"", "-wal", "-shm"}) {
    const std::filesystem::path from = database.string() + part;
    std::error_code ignored;
    if (std::filesystem::exists(from, ignored)) move_file(from, database.string() + suffix + part);
  }
}

void restore_sqlite(const Config& config, const std::string& file, bool force) {
  if (read_start(file) != kSqliteHeader) {
    throw Error(ErrorCode::invalid_value, fmt::format("{} is no SQLite database", file));
  }
  std::error_code error;
  if (std::filesystem::file_size(file + "-wal", error) > 0 && !error) {
    throw Error(ErrorCode::invalid_value,
                fmt::format("{} is a database in use; copy it with `overture backup`", file));
  }
  const FileLock alone = lock_alone(config);
  const std::filesystem::path database = config.database_file();
  const bool exists = std::filesystem::exists(database, error);
  if (exists && !force) {
    throw Error(
        ErrorCode::conflict,
        fmt::format("{} exists already; --force replaces it (and keeps it beside)", database.string()));
  }
  const std::filesystem::path draft = database.string() + ".restoring";
  remove_database(draft);
  if (!std::filesystem::copy_file(file, draft, error) || error) {
    const std::string reason = error.message();
    remove_database(draft);
    throw Error(ErrorCode::unavailable,
                fmt::format("cannot copy {} to {}: {}", file, draft.string(), reason));
  }
  chmod(draft.c_str(), 0600);
  try {
    prepare("sqlite:" + draft.string());
  } catch (...) {
    remove_database(draft);
    throw;
  }
  if (std::filesystem::exists(draft.string() + "-wal", error)) {
    throw Error(ErrorCode::internal, fmt::format("{} did not close completely", draft.string()));
  }
  sync_file(draft);
  const std::string suffix = fmt::format(".replaced-{}", base::SystemClock().now());
  set_aside(database, suffix);
  move_file(draft, database);
  sync_directory(database.parent_path());
  if (exists) fmt::print("The database that was there is kept as {}{}.\n", database.string(), suffix);
}

void restore_postgres(const Config& config, const std::string& file, bool force) {
  if (!read_start(file).starts_with(kPgDumpHeader)) {
    throw Error(ErrorCode::invalid_value, fmt::format("{} is no dump made by `overture backup`", file));
  }
  {
    auto database = db::Database::open({.url = config.database, .readers = 1});
    const int version = database->read([](db::Connection& c) { return db::schema_version(c); });
    if (version > 0 && !force) {
      throw Error(ErrorCode::conflict,
                  fmt::format("{} is not empty; --force replaces what is in it", config.database_name()));
    }
  }
  run_postgres_tool(
      "pg_restore",
      {"--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", "--dbname=", file},
      config.database);
  prepare(config.database);
}

}  // namespace

int run_restore(const Config& config, const std::string& file, bool force) {
  if (config.is_sqlite()) {
    restore_sqlite(config, file, force);
  } else {
    restore_postgres(config, file, force);
  }
  fmt::print("{} is restored from {} (schema {}).\n", config.database_name(), file,
             db::latest_schema_version());
  fmt::print(
      "Sending is paused, because mails that left after the backup are unknown to it: "
      "`overture sending on` when you are sure.\n");
  return 0;
}

}  // namespace overture::app
