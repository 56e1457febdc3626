// Values of header fields as people and programs mean them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "mail/inbound.hpp"

namespace overture::mail {

/// A header field as it stands in the message.
struct RawHeader {
  std::string_view name;
  std::string value;  ///< unfolded, trimmed, bytes as they came
};

/// Takes the header block off the front of `message`, with the empty line behind it. Lines that are no
/// headers inside of the block are skipped; a block that is none leaves everything. At most 1,000 fields, 64
/// KB each.
std::vector<RawHeader> take_headers(std::string_view& message);

/// Fields whose folds lost their white space: lines that begin no field become folds of the field above, up
/// to each empty line.
std::string fold_loose_lines(std::string_view fields);

/// The value of the first header of that name, ASCII case ignored; empty without one.
std::string_view header_value(const std::vector<RawHeader>& headers, std::string_view name);

/// RFC 2047 words decoded, valid UTF-8, no control characters.
std::string decode_header(std::string_view value);
/// RFC 5322 section 3.4; groups are flattened, what has no `@` is left out. At most 500.
std::vector<Mailbox> parse_mailboxes(std::string_view value);
/// The ids between `<` and `>`; when there is no `<` at all, the words with an `@`. At most 1,000.
std::vector<std::string> parse_message_ids(std::string_view value);
std::optional<base::Millis> parse_date(std::string_view value);

/// Content-Type or Content-Disposition.
struct ContentHeader {
  std::string type;  ///< lower case, `text/plain` or `attachment`
  std::string charset;
  std::string boundary;
  std::string report_type;  ///< lower case
  std::string file_name;    ///< `name` or `filename`, RFC 2231 and 2047 decoded
};
ContentHeader parse_content_type(std::string_view value);
ContentHeader parse_content_disposition(std::string_view value);

}  // namespace overture::mail
