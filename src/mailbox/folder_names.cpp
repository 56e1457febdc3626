#include "mailbox/folder_names.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace overture::mailbox {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/// UTF-16 units as base64 without padding, a comma instead of the slash.
class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}
  void put(char16_t unit) {
    if (!open_) out_ += '&';
    open_ = true;
    bits_ = (bits_ << 16U) | unit;
    for (count_ += 16; count_ >= 6; count_ -= 6) out_ += kDigits[(bits_ >> (count_ - 6)) & 63U];
    bits_ &= (1U << count_) - 1;
  }
  void close() {
    if (!open_) return;
    if (count_ > 0) out_ += kDigits[(bits_ << (6 - count_)) & 63U];
    out_ += '-';
    open_ = false;
    bits_ = count_ = 0;
  }

 private:
  std::string& out_;
  bool open_ = false;
  std::uint32_t bits_ = 0;
  std::uint32_t count_ = 0;
};

/// The text of one `&…-` without its ends.
std::optional<std::string> decode(std::string_view digits) {
  std::string utf8;
  std::uint32_t bits = 0;
  std::uint32_t count = 0;
  char32_t high = 0;
  for (char digit : digits) {
    const std::size_t value = kDigits.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 16) continue;
    count -= 16;
    const char32_t unit = (bits >> count) & 0xffffU;
    bits &= (1U << count) - 1;
    if (unit >= 0xd800 && unit < 0xdc00) {
      if (high != 0) return std::nullopt;
      high = unit;
    } else if (unit >= 0xdc00 && unit < 0xe000) {
      if (high == 0) return std::nullopt;
      base::append_utf8(utf8, 0x10000 + ((high - 0xd800) << 10U) + (unit - 0xdc00));
      high = 0;
    } else if (high != 0 || (unit >= 0x20 && unit < 0x7f)) {
      return std::nullopt;
    } else {
      base::append_utf8(utf8, unit);
    }
  }
  if (high != 0 || count >= 6 || bits != 0) return std::nullopt;
  return utf8;
}

}  // namespace

std::string write_modified_utf7(std::string_view utf8) {
  std::string out;
  Encoder encoder(out);
  while (!utf8.empty()) {
    const char front = utf8.front();
    const auto code_point = base::take_code_point(utf8);
    if (!code_point) utf8.remove_prefix(1);
    if (!code_point || (*code_point >= 0x20 && *code_point < 0x7f)) {
      encoder.close();
      out += front;
      if (front == '&') out += '-';
    } else if (*code_point >= 0x10000) {
      encoder.put(static_cast<char16_t>(0xd800 + ((*code_point - 0x10000) >> 10U)));
      encoder.put(static_cast<char16_t>(0xdc00 + ((*code_point - 0x10000) & 0x3ffU)));
    } else {
      encoder.put(static_cast<char16_t>(*code_point));
    }
  }
  encoder.close();
  return out;
}

std::optional<std::string> parse_modified_utf7(std::string_view text) {
  std::string utf8;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '&') {
      utf8 += text[at];
      continue;
    }
    const std::size_t end = text.find('-', at);
    if (end == std::string_view::npos) return std::nullopt;
    if (end == at + 1) {
      utf8 += '&';
    } else {
      const auto piece = decode(text.substr(at + 1, end - at - 1));
      if (!piece) return std::nullopt;
      utf8 += *piece;
    }
    at = end;
  }
  return utf8;
}

}  // namespace overture::mailbox
