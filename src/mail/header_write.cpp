#include "mail/header_write.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kFold = 78;

/// Puts words into lines: a fold before a word that does not fit any more.
class Line {
 public:
  explicit Line(std::string_view name) : out_(fmt::format("{}:", name)), length_(out_.size()) {}

  void add(std::string_view word, std::string_view before = " ") {
    if (length_ + before.size() + word.size() > kFold && !first_) {
      out_ += "\r\n ";
      length_ = 1;
      out_ += word;
      length_ += word.size();
    } else {
      out_ += before;
      out_ += word;
      length_ += before.size() + word.size();
    }
    first_ = false;
  }
  std::size_t room() const { return length_ + 1 < kFold ? kFold - length_ - 1 : 0; }
  std::string finish() { return out_ + "\r\n"; }

 private:
  std::string out_;
  std::size_t length_;
  bool first_ = true;
};

/// Adds encoded words of at most 75 characters, each of whole characters (RFC 2047 section 5), the first one
/// short enough for the line it begins in.
void add_encoded(Line& line, std::string_view text) {
  constexpr std::size_t kFrame = 12;  // =?UTF-8?B? and ?=
  while (!text.empty()) {
    const std::size_t room = line.room() < kFrame + 16 ? 75 : std::min<std::size_t>(75, line.room());
    std::size_t end = std::min(text.size(), (room - kFrame) / 4 * 3);
    while (end > 1 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    line.add("=?UTF-8?B?" + base::base64(text.substr(0, end)) + "?=");
    text.remove_prefix(end);
  }
}

bool needs_encoding(std::string_view text) {
  // A word that looks encoded would be decoded by its reader; spaces at the ends or in a row would get lost.
  if (!base::is_ascii(text) || text.find("=?") != std::string_view::npos) return true;
  if (text.starts_with(' ') || text.ends_with(' ') || text.find("  ") != std::string_view::npos) return true;
  std::size_t word = 0;
  for (const char c : text) {
    word = c == ' ' ? 0 : word + 1;
    if (word > 60) return true;
  }
  return false;
}

bool is_atoms(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" !#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

}  // namespace

void require_header_text(std::string_view value, std::string_view field) {
  if (!base::is_valid_utf8(value)) throw base::Error::invalid(field, "is not valid UTF-8");
  if (base::has_control(value)) {
    throw base::Error::invalid(field, "may not contain line breaks or other control characters");
  }
}

void require_message_id(std::string_view id, std::string_view field) {
  const std::size_t at = id.find('@');
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return c > 32 && c < 127 && std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
  });
  // Literals and quoted left sides are obsolete, but ids of others are answered with what they wrote.
  const bool foreign =
      std::all_of(id.begin(), id.end(), [](char c) { return c > 32 && c < 127 && c != '<' && c != '>'; });
  const bool references = field == "references";
  if (id.empty() || id.size() > 900 || !(references ? foreign : plain) ||
      (!references && (at == std::string_view::npos || at == 0 || at + 1 == id.size() ||
                       id.find('@', at + 1) != std::string_view::npos))) {
    throw base::Error::invalid(field, "is not a Message-ID");
  }
}

std::string write_text_header(std::string_view name, std::string_view text) {
  Line line(name);
  if (needs_encoding(text)) {
    add_encoded(line, text);
  } else {
    for (const std::string_view word : base::split(text, ' ')) line.add(word);
  }
  return line.finish();
}

std::string write_mailbox_header(std::string_view name, const std::vector<Mailbox>& mailboxes,
                                 std::string_view field) {
  Line line(name);
  for (std::size_t i = 0; i < mailboxes.size(); ++i) {
    const Mailbox& mailbox = mailboxes[i];
    require_header_text(mailbox.name, field);
    const std::string address = wire_address(mailbox.address, field);
    const std::string_view end = i + 1 < mailboxes.size() ? "," : "";
    if (mailbox.name.empty()) {
      line.add(fmt::format("{}{}", address, end));
      continue;
    }
    if (needs_encoding(mailbox.name)) {
      add_encoded(line, mailbox.name);
    } else if (is_atoms(mailbox.name)) {
      for (const std::string_view word : base::split(mailbox.name, ' ')) line.add(word);
    } else {
      // A fold inside of a quoted string is part of it (RFC 5322 section 3.2.4 reads it as the space).
      std::string quoted = "\"";
      for (const char c : mailbox.name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
      }
      quoted += '"';
      for (const std::string_view word : base::split(quoted, ' ')) line.add(word);
    }
    line.add(fmt::format("<{}>{}", address, end));
  }
  return line.finish();
}

std::string write_id_header(std::string_view name, const std::vector<std::string>& ids) {
  Line line(name);
  for (const std::string& id : ids) line.add(fmt::format("<{}>", id));
  return line.finish();
}

std::string write_date(base::Millis date) {
  static constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = date::floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(date)));
  const auto day = date::floor<date::days>(time);
  const date::year_month_day calendar(day);
  const date::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays[date::weekday(day).c_encoding()],
                     static_cast<unsigned>(calendar.day()),
                     kMonths[static_cast<unsigned>(calendar.month()) - 1], static_cast<int>(calendar.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace overture::mail
