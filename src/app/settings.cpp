// The table of settings and the file format: `key = value` lines, `#` comments, values bare or in double
// quotes.
#include "app/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include "base/text.hpp"

namespace overture::app {
namespace {

constexpr std::array<Setting, 18> kSettings = {{
    {.name = "data",
     .placeholder = "DIR",
     .fallback = "./overture-data",
     .help = "directory of the database and the secret key"},
    {.name = "database",
     .placeholder = "URL",
     .fallback = "",
     .help = "postgresql://user:password@host/name, or sqlite:PATH; empty: SQLite in the data directory",
     .secret = true},
    {.name = "listen",
     .placeholder = "HOST:PORT",
     .fallback = "127.0.0.1:8080",
     .help = "address to answer on; [::1]:8080 for IPv6, *:8080 for all, port 0 picks a free one"},
    {.name = "public-url",
     .placeholder = "URL",
     .fallback = "",
     .help = "how the outside reaches this server, https://…; empty: mails carry no links"},
    {.name = "demo", .placeholder = "", .fallback = "false", .help = "make a workspace with sample data"},
    {.name = "threads",
     .placeholder = "N",
     .fallback = "0",
     .help = "threads that answer; 0: one for each core that it may use"},
    {.name = "job-threads",
     .placeholder = "N",
     .fallback = "1",
     .help = "threads that work off jobs; 0: this process answers only"},
    {.name = "send-threads",
     .placeholder = "N",
     .fallback = "4",
     .help =
         "mailboxes that are sent from, and read, at a time; 0: this process neither sends nor reads mail"},
    {.name = "poll-every",
     .placeholder = "SECONDS",
     .fallback = "120",
     .help = "how often a mailbox is looked at that does not tell of new mail by itself"},
    {.name = "mail-ca-file",
     .placeholder = "FILE",
     .fallback = "",
     .help = "PEM file of authorities that mail servers' certificates may come from, besides the system's"},
    {.name = "private-webhooks",
     .placeholder = "",
     .fallback = "false",
     .help = "webhooks may also call this machine and its networks"},
    {.name = "max-connections",
     .placeholder = "N",
     .fallback = "12000",
     .help = "connections at a time; more are closed as they come"},
    {.name = "rate-limit",
     .placeholder = "N",
     .fallback = "300",
     .help = "requests a minute of each user; 0: no limit"},
    {.name = "cache-size",
     .placeholder = "MIB",
     .fallback = "32",
     .help = "memory for rendered answers, MiB"},
    {.name = "secret-key",
     .placeholder = "HEX",
     .fallback = "",
     .help = "key that signs tokens, 64 hex digits or more; empty: DATA/secret.key, made when missing",
     .secret = true},
    {.name = "log-level",
     .placeholder = "LEVEL",
     .fallback = "info",
     .help = "debug, info, warning, error or off"},
    {.name = "log-format",
     .placeholder = "FORMAT",
     .fallback = "",
     .help = "json or text; empty: text on a terminal, else json"},
    {.name = "access-log",
     .placeholder = "WHICH",
     .fallback = "all",
     .help = "requests that are logged: all, errors (status 500 and above) or off"},
}};

const Setting* find_setting(std::string_view name) {
  auto found = std::ranges::find(kSettings, name, &Setting::name);
  return found == kSettings.end() ? nullptr : &*found;
}

/// The value part of a line: in double quotes, or bare up to a `#` that follows a space.
std::string parse_value(std::string_view text, const std::string& where) {
  if (!text.starts_with('"')) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t')) text = text.substr(0, i);
    }
    return std::string(base::trim(text));
  }
  std::string value;
  std::size_t i = 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    value += text[i];
  }
  if (i == text.size()) throw UsageError(where + ": the closing quote is missing");
  std::string_view rest = base::trim(text.substr(i + 1));
  if (!rest.empty() && !rest.starts_with('#')) throw UsageError(where + ": text after the closing quote");
  return value;
}

using FileValues = std::map<std::string, std::string, std::less<>>;

FileValues load_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::error_code ignored;
  if (!file || std::filesystem::is_directory(path, ignored)) {
    throw UsageError(fmt::format("cannot read the configuration file {}", path.string()));
  }
  FileValues values;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    std::string where = fmt::format("{} line {}", path.string(), number);
    std::string_view text = base::trim(line);
    if (text.empty() || text.starts_with('#') || text.starts_with(';')) continue;
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) throw UsageError(where + ": expected `key = value`");
    std::string key(base::trim(text.substr(0, equals)));
    std::ranges::replace(key, '_', '-');
    if (find_setting(key) == nullptr) {
      throw UsageError(fmt::format("{}: unknown key `{}`; `overture config` lists the keys", where, key));
    }
    std::string value = parse_value(base::trim(text.substr(equals + 1)), where);
    if (!values.emplace(key, value).second)
      throw UsageError(fmt::format("{}: `{}` stands twice", where, key));
  }
  if (file.bad()) throw UsageError(fmt::format("cannot read the configuration file {}", path.string()));
  return values;
}

}  // namespace

std::span<const Setting> all_settings() { return kSettings; }

std::string_view origin_name(Origin origin) {
  constexpr std::array<std::string_view, 4> kNames = {"default", "file", "environment", "flag"};
  return kNames.at(static_cast<std::size_t>(origin));
}

std::string environment_name(std::string_view setting) {
  std::string name = "OVERTURE_";
  for (char c : setting) {
    name += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

std::optional<std::string> find_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Settings Settings::load(const Sources& sources) {
  Settings settings;
  FileValues from_file;
  std::error_code ignored;
  if (sources.file) {
    settings.file_ = *sources.file;
  } else if (std::filesystem::exists("overture.conf", ignored)) {
    settings.file_ = "./overture.conf";
  }
  if (!settings.file_.empty()) from_file = load_file(settings.file_);

  for (const Setting& setting : kSettings) {
    Entry entry{std::string(setting.fallback), Origin::fallback};
    std::optional<std::string> variable;
    if (sources.environment) variable = sources.environment(environment_name(setting.name));
    if (auto flag = sources.flags.find(setting.name); flag != sources.flags.end()) {
      entry = {flag->second, Origin::flag};
    } else if (variable) {
      entry = {*variable, Origin::environment};
    } else if (auto value = from_file.find(setting.name); value != from_file.end()) {
      entry = {value->second, Origin::file};
    }
    settings.entries_.emplace(setting.name, std::move(entry));
  }
  return settings;
}

const Settings::Entry& Settings::at(std::string_view name) const {
  auto found = entries_.find(name);
  if (found == entries_.end()) throw std::out_of_range("no setting " + std::string(name));
  return found->second;
}

std::string Settings::source_of(std::string_view name) const {
  switch (at(name).origin) {
    case Origin::flag:
      return fmt::format("--{}", name);
    case Origin::environment:
      return environment_name(name);
    case Origin::file:
      return fmt::format("{} in {}", name, file_.string());
    case Origin::fallback:
      break;
  }
  return fmt::format("the default of {}", name);
}

}  // namespace overture::app
