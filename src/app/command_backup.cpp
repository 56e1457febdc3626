// `overture backup`: a consistent copy while the server goes on.
#include <fmt/format.h>
#include <sys/stat.h>

#include "app/commands.hpp"
#include "app/postgres_tools.hpp"
#include "app/secret_key.hpp"
#include "app/store.hpp"
#include "base/crypto.hpp"
#include "base/error.hpp"

namespace overture::app {
namespace {

/// Removes a half-made file when the scope is left early.
class Draft {
 public:
  explicit Draft(std::filesystem::path path) : path_(std::move(path)) {}
  ~Draft() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

int run_backup(const Config& config, const std::string& file) {
  const std::filesystem::path target = file;
  std::error_code ignored;
  if (std::filesystem::exists(target, ignored)) {
    throw base::Error(base::ErrorCode::conflict, fmt::format("{} exists already; choose another name", file));
  }
  Store store = open_existing_store(config);
  // Whole or not there: a copy that was interrupted must not look like a backup.
  const Draft draft(file + ".part-" + base::random_hex(4));
  if (config.is_sqlite()) {
    store.database->backup(draft.path().string());
  } else {
    // pg_dump writes through this file, so that nobody else can read it while it grows.
    write_private_file(draft.path(), "");
    run_postgres_tool("pg_dump", {"--format=custom", "--no-owner", "--file=" + draft.path().string()},
                      config.database);
  }
  chmod(draft.path().c_str(), 0600);
  sync_file(draft.path());
  move_file(draft.path(), target);
  sync_directory(target.parent_path());

  const std::uintmax_t size = std::filesystem::file_size(target, ignored);
  fmt::print("{} is copied to {} ({:.1f} MiB).\n", config.database_name(), file,
             static_cast<double>(size) / (1024.0 * 1024.0));
  if (config.secret_key.empty()) {
    fmt::print("Keep {} too, apart from it: it signs access tokens.\n", secret_key_file(config).string());
  }
  return 0;
}

}  // namespace overture::app
