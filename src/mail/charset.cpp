#include "mail/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/ascii.hpp"
#include "base/text.hpp"

namespace overture::mail {
namespace {

// U+0080 to U+009F of Windows-1252; 0 where it has none.
constexpr std::array<char16_t, 32> kWindows1252{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::string from_windows_1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    char32_t point = byte;
    if (byte >= 0x80 && byte < 0xA0) point = kWindows1252[byte - 0x80U];
    base::append_utf8(out, point == 0 && byte != 0 ? 0xFFFD : point);
  }
  return out;
}

/// What mails call a charset and what they mean, where that is not the same.
std::string meant_charset(std::string_view given) {
  static constexpr std::pair<std::string_view, std::string_view> kMeant[] = {
      {"gb2312", "gb18030"},
      {"gbk", "gb18030"},
      {"x-gbk", "gb18030"},
      {"cp936", "gb18030"},
      {"ks_c_5601-1987", "cp949"},
      {"euc-kr", "cp949"},
      {"ks_c_5601", "cp949"},
      {"shift_jis", "cp932"},
      {"shift-jis", "cp932"},
      {"x-sjis", "cp932"},
      {"sjis", "cp932"},
      {"windows-31j", "cp932"},
      {"unicode-1-1-utf-7", "utf-7"},
      {"big5", "big5-hkscs"},
      {"iso-8859-8-i", "iso-8859-8"},
      {"iso-8859-9", "windows-1254"},
      {"x-mac-roman", "macintosh"},
      {"iso-2022-jp", "iso-2022-jp-3"},
      {"cp-850", "cp850"},
      {"tis-620", "windows-874"},
      {"iso-8859-11", "windows-874"},
      {"x-euc-jp", "euc-jp"},
  };
  std::string name = base::lower_ascii(base::trim(given));
  std::erase_if(name, [](char c) { return c == '"' || c == '\'' || c == ' '; });
  for (const auto& [from, to] : kMeant) {
    if (name == from) return std::string(to);
  }
  return name;
}

bool is_utf8_or_ascii(std::string_view name) {
  return name.empty() || name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii" ||
         name == "ansi_x3.4-1968" || name == "unknown-8bit" || name == "8bit" || name == "x-unknown" ||
         name == "unicode" || name == "default" || name == "utf-8mb4";
}

bool is_windows_1252(std::string_view name) {
  return name == "iso-8859-1" || name == "latin1" || name == "latin-1" || name == "iso8859-1" ||
         name == "iso_8859-1" || name == "windows-1252" || name == "cp1252" || name == "ansi";
}

/// Charsets in which bytes below 0x80 are not always ASCII.
bool is_stateful(std::string_view name) {
  return name.starts_with("iso-2022") || name.starts_with("utf-7") || name.starts_with("utf-16") ||
         name.starts_with("utf-32") || name.starts_with("ucs") || name.starts_with("hz");
}

/// A character of `out` or U+FFFD for each byte that means nothing; nullopt for an unknown charset, or when
/// more than an eighth means nothing: then it is not that charset.
std::optional<std::string> from_iconv(std::string_view bytes, const std::string& name) {
  const bool sane =
      name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
      });
  if (!sane) return std::nullopt;
  const iconv_t handle = ::iconv_open("UTF-8", name.c_str());
  if (handle == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out;
  std::string source(bytes);
  char* in = source.data();
  std::size_t left = source.size();
  std::size_t broken = 0;
  std::array<char, 8192> buffer;
  while (true) {
    char* to = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t result =
        left > 0 ? ::iconv(handle, &in, &left, &to, &room) : ::iconv(handle, nullptr, nullptr, &to, &room);
    const int problem = errno;
    const bool done = left == 0 && result != static_cast<std::size_t>(-1);
    out.append(buffer.data(), buffer.size() - room);
    if (done && room == buffer.size()) break;
    if (result != static_cast<std::size_t>(-1)) continue;
    if (problem == E2BIG) continue;
    if (left == 0) break;
    base::append_utf8(out, 0xFFFD);
    ++broken;
    ++in;
    --left;
  }
  ::iconv_close(handle);
  if (broken > 1 && broken > bytes.size() / 8) return std::nullopt;
  return out;
}

std::string decode(std::string_view bytes, std::string_view charset) {
  std::string name = meant_charset(charset);
  if (is_utf8_or_ascii(name)) {
    const bool japanese =
        bytes.find("\x1b$B") != std::string_view::npos || bytes.find("\x1b$@") != std::string_view::npos;
    if (!japanese) return base::is_valid_utf8(bytes) ? std::string(bytes) : from_windows_1252(bytes);
    name = "iso-2022-jp-3";
  }
  if (!is_stateful(name) && base::is_ascii(bytes)) return std::string(bytes);
  if (is_windows_1252(name)) {
    // Mails that say Latin-1 and are UTF-8 are common, text that is both by chance is not.
    return base::is_valid_utf8(bytes) ? std::string(bytes) : from_windows_1252(bytes);
  }
  if (auto decoded = from_iconv(bytes, name)) return *decoded;
  return base::is_valid_utf8(bytes) ? std::string(bytes) : from_windows_1252(bytes);
}

}  // namespace

std::string to_utf8(std::string_view bytes, std::string_view charset) {
  std::string text = decode(bytes, charset);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::erase(text, '\0');
  // iconv lets through what UTF-8 does not have: surrogates of UTF-16 sources.
  return base::is_valid_utf8(text) ? text : from_windows_1252(text);
}

std::string_view cut_utf8(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace overture::mail
