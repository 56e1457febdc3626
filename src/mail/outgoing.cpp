#include "mail/outgoing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "mail/header_write.hpp"
#include "mail/sanitize.hpp"
#include "mail/transfer.hpp"
#include "rules/email_address.hpp"
#include "rules/host.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kMaxReferences = 100;
constexpr std::size_t kMaxLine = 998;

std::string with_lf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 1);
  for (;;) {
    const std::size_t end = text.find('\r');
    out += text.substr(0, end);
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
    if (text.starts_with('\n')) text.remove_prefix(1);
  }
}

/// `text` has LF alone.
std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (;;) {
    const std::size_t end = text.find('\n');
    out += text.substr(0, end);
    if (end == std::string_view::npos) return out;
    out += "\r\n";
    text.remove_prefix(end + 1);
  }
}

/// A part of text in the encoding that makes it shorter.
std::string text_part(std::string_view type, std::string_view text) {
  std::string lines = with_lf(text);
  if (!lines.empty() && !lines.ends_with('\n')) lines += '\n';
  const auto foreign = static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
  const std::string head =
      fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: ", type);
  if (foreign * 4 <= lines.size()) return head + "quoted-printable\r\n\r\n" + quoted_printable(lines);
  return head + "base64\r\n\r\n" + base64_lines(with_crlf(lines));
}

void require_url(std::string_view url, std::string_view scheme, std::string_view field) {
  const bool printable =
      std::all_of(url.begin(), url.end(), [](char c) { return c > 32 && c < 127 && c != '<' && c != '>'; });
  if (!printable || !url.starts_with(scheme) || url.size() == scheme.size() || url.size() > 900) {
    throw base::Error::invalid(field, fmt::format("must be a {} address of printable ASCII", scheme));
  }
}

/// RFC 2369 section 3.2 and RFC 8058 section 3.1.
std::string unsubscribe_headers(const OutgoingMessage& message) {
  std::vector<std::string> ways;
  if (!message.unsubscribe_url.empty()) {
    require_url(message.unsubscribe_url, "https://", "unsubscribe_url");
    ways.push_back(fmt::format("<{}>", message.unsubscribe_url));
  } else if (message.one_click) {
    throw base::Error::invalid("one_click", "needs an unsubscribe_url");
  }
  if (!message.unsubscribe_mailto.empty()) {
    std::string mailto = message.unsubscribe_mailto;
    if (!mailto.starts_with("mailto:")) mailto = "mailto:" + wire_address(mailto, "unsubscribe_mailto");
    require_url(mailto, "mailto:", "unsubscribe_mailto");
    ways.push_back(fmt::format("<{}>", mailto));
  }
  if (ways.empty()) return {};
  // Folding it broke DKIM signatures at relays, so it stays on one line as long as a line may be.
  std::string line = "List-Unsubscribe: " + base::join(ways, ", ");
  if (line.size() > kMaxLine) line = "List-Unsubscribe: " + base::join(ways, ",\r\n ");
  line += "\r\n";
  if (message.one_click) line += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
  return line;
}

std::vector<std::string> bounded_references(const OutgoingMessage& message) {
  for (const std::string& id : message.references) require_message_id(id, "references");
  if (message.references.size() <= kMaxReferences) return message.references;
  std::vector<std::string> kept{message.references.front()};
  kept.insert(kept.end(), message.references.end() - (kMaxReferences - 1), message.references.end());
  return kept;
}

std::string body_of(const OutgoingMessage& message) {
  if (message.html.empty()) return text_part("text/plain", message.text);
  const std::string text = message.text.empty() ? html_to_text(message.html) : message.text;
  // "=_" cannot stand in quoted-printable, and the encoded lines of base64 have no "_".
  const std::string boundary = "=_" + base::sha256("boundary of " + message.message_id).substr(0, 40);
  std::string out = fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", boundary);
  for (const std::string& part : {text_part("text/plain", text), text_part("text/html", message.html)}) {
    out += fmt::format("--{}\r\n{}\r\n", boundary, part);
  }
  return out + fmt::format("--{}--\r\n", boundary);
}

bool is_local_ascii(const Mailbox& mailbox) {
  return base::is_ascii(mailbox.address.substr(0, mailbox.address.rfind('@')));
}

}  // namespace

std::string wire_address(std::string_view address, std::string_view field) {
  require_header_text(address, field);
  const std::size_t at = address.rfind('@');
  const auto host =
      at == std::string_view::npos ? std::nullopt : rules::parse_host_name(address.substr(at + 1));
  if (!host || base::trim(address) != address || !rules::parse_email_address(address)) {
    throw base::Error::invalid(field, "is not an e-mail address");
  }
  return fmt::format("{}@{}", address.substr(0, at), *host);
}

bool needs_smtputf8(const OutgoingMessage& message) {
  const auto all = [](const std::vector<Mailbox>& boxes) {
    return std::all_of(boxes.begin(), boxes.end(), is_local_ascii);
  };
  return !is_local_ascii(message.from) || !all(message.to) || !all(message.cc) || !all(message.bcc) ||
         (message.reply_to && !is_local_ascii(*message.reply_to));
}

std::string write_message(const OutgoingMessage& message) {
  if (message.to.empty() && message.cc.empty() && message.bcc.empty()) {
    throw base::Error::invalid("to", "has no recipient");
  }
  for (const Mailbox& hidden : message.bcc) {
    require_header_text(hidden.name, "bcc");
    static_cast<void>(wire_address(hidden.address, "bcc"));
  }
  require_header_text(message.subject, "subject");
  require_message_id(message.message_id, "message_id");
  if (!base::is_valid_utf8(message.text) || base::has_nul(message.text)) {
    throw base::Error::invalid("text", "is not valid UTF-8 or contains NUL");
  }
  if (!base::is_valid_utf8(message.html) || base::has_nul(message.html)) {
    throw base::Error::invalid("html", "is not valid UTF-8 or contains NUL");
  }
  const std::vector<std::string> references = bounded_references(message);

  std::string out = fmt::format("Date: {}\r\n", write_date(message.date));
  out += write_mailbox_header("From", {message.from}, "from");
  if (message.reply_to) out += write_mailbox_header("Reply-To", {*message.reply_to}, "reply_to");
  if (message.to.empty() && message.cc.empty()) {
    out += "To: undisclosed-recipients:;\r\n";
  } else if (!message.to.empty()) {
    out += write_mailbox_header("To", message.to, "to");
  }
  if (!message.cc.empty()) out += write_mailbox_header("Cc", message.cc, "cc");
  out += fmt::format("Message-ID: <{}>\r\n", message.message_id);
  if (!references.empty()) {
    out += fmt::format("In-Reply-To: <{}>\r\n", references.back());
    out += write_id_header("References", references);
  }
  out += write_text_header("Subject", base::trim(message.subject));
  out += unsubscribe_headers(message);
  out += "MIME-Version: 1.0\r\n";
  return out + body_of(message);
}

}  // namespace overture::mail
