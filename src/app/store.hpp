// How commands open the database: made and migrated, or only when it is there.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/config.hpp"
#include "app/files.hpp"
#include "db/database.hpp"

namespace overture::app {

/// A database and, for SQLite, the lock that keeps a restore from replacing the file under it.
struct Store {
  std::optional<FileLock> lock;
  std::unique_ptr<db::Database> database;
};

/// Makes what is missing and migrates. Throws base::Error: also while a restore is replacing the file.
Store open_store(const Config& config, int readers = 1, int* steps = nullptr);
/// Changes nothing; throws base::Error when there is no database yet.
Store open_existing_store(const Config& config);
/// Only for what replaces the file: throws base::Error while anybody has it open.
FileLock lock_alone(const Config& config);

/// Facts of the installation, in the table `settings`.
inline constexpr std::string_view kMaintenance = "maintenance";
inline constexpr std::string_view kSendingPaused = "sending_paused";
void write_fact(db::Connection& connection, std::string_view name, bool value);
bool read_fact(db::Connection& connection, std::string_view name);

}  // namespace overture::app
