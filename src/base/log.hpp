// What the program says about itself: one line an event on standard error, JSON or readable text.
// A line is a fixed message and named values; nothing that comes from outside can start a new line.
#pragma once
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace overture::base {

/// A text that no log line, stream or message shows: it prints as `***`.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

 private:
  std::string text_;
};

/// One named value of a line. The texts need only live as long as the call.
struct LogField {
  using Value = std::variant<std::string_view, std::int64_t, double, bool>;

  LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
  LogField(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, const std::string& text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, const Secret&) : name(field), value(std::string_view("***")) {}
  LogField(std::string_view field, bool flag) : name(field), value(flag) {}
  template <std::integral T>
  LogField(std::string_view field, T number) : name(field), value(static_cast<std::int64_t>(number)) {}
  template <std::floating_point T>
  LogField(std::string_view field, T number) : name(field), value(static_cast<double>(number)) {}

  std::string_view name;
  Value value;
};

using LogFields = std::initializer_list<LogField>;

enum class LogLevel { debug, info, warning, error, off };
enum class LogFormat { json, text };

std::optional<LogLevel> parse_log_level(std::string_view name);
std::optional<LogFormat> parse_log_format(std::string_view name);

/// Until it is called: level info, text on a terminal and JSON elsewhere. May be called at any time.
void configure_log(LogLevel level, LogFormat format);
/// Text when standard error is a terminal, else JSON.
LogFormat usual_log_format();

/// For lines whose fields are dear to make.
bool log_enabled(LogLevel level);
/// Never throws, whatever becomes of standard error (closed, a full disk, a broken pipe): the line is lost
/// then.
void log(LogLevel level, std::string_view message, LogFields fields = {}) noexcept;

inline void log_debug(std::string_view message, LogFields fields = {}) noexcept {
  log(LogLevel::debug, message, fields);
}
inline void log_info(std::string_view message, LogFields fields = {}) noexcept {
  log(LogLevel::info, message, fields);
}
inline void log_warning(std::string_view message, LogFields fields = {}) noexcept {
  log(LogLevel::warning, message, fields);
}
inline void log_error(std::string_view message, LogFields fields = {}) noexcept {
  log(LogLevel::error, message, fields);
}

/// The line without its newline, as log() writes it; `time` is Unix milliseconds.
std::string write_log_line(LogFormat format, std::int64_t time, LogLevel level, std::string_view message,
                           LogFields fields);

}  // namespace overture::base
