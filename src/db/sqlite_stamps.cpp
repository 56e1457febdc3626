#include "db/sqlite_stamps.hpp"

#include <atomic>
#include <bit>

namespace overture::db {
namespace {

constexpr std::size_t kPageCacheKib = 64;
/// Of the index, as SQLite maps it.
constexpr int kRegionBytes = 32768;
constexpr int kWithSharedMemory = 2;
/// The byte `isInit` of the header: the fifth of the second eight.
constexpr std::size_t kInitialisedIn = 1;
constexpr int kInitialisedShift = std::endian::native == std::endian::little ? 32 : 24;

std::uint64_t* map_index(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file)) !=
          SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < kWithSharedMemory ||
      file->pMethods->xShmMap == nullptr) {
    return nullptr;
  }
  volatile void* region = nullptr;
  if (file->pMethods->xShmMap(file, 0, kRegionBytes, 0, &region) != SQLITE_OK) return nullptr;
  return static_cast<std::uint64_t*>(const_cast<void*>(region));
}

}  // namespace

SqliteStamps::SqliteStamps(const std::string& path)
    : keeper_(path, kPageCacheKib, SqliteConnection::Mode::reading) {
  keeper_.integer(Sql("SELECT count(*) FROM sqlite_schema"));
  header_ = map_index(keeper_.handle());
}

std::optional<Stamp> SqliteStamps::now() const {
  if (header_ == nullptr) return std::nullopt;
  // It stands there twice: the second copy is written first and read last, so that equal ones are whole.
  Stamp stamp;
  bool whole = true;
  for (std::size_t i = 0; i < stamp.size(); ++i)
    stamp[i] = std::atomic_ref(header_[i]).load(std::memory_order_acquire);
  for (std::size_t i = 0; i < stamp.size(); ++i) {
    whole &= std::atomic_ref(header_[stamp.size() + i]).load(std::memory_order_acquire) == stamp[i];
  }
  const bool initialised = (stamp[kInitialisedIn] >> kInitialisedShift & 0xFF) != 0;
  return whole && initialised ? std::optional(stamp) : std::nullopt;
}

}  // namespace overture::db
