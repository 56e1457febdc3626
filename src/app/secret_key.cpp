#include "app/secret_key.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "app/files.hpp"
#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::app {
namespace {

constexpr std::size_t kKeyBytes = 32;

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& path) {
  throw base::Error(base::ErrorCode::unavailable,
                    fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

/// Whole under another name first, then linked: the file is there with its full contents or not at all.
void make_secret_key(const std::filesystem::path& file) {
  const std::filesystem::path draft = file.string() + "." + base::random_hex(8);
  write_private_file(draft, base::random_hex(kKeyBytes) + "\n");
  const int linked = link(draft.c_str(), file.c_str());
  const int error = errno;
  unlink(draft.c_str());
  errno = error;
  if (linked != 0 && error != EEXIST) fail("make", file);
  sync_directory(file.parent_path());
}

}  // namespace

void make_data_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return;
  const std::filesystem::path parent = std::filesystem::absolute(directory).parent_path();
  std::filesystem::create_directories(parent, error);
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) fail("make the data directory", directory);
  if (!std::filesystem::is_directory(directory, error)) {
    throw base::Error(base::ErrorCode::unavailable,
                      fmt::format("the data directory {} is no directory", directory.string()));
  }
}

std::filesystem::path secret_key_file(const Config& config) { return config.data / "secret.key"; }

base::Secret read_secret_key(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream stream(file);
  std::string text;
  if (!stream || !std::getline(stream, text)) {
    if (errno != 0) fail("read the secret key", file);
    text.clear();
  }
  std::optional<std::string> bytes = base::parse_hex(base::trim(text));
  if (!bytes || bytes->size() < kKeyBytes) {
    throw base::Error(
        base::ErrorCode::unavailable,
        fmt::format("{} holds no key of 64 hex digits or more; restore it from a backup, "
                    "or remove it to make a new one (access tokens end then; keys and refresh tokens go on)",
                    file.string()));
  }
  return base::Secret(*bytes);
}

base::Secret load_secret_key(const Config& config) {
  if (!config.secret_key.empty()) return config.secret_key;
  make_data_directory(config.data);
  const std::filesystem::path file = secret_key_file(config);
  if (access(file.c_str(), F_OK) != 0) make_secret_key(file);
  return read_secret_key(file);
}

}  // namespace overture::app
