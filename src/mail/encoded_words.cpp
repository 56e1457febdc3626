#include "mail/encoded_words.hpp"

#include <optional>

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/transfer.hpp"

namespace overture::mail {
namespace {

struct Word {
  std::string charset;
  std::string bytes;
  std::size_t length;  ///< of the word as it stands in the text
};

/// The Q encoding is quoted-printable with `_` for the space (section 4.2).
std::string decode_q(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_') {
      out += ' ';
      continue;
    }
    const auto byte =
        text[i] == '=' && i + 2 < text.size() ? base::parse_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (byte && byte->size() == 1) {
      out += *byte;
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// `=?charset*language?B?…?=` at the front of `text`.
std::optional<Word> take_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const std::size_t charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end == 2 || charset_end > 60) return std::nullopt;
  if (charset_end + 2 >= text.size() || text[charset_end + 2] != '?') return std::nullopt;
  const char encoding = base::lower_ascii(text[charset_end + 1]);
  const std::size_t begin = charset_end + 3;
  // A Q word may end in `=?=` only by accident of its last byte; careless programs leave spaces inside.
  const std::size_t end = text.find("?=", begin);
  if (end == std::string_view::npos || end - begin > 2000) return std::nullopt;
  std::string_view charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));
  const std::string_view body = text.substr(begin, end - begin);
  Word word{std::string(charset), {}, end + 2};
  if (encoding == 'b') {
    word.bytes = decode_transfer(body, "base64");
  } else if (encoding == 'q') {
    word.bytes = decode_q(body);
  } else {
    return std::nullopt;
  }
  return word;
}

void append(std::string& out, const std::string& decoded, Quoting quoting, bool in_quotes) {
  if (quoting == Quoting::plain) {
    out += decoded;
    return;
  }
  if (!in_quotes) out += '"';
  for (const char c : decoded) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 32 ? ' ' : c;
  }
  if (!in_quotes) out += '"';
}

}  // namespace

std::string decode_words(std::string_view text, Quoting quoting) {
  std::string out;
  std::string pending;  // Bytes of neighbouring words of one charset.
  std::string charset;
  bool in_quotes = false;
  const auto flush = [&] {
    if (!pending.empty()) append(out, to_utf8(pending, charset), quoting, in_quotes);
    pending.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    if (const auto word = take_word(text.substr(at))) {
      if (!base::equal_ignoring_case(word->charset, charset)) flush();
      charset = word->charset;
      pending += word->bytes;
      at += word->length;
      const std::size_t next = text.find_first_not_of(" \t", at);
      if (next != std::string_view::npos && take_word(text.substr(next))) at = next;
      continue;
    }
    flush();
    if (text[at] == '"') in_quotes = !in_quotes;
    if (text[at] == '\\' && in_quotes && at + 1 < text.size()) out += text[at++];
    out += text[at++];
  }
  flush();
  return out;
}

}  // namespace overture::mail
