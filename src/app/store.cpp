#include "app/store.hpp"

#include <fmt/format.h>

#include "app/secret_key.hpp"
#include "base/error.hpp"

namespace overture::app {
namespace {

using base::Error;
using base::ErrorCode;

std::filesystem::path lock_file(const Config& config) { return config.database_file().string() + ".lock"; }

void make_directories(const Config& config) {
  make_data_directory(config.data);
  const std::filesystem::path parent = config.is_sqlite() ? config.database_file().parent_path() : "";
  if (!parent.empty()) make_data_directory(parent);
}

}  // namespace

std::optional<FileLock> lock_beside_others(const Config& config) {
  if (!config.is_sqlite()) return std::nullopt;
  make_directories(config);
  std::optional<FileLock> lock = FileLock::try_lock(lock_file(config), FileLock::Kind::shared);
  if (!lock)
    throw Error(ErrorCode::unavailable, "the database is being restored; try again when that is done");
  return lock;
}

Store open_store(const Config& config, int readers, int* steps) {
  Store store{lock_beside_others(config), nullptr};
  store.database = db::Database::open({.url = config.database, .readers = readers});
  const int taken = db::migrate(*store.database);
  if (steps != nullptr) *steps = taken;
  return store;
}

Store open_existing_store(const Config& config) {
  std::error_code ignored;
  if (config.is_sqlite() && !std::filesystem::exists(config.database_file(), ignored)) {
    throw Error(ErrorCode::not_found,
                fmt::format("there is no database {} yet; `overture migrate` or `overture serve` makes it",
                            config.database_file().string()));
  }
  Store store{lock_beside_others(config), nullptr};
  store.database = db::Database::open({.url = config.database, .readers = 1});
  const int version = store.database->read([](db::Connection& c) { return db::schema_version(c); });
  if (version == 0) {
    throw Error(ErrorCode::not_found,
                fmt::format("{} is empty; `overture migrate` makes the tables", config.database_name()));
  }
  return store;
}

FileLock lock_alone(const Config& config) {
  make_directories(config);
  std::optional<FileLock> lock = FileLock::try_lock(lock_file(config), FileLock::Kind::exclusive);
  if (!lock) {
    throw Error(ErrorCode::conflict,
                fmt::format("{} is in use; stop the server first", config.database_file().string()));
  }
  return std::move(*lock);
}

void write_fact(db::Connection& connection, std::string_view name, std::string_view value) {
  connection.execute(
      db::Sql("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
              "excluded.value",
              name, value));
}

std::string read_fact(db::Connection& connection, std::string_view name) {
  return connection.text(db::Sql("SELECT value FROM settings WHERE name = ?", name));
}

}  // namespace overture::app
