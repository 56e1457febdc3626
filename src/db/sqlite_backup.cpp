// The copy goes to a temporary file beside the target, is synced, and gets its name last.
#include "db/sqlite_backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

constexpr int kPagesAStep = 1024;

Error file_error(const std::string& what) {
  return Error(ErrorCode::unavailable, "The backup cannot be written", what + ": " + std::strerror(errno));
}

/// A file or directory as it is on the disk, not in memory only.
void sync_to_disk(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) throw file_error("open " + path);
  const int result = ::fsync(file);
  const int reason = errno;
  ::close(file);
  errno = reason;
  if (result != 0) throw file_error("fsync " + path);
}

/// Removed again unless it got its name.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {
    const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) throw file_error("create " + path_);
    ::close(file);
  }
  ~TemporaryFile() { ::unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

  void rename_to(const std::string& target) {
    // Not rename(): that would replace a file that appeared meanwhile.
    if (::link(path_.c_str(), target.c_str()) == 0) return;
    if (errno == EEXIST) throw Error(ErrorCode::conflict, "The backup file exists already", target);
    // A file system without hard links.
    if (::access(target.c_str(), F_OK) == 0 || std::rename(path_.c_str(), target.c_str()) != 0) {
      throw file_error("rename to " + target);
    }
  }

 private:
  std::string path_;
};

void copy_pages(SqliteConnection& source, const std::string& path) {
  sqlite3* target = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code == SQLITE_OK) {
    // The file is worth nothing until it is whole, and is synced then.
    code = sqlite3_exec(target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", nullptr, nullptr,
                        nullptr);
  }
  if (code == SQLITE_OK) {
    sqlite3_backup* backup = sqlite3_backup_init(target, "main", source.handle(), "main");
    if (backup != nullptr) {
      do {
        code = sqlite3_backup_step(backup, kPagesAStep);
      } while (code == SQLITE_OK);
      sqlite3_backup_finish(backup);
      if (code == SQLITE_DONE) code = SQLITE_OK;
    } else {
      code = sqlite3_errcode(target);
    }
  }
  const Error error = sqlite_error(target, code, "backup");
  sqlite3_close(target);
  if (code != SQLITE_OK) throw Error(ErrorCode::unavailable, "The backup cannot be written", error.detail());
}

}  // namespace

void back_up_sqlite(SqliteConnection& source, const std::string& path) {
  if (::access(path.c_str(), F_OK) == 0) {
    throw Error(ErrorCode::conflict, "The backup file exists already", path);
  }
  TemporaryFile copy(path + ".part-" + std::to_string(::getpid()));
  // An open snapshot: without it each write of another connection would start the copy from the beginning.
  source.run_script("BEGIN");
  try {
    source.integer(Sql("SELECT count(*) FROM sqlite_master"));
    copy_pages(source, copy.path());
  } catch (...) {
    source.roll_back();
    throw;
  }
  source.roll_back();
  sync_to_disk(copy.path(), O_RDONLY);
  copy.rename_to(path);
  const auto directory = std::filesystem::absolute(path).parent_path();
  sync_to_disk(directory.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace overture::db
