// Every setting by name, and where its value comes from: flag, environment, file, default, in this order.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace overture::app {

/// The command was not given as it must be; the program ends with status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `--name`, `OVERTURE_NAME` (dashes become underscores) and `name = …` in the file are the same setting.
struct Setting {
  std::string_view name;
  std::string_view placeholder;  ///< empty for a switch that is on or off
  std::string_view fallback;
  std::string_view help;
  bool secret = false;
};

std::span<const Setting> all_settings();

enum class Origin { fallback, file, environment, flag };
std::string_view origin_name(Origin origin);

class Settings {
 public:
  struct Entry {
    std::string text;
    Origin origin = Origin::fallback;
  };

  struct Sources {
    std::map<std::string, std::string, std::less<>> flags;
    /// The value of an environment variable, nullopt when it is not set.
    std::function<std::optional<std::string>(const std::string&)> environment;
    /// nullopt: `overture.conf` of the working directory where there is one.
    std::optional<std::filesystem::path> file;
  };

  /// Throws UsageError for a file that cannot be read, a line that is no `key = value`, an unknown or
  /// repeated key.
  static Settings load(const Sources& sources);

  /// The value of a name of the table. An empty flag or variable counts: it sets the value to nothing.
  const Entry& at(std::string_view name) const;
  /// Empty when no file was read.
  const std::filesystem::path& file() const { return file_; }

  /// For messages: `--listen`, `OVERTURE_LISTEN`, `listen in ./overture.conf` or `the default of listen`.
  std::string source_of(std::string_view name) const;

 private:
  std::map<std::string, Entry, std::less<>> entries_;
  std::filesystem::path file_;
};

/// The environment of this process.
std::optional<std::string> find_environment(const std::string& name);
std::string environment_name(std::string_view setting);

}  // namespace overture::app
