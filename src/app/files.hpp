// The few things the standard library cannot do with files: private, durable, locked.
#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

namespace overture::app {

/// A new file, mode 0600, written through to the disk. Throws base::Error when it exists or cannot be
/// written.
void write_private_file(const std::filesystem::path& path, std::string_view contents);
/// Makes renames and new names in it durable. Failures are ignored: not every file system can.
void sync_directory(const std::filesystem::path& directory);
/// The contents written through to the disk. Throws base::Error.
void sync_file(const std::filesystem::path& path);
/// Throws base::Error with both names.
void move_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// An advisory lock on a file, held until destruction or the end of the process, however that comes.
class FileLock {
 public:
  enum class Kind { shared, exclusive };
  /// nullopt when somebody else holds it in a way that excludes this one. Throws base::Error when the file
  /// cannot be made.
  static std::optional<FileLock> try_lock(const std::filesystem::path& path, Kind kind);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace overture::app
