#include <date/tz.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/checks.hpp"
#include "app/files.hpp"
#include "app/secret_key.hpp"
#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

namespace overture::app {
namespace {

constexpr std::uintmax_t kMiB = 1U << 20U;

Finding check_directory(const std::filesystem::path& data) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(data, ignored)) {
    return {Health::error, "data directory",
            fmt::format("{} is not there; `overture migrate` makes it", data.string())};
  }
  const std::filesystem::path probe = data / (".doctor-" + base::random_hex(8));
  try {
    write_private_file(probe, "written by overture doctor\n");
    std::filesystem::remove(probe);
  } catch (const base::Error& error) {
    return {Health::error, "data directory", error.message()};
  }
  struct stat status {};
  if (stat(data.c_str(), &status) == 0 && (status.st_mode & 0077U) != 0) {
    return {Health::warning, "data directory",
            fmt::format("{} is open to other users (mode {:o}); chmod 700 closes it", data.string(),
                        status.st_mode & 0777U)};
  }
  return {Health::ok, "data directory", fmt::format("{} can be written", data.string())};
}

Finding check_disk(const std::filesystem::path& data) {
  struct statvfs space {};
  if (statvfs(data.c_str(), &space) != 0) return {Health::error, "disk", "the free space cannot be read"};
  const std::uintmax_t free = static_cast<std::uintmax_t>(space.f_bavail) * space.f_frsize;
  const Health health = free < 64 * kMiB ? Health::error : free < 1024 * kMiB ? Health::warning : Health::ok;
  return {health, "disk", fmt::format("{} MiB free", free / kMiB)};
}

Finding check_secret_key(const Config& config) {
  if (!config.secret_key.empty()) return {Health::ok, "secret key", "given by a setting"};
  const std::filesystem::path file = secret_key_file(config);
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) {
    return {Health::ok, "secret key", fmt::format("{} will be made at the first start", file.string())};
  }
  try {
    static_cast<void>(read_secret_key(file));
  } catch (const base::Error& error) {
    return {Health::error, "secret key", error.message()};
  }
  if ((status.st_mode & 0077U) != 0) {
    return {Health::error, "secret key",
            fmt::format("{} can be read by other users (mode {:o}); chmod 600 closes it", file.string(),
                        status.st_mode & 0777U)};
  }
  return {Health::ok, "secret key", fmt::format("{}, mode {:o}", file.string(), status.st_mode & 0777U)};
}

Finding check_descriptors(const Config& config) {
  struct rlimit limit {};
  getrlimit(RLIMIT_NOFILE, &limit);
  const auto needed = static_cast<rlim_t>(config.max_connections) + 200;
  if (limit.rlim_max < needed) {
    return {Health::warning, "descriptors",
            fmt::format(
                "{} allowed, {} connections need {}; raise the limit (ulimit -n) or lower max-connections",
                limit.rlim_max, config.max_connections, needed)};
  }
  return {Health::ok, "descriptors", fmt::format("{} allowed", limit.rlim_max)};
}

Finding check_clock() {
  constexpr base::Millis kEarliest = 1'704'067'200'000;  // 2024-01-01
  constexpr base::Millis kLatest = 4'102'444'800'000;    // 2100-01-01
  const base::Millis now = base::SystemClock().now();
  const bool sane = now > kEarliest && now < kLatest;
  return {sane ? Health::ok : Health::error, "clock",
          base::rfc3339(now) + (sane ? "" : ", which cannot be right")};
}

Finding check_time_zones() {
  try {
    for (const char* zone : {"Europe/Berlin", "America/New_York", "Asia/Kolkata"}) {
      static_cast<void>(date::locate_zone(zone)->get_info(std::chrono::system_clock::now()));
    }
    return {Health::ok, "time zones", "found"};
  } catch (const std::exception& error) {
    return {
        Health::error, "time zones",
        fmt::format("{}; install the system's time zone data (on Debian the package tzdata)", error.what())};
  }
}

Finding check_public_url(const Config& config) {
  if (config.public_url.empty()) {
    return {Health::warning, "links",
            "need --public-url; without it mails carry no opt-out link, they ask for an answer by mail"};
  }
  if (!config.public_url.starts_with("https://")) {
    return {Health::warning, "links",
            fmt::format("{} is not https; mail programs show no one-click opt-out", config.public_url)};
  }
  return {Health::ok, "links", config.public_url};
}

}  // namespace

Findings check_machine(const Config& config) {
  Findings findings = {check_directory(config.data)};
  if (findings.front().health != Health::error) findings.push_back(check_disk(config.data));
  findings.push_back(check_secret_key(config));
  findings.push_back(check_descriptors(config));
  findings.push_back(check_clock());
  findings.push_back(check_time_zones());
  findings.push_back(check_public_url(config));
  return findings;
}

}  // namespace overture::app
