// Messages that came in, read from their bytes into plain values.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "mail/outgoing.hpp"

namespace overture::mail {

inline constexpr std::size_t kInboundMaxBytes = 25U << 20U;
inline constexpr std::size_t kInboundMaxParts = 1000;
inline constexpr int kInboundMaxDepth = 32;
/// Of text and html together with all their parts; the rest is cut off at a character.
inline constexpr std::size_t kInboundMaxText = 2U << 20U;

struct HeaderLine {
  std::string name;   ///< as written
  std::string value;  ///< unfolded, RFC 2047 words decoded, valid UTF-8, trimmed
};

struct Attachment {
  std::string name;          ///< without directories and control characters; empty when it has none
  std::string content_type;  ///< lower case, `type/subtype`
  std::size_t size = 0;      ///< bytes once decoded
};

/// A part that machines read: `message/delivery-status`, `message/feedback-report`, `message/rfc822`,
/// `text/rfc822-headers`, `message/disposition-notification` and their `message/global-…` sisters (RFC 6533).
struct EmbeddedPart {
  std::string content_type;  ///< lower case
  std::string bytes;         ///< decoded; at most 1 MB; of message/rfc822 the whole message
};

/// All texts are valid UTF-8. Ids are without `<>`.
struct InboundMessage {
  std::vector<Mailbox> from;
  std::vector<Mailbox> to;
  std::vector<Mailbox> cc;
  std::vector<Mailbox> reply_to;
  std::string subject;
  std::optional<base::Millis> date;
  std::string message_id;
  std::string in_reply_to;              ///< the first id, where there are several
  std::vector<std::string> references;  ///< in their order
  std::vector<HeaderLine> headers;      ///< all, in their order
  std::string content_type;             ///< of the whole, lower case
  std::string report_type;              ///< of multipart/report, lower case
  std::string text;                     ///< all text/plain parts that are no attachments, LF line ends
  std::string html;                     ///< all text/html parts that are no attachments
  std::vector<Attachment> attachments;
  std::vector<EmbeddedPart> embedded;
  std::size_t size = 0;
  std::string problem;  ///< a sentence, when something could not be read or was left out

  /// The value of the first header of that name, ASCII case ignored; nullptr without one.
  const std::string* find_header(std::string_view name) const;
};

/// Reads any bytes and never throws on them. What is broken is left out and told in `problem`; beyond the
/// limits above the rest is not read. A leading mbox `From ` line is skipped. A charset that is missing,
/// unknown or a lie is repaired: UTF-8 where the bytes are that, else Windows-1252. Thread-safe.
InboundMessage parse_message(std::string_view raw);

}  // namespace overture::mail
