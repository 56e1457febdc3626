#include "app/config.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace overture::app {
namespace {

constexpr std::size_t kSecretKeyBytes = 32;

std::optional<long> parse_number(std::string_view text) {
  long number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Reads values one by one and knows how to complain about each.
class Reader {
 public:
  explicit Reader(const Settings& settings) : settings_(settings) {}

  const std::string& text(std::string_view name) const { return settings_.at(name).text; }

  [[noreturn]] void refuse(std::string_view name, std::string_view expected) const {
    const bool secret = name == "secret-key" || name == "database";
    throw UsageError(
        secret ? fmt::format("{}: expected {}", settings_.source_of(name), expected)
               : fmt::format("{}: expected {}, not `{}`", settings_.source_of(name), expected, text(name)));
  }

  int number(std::string_view name, int lowest, int highest) const {
    std::optional<long> value = parse_number(text(name));
    if (!value || *value < lowest || *value > highest) {
      refuse(name, fmt::format("a whole number from {} to {}", lowest, highest));
    }
    return static_cast<int>(*value);
  }

  bool flag(std::string_view name) const {
    const std::string value = base::lower_ascii(text(name));
    for (std::string_view yes : {"true", "1", "yes", "on"}) {
      if (value == yes) return true;
    }
    for (std::string_view no : {"false", "0", "no", "off"}) {
      if (value == no) return false;
    }
    refuse(name, "true or false");
  }

 private:
  const Settings& settings_;
};

std::string make_database(const Reader& reader, const std::filesystem::path& data) {
  const std::string& url = reader.text("database");
  if (url.empty()) return "sqlite:" + (data / "overture.db").string();
  if (url.starts_with("sqlite:") && url.size() > 7) return url;
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return url;
  reader.refuse("database", "postgresql://user:password@host/name or sqlite:PATH");
}

std::string make_public_url(const Reader& reader) {
  std::string url = reader.text("public-url");
  while (url.ends_with('/')) url.pop_back();
  if (url.empty()) return url;
  const bool known =
      (url.starts_with("http://") && url.size() > 7) || (url.starts_with("https://") && url.size() > 8);
  if (!known || url.find_first_of(" ?#\"<>\t\r\n") != std::string::npos) {
    reader.refuse("public-url", "an address like https://outreach.example.com");
  }
  return url;
}

base::Secret make_secret_key(const Reader& reader) {
  const std::string& text = reader.text("secret-key");
  if (text.empty()) return {};
  std::optional<std::string> bytes = base::parse_hex(text);
  if (!bytes || bytes->size() < kSecretKeyBytes) reader.refuse("secret-key", "64 hex digits or more");
  return base::Secret(*bytes);
}

AccessLogging make_access_logging(const Reader& reader) {
  const std::string& text = reader.text("access-log");
  if (text == "all") return AccessLogging::all;
  if (text == "errors") return AccessLogging::errors;
  if (text == "off") return AccessLogging::off;
  reader.refuse("access-log", "all, errors or off");
}

}  // namespace

std::string ListenAddress::text() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

ListenAddress parse_listen_address(std::string_view text) {
  auto refuse = [text](std::string_view why) -> UsageError {
    return UsageError(
        fmt::format("listen: `{}` {}; write HOST:PORT, like 127.0.0.1:8080 or [::1]:8080", text, why));
  };
  std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) throw refuse("has no port");
  std::string_view host = text.substr(0, colon);
  std::optional<long> port = parse_number(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) throw refuse("has no port from 0 to 65535");
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    throw refuse("has an IPv6 address without brackets");
  }
  if (host.find_first_of(" /\t") != std::string_view::npos) throw refuse("is no address");
  return {host.empty() ? "*" : std::string(host), static_cast<unsigned short>(*port)};
}

std::string without_password(std::string_view url) {
  const std::size_t start = url.find("://");
  if (start == std::string_view::npos) return std::string(url);
  const std::string_view scheme = url.substr(0, start + 3);
  const std::string_view whole = url.substr(scheme.size());
  std::string_view rest = whole.substr(0, whole.find_first_of("?#"));
  // An unencoded ? or / in a password moves the borders: better to show nothing than a part of it.
  if (whole.find('@', rest.size()) != std::string_view::npos) return std::string(scheme) + "***";
  std::string shown(scheme);
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = rest.substr(0, at);
    shown += user.substr(0, user.find(':'));
    shown += '@';
    rest = rest.substr(at + 1);
  }
  return shown + std::string(rest);
}

std::filesystem::path Config::database_file() const {
  std::string_view path = std::string_view(database).substr(7);
  if (path.starts_with("//")) path.remove_prefix(2);
  return path;
}

std::string Config::database_name() const {
  return is_sqlite() ? database_file().string() : without_password(database);
}

Config make_config(const Settings& settings) {
  const Reader reader(settings);
  Config config;
  config.data = reader.text("data");
  if (config.data.empty()) reader.refuse("data", "a directory");
  config.database = make_database(reader, config.data);
  config.listen = parse_listen_address(reader.text("listen"));
  config.public_url = make_public_url(reader);
  config.demo = reader.flag("demo");
  config.threads = reader.number("threads", 0, 256);
  config.job_threads = reader.number("job-threads", 0, 64);
  config.send_threads = reader.number("send-threads", 0, 64);
  config.poll_seconds = reader.number("poll-every", 1, 86400);
  config.mail_ca_file = settings.at("mail-ca-file").text;
  config.private_webhooks = reader.flag("private-webhooks");
  config.max_connections = reader.number("max-connections", 1, 1'000'000);
  config.rate_limit = reader.number("rate-limit", 0, 1'000'000);
  config.cache_bytes = static_cast<std::size_t>(reader.number("cache-size", 0, 1'000'000)) << 20;
  config.secret_key = make_secret_key(reader);
  std::optional<base::LogLevel> level = base::parse_log_level(reader.text("log-level"));
  if (!level) reader.refuse("log-level", "debug, info, warning, error or off");
  config.log_level = *level;
  const std::string& format = reader.text("log-format");
  std::optional<base::LogFormat> chosen =
      format.empty() ? base::usual_log_format() : base::parse_log_format(format);
  if (!chosen) reader.refuse("log-format", "json or text");
  config.log_format = *chosen;
  config.access_logging = make_access_logging(reader);
  return config;
}

}  // namespace overture::app
