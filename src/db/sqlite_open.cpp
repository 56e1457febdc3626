// Opening and closing SQLite files: how each connection is set up, and why.
#include <fcntl.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "db/sqlite_connection.hpp"
#include "db/sqlite_functions.hpp"

namespace overture::db {
namespace {

using namespace std::chrono_literals;

// Other processes (the command line) write beside the server; they get this long to finish.
constexpr auto kBusyTimeout = 10s;
constexpr std::size_t kKeptStatements = 200;
// Virtual machine steps between two looks at the clock: tens of microseconds.
constexpr int kStepsBetweenChecks = 1000;

// Mail addresses and mail stand in it: only the owner may read. The -wal and -shm files copy the mode. A file
// that is there is not touched: to close it would give up the locks of every other connection of this process
// (POSIX), and the next program that looked into the database would take itself for the last one and remove
// the log under our feet.
void create_private_file(const std::string& path) {
  if (path == ":memory:") return;  // simulated worlds
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
}

}  // namespace

void configure_sqlite_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    // Statistics of memory take a lock on each allocation.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
  });
}

SqliteConnection::SqliteConnection(std::string path, std::size_t page_cache_kib, Mode mode)
    : statements_(kKeptStatements) {
  configure_sqlite_library();
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (mode == Mode::writing) {
    create_private_file(path);
    flags |= SQLITE_OPEN_CREATE;
  }
  try {
    if (const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr); code != SQLITE_OK) {
      fail(code, "open " + path);
    }
    configure(page_cache_kib, mode);
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

void SqliteConnection::configure(std::size_t page_cache_kib, Mode mode) {
  sqlite3_busy_timeout(handle_, static_cast<int>(std::chrono::milliseconds(kBusyTimeout).count()));
  // "x" in double quotes is a column and nothing else, as on PostgreSQL.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  if (const int code = add_sqlite_functions(handle_); code != SQLITE_OK) fail(code, "lower()");

  // The change to WAL needs the file alone and does not always wait for it by itself.
  const auto give_up = std::chrono::steady_clock::now() + kBusyTimeout;
  for (;;) {
    const int code = sqlite3_exec(handle_, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) break;
    if ((code & 0xFF) != SQLITE_BUSY || std::chrono::steady_clock::now() > give_up)
      fail(code, "journal_mode");
    std::this_thread::sleep_for(10ms);
  }
  run_script(
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = OFF;"
      "PRAGMA case_sensitive_like = ON;"
      "PRAGMA temp_store = MEMORY;"
      "PRAGMA mmap_size = 0;"
      // 8 MiB of log between checkpoints: pages that are written often are copied back once.
      "PRAGMA wal_autocheckpoint = 2000;"
      "PRAGMA journal_size_limit = 67108864;");
  run_script("PRAGMA cache_size = -" + std::to_string(page_cache_kib));
  if (mode == Mode::reading) run_script("PRAGMA query_only = ON");
  sqlite3_progress_handler(handle_, kStepsBetweenChecks, deadline_passed, this);
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  // What failed to be written must not be copied into the database file on the way out.
  if (broken_) sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close(handle_);
}

}  // namespace overture::db
