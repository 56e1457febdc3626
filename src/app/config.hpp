// The settings as typed values, checked.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "app/settings.hpp"
#include "base/log.hpp"

namespace overture::app {

struct ListenAddress {
  std::string host;  ///< without brackets; `*` for all
  unsigned short port = 0;
  /// `host:port` as it stands in a URL; IPv6 in brackets.
  std::string text() const;
};

/// `HOST:PORT`, `[IPv6]:PORT`, `*:PORT`, `:PORT` (all). Throws UsageError.
ListenAddress parse_listen_address(std::string_view text);

enum class AccessLogging { all, errors, off };

struct Config {
  std::filesystem::path data;
  std::string database;  ///< `sqlite:PATH` or `postgresql://…`; never shown, it may hold a password
  ListenAddress listen;
  std::string public_url;  ///< without a slash at the end; empty when not set
  bool demo = false;
  int threads = 0;
  int job_threads = 1;
  int send_threads = 4;
  int poll_seconds = 120;
  std::string mail_ca_file;
  bool private_webhooks = false;
  int max_connections = 0;
  int rate_limit = 0;  ///< requests a minute of each user; 0 = no limit
  std::size_t cache_bytes = 0;
  base::Secret secret_key;  ///< bytes; empty when it is to come from the data directory
  base::LogLevel log_level = base::LogLevel::info;
  base::LogFormat log_format = base::LogFormat::json;
  AccessLogging access_logging = AccessLogging::all;

  bool is_sqlite() const { return database.starts_with("sqlite:"); }
  /// SQLite only.
  std::filesystem::path database_file() const;
  /// For messages: a path, or a PostgreSQL address without its password and parameters.
  std::string database_name() const;
};

/// Throws UsageError with a sentence that names the value and where it came from.
Config make_config(const Settings& settings);

/// A PostgreSQL URL without password and parameters, any other text as it is.
std::string without_password(std::string_view url);

}  // namespace overture::app
