// JSON text: a run of plain characters is copied at once, the rest by table.
#include "rest/json_writer.hpp"

#include <array>
#include <charconv>

namespace overture::rest {
namespace {

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 256; ++c) plain.at(c) = c != '"' && c != '\\';
  return plain;
}();

void write_escape(std::string& out, unsigned char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += digits[c >> 4U];
      out += digits[c & 0xfU];
  }
}

}  // namespace

void write_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto c = static_cast<unsigned char>(text[at]);
    if (kPlain[c]) continue;
    out.append(text, start, at - start);
    write_escape(out, c);
    start = at + 1;
  }
  out.append(text, start, text.size() - start);
  out += '"';
}

void write_integer(std::string& out, std::int64_t number) {
  std::array<char, 24> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace overture::rest
