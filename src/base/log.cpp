#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <iterator>
#include <memory>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace overture::base {
namespace {

constexpr std::array<std::string_view, 5> kLevelNames = {"debug", "info", "warning", "error", "off"};

std::atomic<LogLevel> threshold = LogLevel::info;
std::atomic<int> chosen_format = -1;

LogFormat current_format() {
  int format = chosen_format.load(std::memory_order_relaxed);
  return format < 0 ? usual_log_format() : static_cast<LogFormat>(format);
}

spdlog::logger& logger() {
  // Never destroyed: threads that outlive main may still have something to say.
  static spdlog::logger* const instance = [] {
    auto* made = new spdlog::logger("overture", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);
    made->set_error_handler([](const std::string&) {});
    return made;
  }();
  return *instance;
}

/// JSON string contents; also how text lines are kept on one line.
void append_escaped(std::string& out, std::string_view text) {
  auto escape = [&out](std::uint32_t code) { fmt::format_to(std::back_inserter(out), "\\u{:04x}", code); };
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte >= 0x20 && byte < 0x7f) {
      if (byte == '"' || byte == '\\') out += '\\';
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    std::string_view rest = text;
    std::optional<char32_t> code = take_code_point(rest);
    if (!code) {
      escape(0xfffd);
      text.remove_prefix(1);
      continue;
    }
    const bool breaks_lines = *code < 0xa0 || *code == 0x2028 || *code == 0x2029;
    if (*code == '\n') {
      out += "\\n";
    } else if (*code == '\r') {
      out += "\\r";
    } else if (*code == '\t') {
      out += "\\t";
    } else if (breaks_lines) {
      escape(static_cast<std::uint32_t>(*code));
    } else {
      out.append(text.substr(0, text.size() - rest.size()));
    }
    text = rest;
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

bool is_plain_word(std::string_view text) {
  if (text.empty()) return false;
  for (char c : text) {
    if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=') return false;
  }
  return true;
}

void append_value(std::string& out, const LogField::Value& value, LogFormat format) {
  auto end = std::back_inserter(out);
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    if (format == LogFormat::text && is_plain_word(*text)) {
      out += *text;
    } else {
      append_quoted(out, *text);
    }
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    fmt::format_to(end, "{}", *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    if (std::isfinite(*real)) {
      fmt::format_to(end, "{}", *real);
    } else {
      out += "null";
    }
  } else {
    out += std::get<bool>(value) ? "true" : "false";
  }
}

std::string time_with_millis(std::int64_t time) {
  std::string text = rfc3339(time);
  text.pop_back();
  fmt::format_to(std::back_inserter(text), ".{:03}Z", ((time % 1000) + 1000) % 1000);
  return text;
}

template <class Name, std::size_t N>
std::optional<std::size_t> find_name(const std::array<Name, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view name) {
  std::optional<std::size_t> found = find_name(kLevelNames, name);
  return found ? std::optional(static_cast<LogLevel>(*found)) : std::nullopt;
}

std::optional<LogFormat> parse_log_format(std::string_view name) {
  static constexpr std::array<std::string_view, 2> kFormatNames = {"json", "text"};
  std::optional<std::size_t> found = find_name(kFormatNames, name);
  return found ? std::optional(static_cast<LogFormat>(*found)) : std::nullopt;
}

LogFormat usual_log_format() {
  static const bool terminal = isatty(STDERR_FILENO) == 1;
  return terminal ? LogFormat::text : LogFormat::json;
}

void configure_log(LogLevel level, LogFormat format) {
  threshold = level;
  chosen_format = static_cast<int>(format);
}

bool log_enabled(LogLevel level) {
  return level != LogLevel::off && level >= threshold.load(std::memory_order_relaxed);
}

std::string write_log_line(LogFormat format, std::int64_t time, LogLevel level, std::string_view message,
                           LogFields fields) {
  const std::string_view level_name = kLevelNames[static_cast<std::size_t>(level)];
  std::string line;
  line.reserve(128);
  if (format == LogFormat::json) {
    fmt::format_to(std::back_inserter(line), R"({{"time":"{}","level":"{}","message":)",
                   time_with_millis(time), level_name);
    append_quoted(line, message);
    for (const LogField& field : fields) {
      line += ',';
      append_quoted(line, field.name);
      line += ':';
      append_value(line, field.value, format);
    }
    line += '}';
  } else {
    fmt::format_to(std::back_inserter(line), "{} {:<7} ", time_with_millis(time), level_name);
    append_escaped(line, message);
    for (const LogField& field : fields) {
      line += ' ';
      append_escaped(line, field.name);
      line += '=';
      append_value(line, field.value, format);
    }
  }
  return line;
}

void log(LogLevel level, std::string_view message, LogFields fields) noexcept {
  if (!log_enabled(level)) return;
  try {
    logger().log(spdlog::level::info,
                 write_log_line(current_format(), SystemClock().now(), level, message, fields));
  } catch (...) {
    // Out of memory: a lost line is better than a lost request.
    return;
  }
}

}  // namespace overture::base
