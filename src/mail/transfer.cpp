#include "mail/transfer.hpp"

#include <gmime/gmime.h>

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
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 57) out += base::base64(bytes.substr(at, 57)) + "\r\n";
  return out;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::string line;
  const auto put = [&](std::string_view token) {
    if (line.size() + token.size() > 75) {
      out += line + "=\r\n";
      line.clear();
    }
    line += token;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') {
      out += line + "\r\n";
      line.clear();
      continue;
    }
    const bool last = at + 1 == text.size() || text[at + 1] == '\n';
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte > 32 && byte < 127 && c != '=') || ((c == ' ' || c == '\t') && !last);
    // "From " and a lone dot at the start of a line do not survive every relay.
    const bool fragile = line.empty() && (c == '.' || (c == 'F' && text.substr(at, 5) == "From "));
    if (plain && !fragile) {
      put(std::string_view(&c, 1));
    } else {
      const char token[] = {'=', kHexDigits[byte >> 4U], kHexDigits[byte & 15U]};
      put(std::string_view(token, 3));
    }
  }
  if (!line.empty()) out += line + "\r\n";
  return out;
}

}  // namespace overture::mail
