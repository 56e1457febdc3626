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

/// For SQLite: makes the directories that are missing and takes the lock. Throws base::Error
/// while a restore is replacing the file.
std::optional<FileLock> lock_beside_others(const Config& config);
/// Makes what is missing and migrates. Throws base::Error: also while a restore is replacing the file.
Store open_store(const Config& config, int readers = 1, int* steps = nullptr);
/// Changes nothing; throws base::Error when there is no database yet.
Store open_existing_store(const Config& config);
/// Only for what replaces the file: throws base::Error while anybody has it open.
FileLock lock_alone(const Config& config);

/// Facts of the whole installation, rows of the table `settings`.
inline constexpr std::string_view kMaintenance = "maintenance";       ///< on or off
inline constexpr std::string_view kSendingPaused = "sending_paused";  ///< 1 or 0
void write_fact(db::Connection& connection, std::string_view name, std::string_view value);
/// Empty when it was never written.
std::string read_fact(db::Connection& connection, std::string_view name);

}  // namespace overture::app
