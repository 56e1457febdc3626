// Times as text, by hand: written for every row of every page, so without locale and allocation.
#include "base/time.hpp"

#include <algorithm>
#include <limits>

namespace overture::base {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr int kFirstYear = 1970;
constexpr Millis kFirst = -62167219200000;  // 0000-01-01T00:00:00Z
constexpr Millis kLast = 253402300799999;   // 9999-12-31T23:59:59.999Z

void write_two(char* at, unsigned value) {
  at[0] = static_cast<char>('0' + value / 10 % 10);
  at[1] = static_cast<char>('0' + value % 10);
}

/// Reads from the front of a text; each step says whether it found what it wants.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `digits` digits, the value within the bounds.
  bool take_number(std::size_t digits, int smallest, int largest, int& value) {
    if (rest_.size() < digits) return false;
    value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value >= smallest && value <= largest;
  }
  /// One digit or more: a fraction, whose value is never needed.
  bool take_digits() {
    const auto end = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    rest_.remove_prefix(end);
    return end > 0;
  }

 private:
  std::string_view rest_;
};

bool take_zone(Reader& reader, Millis& offset) {
  if (reader.take('Z')) return true;
  const bool east = reader.take('+');
  if (!east && !reader.take('-')) return true;
  int hours = 0;
  int minutes = 0;
  if (!reader.take_number(2, 0, 23, hours) || !reader.take(':') || !reader.take_number(2, 0, 59, minutes))
    return false;
  offset = (hours * kHour + minutes * kMinute) * (east ? 1 : -1);
  return true;
}

/// The part after the date. `full` is the form with T, which alone may have a fraction and a zone.
std::optional<TimeSpan> parse_time_of_day(Reader& reader, Millis day, bool full) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  Millis unit = kMinute;
  Millis offset = 0;
  if (!reader.take_number(2, 0, 23, hour) || !reader.take(':') || !reader.take_number(2, 0, 59, minute)) {
    return std::nullopt;
  }
  if (reader.take(':')) {
    if (!reader.take_number(2, 0, 59, second)) return std::nullopt;
    unit = kSecond;
    if (full && reader.take('.') && !reader.take_digits()) return std::nullopt;
  }
  if (full && !take_zone(reader, offset)) return std::nullopt;
  if (!reader.at_end()) return std::nullopt;
  const Millis from = day + hour * kHour + minute * kMinute + second * kSecond - offset;
  return TimeSpan{from, from + unit};
}

}  // namespace

void append_rfc3339(std::string& out, Millis time) {
  time = std::clamp(time, kFirst, kLast);
  const auto point = std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time));
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const year_month_day date(day);
  const auto seconds = static_cast<unsigned>((point - day).count() / kSecond);
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  char text[] = "0000-00-00T00:00:00Z";
  write_two(text, year / 100);
  write_two(text + 2, year);
  write_two(text + 5, static_cast<unsigned>(date.month()));
  write_two(text + 8, static_cast<unsigned>(date.day()));
  write_two(text + 11, seconds / 3600);
  write_two(text + 14, seconds / 60 % 60);
  write_two(text + 17, seconds % 60);
  out.append(text, sizeof text - 1);
}

std::string rfc3339(Millis time) {
  std::string out;
  append_rfc3339(out, time);
  return out;
}

std::optional<TimeSpan> parse_time(std::string_view text) {
  Reader reader(text);
  int year = 0;
  int month = 0;
  int day = 0;
  if (!reader.take_number(4, kFirstYear, 9999, year) || !reader.take('-') ||
      !reader.take_number(2, 1, 12, month) || !reader.take('-') || !reader.take_number(2, 1, 31, day)) {
    return std::nullopt;
  }
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const Millis start = Millis{sys_days(date).time_since_epoch().count()} * kDay;
  if (reader.at_end()) return TimeSpan{start, start + kDay};
  const bool full = reader.take('T');
  if (!full && !reader.take(' ')) return std::nullopt;
  return parse_time_of_day(reader, start, full);
}

std::optional<TimeSpan> parse_time_range(std::string_view text) {
  const auto bar = text.find('|');
  if (bar == std::string_view::npos) return parse_time(text);
  const auto left = text.substr(0, bar);
  const auto right = text.substr(bar + 1);
  if (left.empty() && right.empty()) return std::nullopt;
  TimeSpan span{std::numeric_limits<Millis>::min(), std::numeric_limits<Millis>::max()};
  if (!left.empty()) {
    const auto first = parse_time(left);
    if (!first) return std::nullopt;
    span.from = first->from;
  }
  if (!right.empty()) {
    const auto last = parse_time(right);
    if (!last) return std::nullopt;
    span.to = last->to;
  }
  return span;
}

}  // namespace overture::base
