// Case, UTF-8, hexadecimal and base64url. Case mapping is glibc's, in a locale of its own.
#include "base/text.hpp"

#include <clocale>
#include <cwctype>

#include "base/ascii.hpp"
#include "base/error.hpp"

namespace overture::base {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// C.UTF-8 is built into glibc since 2.35, so this needs no locale files.
locale_t unicode_locale() {
  static const locale_t locale = [] {
    locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (made == nullptr) throw Error(ErrorCode::internal, {}, "the locale C.UTF-8 is missing");
    return made;
  }();
  return locale;
}

unsigned byte(char c) { return static_cast<unsigned char>(c); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower_ascii(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower_ascii(c);
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower_ascii(a[i]) != lower_ascii(b[i])) return false;
  }
  return true;
}

std::string lower(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    if (byte(utf8.front()) < 0x80) {
      out += lower_ascii(utf8.front());
      utf8.remove_prefix(1);
    } else if (const auto code_point = take_code_point(utf8)) {
      append_utf8(out, static_cast<char32_t>(towlower_l(static_cast<wint_t>(*code_point), unicode_locale())));
    } else {
      out += utf8.front();
      utf8.remove_prefix(1);
    }
  }
  return out;
}

std::optional<char32_t> take_code_point(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const unsigned first = byte(text.front());
  std::size_t length = 1;
  char32_t value = first;
  char32_t smallest = 0;
  if (first >= 0x80) {
    if (first >= 0xC2 && first <= 0xDF) {
      length = 2, value = first & 0x1F, smallest = 0x80;
    } else if (first >= 0xE0 && first <= 0xEF) {
      length = 3, value = first & 0x0F, smallest = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
      length = 4, value = first & 0x07, smallest = 0x10000;
    } else {
      return std::nullopt;
    }
  }
  if (text.size() < length) return std::nullopt;
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned next = byte(text[i]);
    if ((next & 0xC0) != 0x80) return std::nullopt;
    value = (value << 6) | (next & 0x3F);
  }
  if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&out](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

bool is_valid_utf8(std::string_view text) {
  for (;;) {
    text.remove_prefix(count_ascii(text));
    if (text.empty()) return true;
    if (!take_code_point(text)) return false;
  }
}

bool is_letter_or_digit(char32_t code_point) {
  return iswalnum_l(static_cast<wint_t>(code_point), unicode_locale()) != 0;
}

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned c = byte(text[i]);
    if (c < 0x20 || c == 0x7F) return true;
    if (c == 0xC2 && i + 1 < text.size() && byte(text[i + 1]) >= 0x80 && byte(text[i + 1]) < 0xA0)
      return true;
  }
  return false;
}

std::string one_line(std::string_view text) {
  std::string line;
  bool is_apart = false;
  while (!text.empty()) {
    const unsigned c = byte(text[0]);
    const bool is_c1 = c == 0xC2 && text.size() > 1 && byte(text[1]) >= 0x80 && byte(text[1]) < 0xA0;
    if (c <= 0x20 || c == 0x7F || is_c1) {
      is_apart = true;
    } else {
      if (is_apart && !line.empty()) line += ' ';
      is_apart = false;
      line += text[0];
    }
    text.remove_prefix(is_c1 ? 2 : 1);
  }
  return line;
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

std::string hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += kHexDigits[byte(c) >> 4];
    out += kHexDigits[byte(c) & 0x0F];
  }
  return out;
}

std::optional<std::string> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
  }
  return out;
}

std::string base64url(std::string_view bytes) {
  std::string out((bytes.size() * 4 + 2) / 3, '\0');
  char* to = out.data();
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const unsigned group = byte(bytes[at]) << 16U | byte(bytes[at + 1]) << 8U | byte(bytes[at + 2]);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) *to++ = kBase64[group >> shift & 0x3FU];
  }
  unsigned bits = 0;
  unsigned count = 0;
  for (; at < bytes.size(); ++at) {
    bits = bits << 8U | byte(bytes[at]);
    count += 8;
  }
  for (; count >= 6; count -= 6) *to++ = kBase64[bits >> (count - 6) & 0x3FU];
  if (count > 0) *to++ = kBase64[bits << (6 - count) & 0x3FU];
  return out;
}

std::optional<std::string> parse_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFF;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(static_cast<unsigned char>(bits >> count));
    }
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string like_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace overture::base
