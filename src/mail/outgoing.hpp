// Messages that leave, as bytes. Nothing here sends, and nothing here knows the time.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace overture::mail {

struct Mailbox {
  std::string name;     ///< as people read it, UTF-8; empty for none
  std::string address;  ///< `local@domain`
  friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

struct OutgoingMessage {
  Mailbox from;
  std::vector<Mailbox> to;
  std::vector<Mailbox> cc;
  std::vector<Mailbox> bcc;  ///< for the envelope; never written
  std::optional<Mailbox> reply_to;
  std::string subject;
  std::string text;                     ///< UTF-8, any line ends
  std::string html;                     ///< empty for a message of text only
  std::string message_id;               ///< without `<>`
  std::vector<std::string> references;  ///< without `<>`, the oldest first; the last is also In-Reply-To
  base::Millis date = 0;
  std::string unsubscribe_url;     ///< https; empty for none
  std::string unsubscribe_mailto;  ///< an address, or a whole `mailto:` address; empty for none
  bool one_click = false;          ///< the URL takes the POST of RFC 8058
};

/// The message with CRLF line ends, ready for DATA before dot-stuffing (RFC 5322, 2045 to 2047). Equal input
/// gives equal bytes: a retry sends what was sent before. All lines are ASCII and at most 998 bytes, headers
/// are folded at 78 where their words allow it; only a message that needs_smtputf8() has UTF-8 in its address
/// headers (RFC 6532). text/plain alone, or multipart/alternative of text and html; a missing text is made of
/// the html. References that would grow over 100 ids keep the first and the newest.
///
/// Throws base::Error `invalid_value`, naming the field, for CR, LF or NUL in anything that becomes a header,
/// text that is not UTF-8, an address that is none, a Message-ID that is none (RFC 5322 section 3.6.4), no
/// recipient at all, a URL that is not https, or one_click without URL (RFC 8058 section 3.1). Nothing is
/// cleaned silently.
std::string write_message(const OutgoingMessage& message);

/// Some local part is not ASCII: only a server that offers SMTPUTF8 (RFC 6531) may be given this message.
/// Internationalised domains alone are written as A-labels and need nothing.
bool needs_smtputf8(const OutgoingMessage& message);

/// The address as the envelope (MAIL FROM, RCPT TO) and the headers have it: the local part as written, the
/// domain in lower case as A-labels. `field` is named in the error. Throws base::Error `invalid_value`.
std::string wire_address(std::string_view address, std::string_view field);

}  // namespace overture::mail
