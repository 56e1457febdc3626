#include "mail/transfer.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "mail/gmime.hpp"

namespace overture::mail {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

std::string decode(std::string_view body, GMimeContentEncoding kind) {
  ensure_gmime();
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, kind);
  std::string out(g_mime_encoding_outlen(&state, body.size()), '\0');
  std::size_t written = g_mime_encoding_step(&state, body.data(), body.size(), out.data());
  written += g_mime_encoding_flush(&state, nullptr, 0, out.data() + written);
  out.resize(written);
  return out;
}

/// Bytes that stand for themselves, a space or tab unless it ends its line.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = ' '; byte < 127; ++byte) plain[byte] = byte != '=';
  plain['\t'] = true;
  return plain;
}();

/// Adds bytes of one line of text, with soft breaks where a line gets too long.
class QuotedLine {
 public:
  explicit QuotedLine(std::string& out) : out_(out) {}

  void add_escaped(char c) {
    const auto byte = static_cast<unsigned char>(c);
    const char token[] = {'=', kHexDigits[byte >> 4U], kHexDigits[byte & 15U]};
    if (column_ + sizeof token > kMaxColumn) break_line();
    out_.append(token, sizeof token);
    column_ += sizeof token;
  }
  void add_plain(std::string_view run) {
    while (!run.empty()) {
      if (column_ == kMaxColumn) break_line();
      const std::string_view piece = run.substr(0, kMaxColumn - column_);
      out_ += piece;
      column_ += piece.size();
      run.remove_prefix(piece.size());
    }
  }

 private:
  static constexpr std::size_t kMaxColumn = 75;

  void break_line() {
    out_ += "=\r\n";
    column_ = 0;
  }
  std::string& out_;
  std::size_t column_ = 0;
};

void add_quoted(std::string& out, std::string_view line) {
  QuotedLine quoted(out);
  // "From " and a lone dot at the start of a line do not survive every relay.
  if (line.starts_with('.') || line.starts_with("From ")) {
    quoted.add_escaped(line.front());
    line.remove_prefix(1);
  }
  const bool blank_end = line.ends_with(' ') || line.ends_with('\t');
  const std::string_view inner = line.substr(0, line.size() - (blank_end ? 1 : 0));
  for (std::size_t at = 0; at < inner.size();) {
    const std::size_t begin = at;
    while (at < inner.size() && kPlain[static_cast<unsigned char>(inner[at])]) ++at;
    quoted.add_plain(inner.substr(begin, at - begin));
    if (at < inner.size()) quoted.add_escaped(inner[at++]);
  }
  if (blank_end) quoted.add_escaped(line.back());
}

}  // namespace

std::string decode_transfer(std::string_view body, std::string_view encoding) {
  const std::string name = base::lower_ascii(base::trim(encoding));
  if (body.empty()) return {};
  if (name == "base64") return decode(body, GMIME_CONTENT_ENCODING_BASE64);
  if (name == "quoted-printable") return decode(body, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  if (name == "x-uuencode" || name == "uuencode" || name == "x-uue") {
    return decode(body, GMIME_CONTENT_ENCODING_UUENCODE);
  }
  return std::string(body);
}

std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t kLine = 76;
  std::string out;
  const std::string text = base::base64(bytes);
  out.reserve(text.size() + text.size() / kLine * 2 + 2);
  for (std::size_t at = 0; at < text.size(); at += kLine) out.append(text, at, kLine).append("\r\n");
  return out;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8 + 16);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    add_quoted(out, text.substr(0, end));
    out += "\r\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace overture::mail
