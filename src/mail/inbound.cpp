#include "mail/inbound.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/header_text.hpp"
#include "mail/mime_parts.hpp"
#include "mail/transfer.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kMaxEmbeddedBytes = 1U << 20U;

bool is_for_machines(std::string_view type) {
  return type == "message/delivery-status" || type == "message/feedback-report" || type == "message/rfc822" ||
         type == "text/rfc822-headers" || type == "message/disposition-notification" ||
         type == "message/global" || type == "message/global-delivery-status" ||
         type == "message/global-headers" || type == "message/global-disposition-notification" ||
         type == "text/rfc822-header" || type == "message/rfc822-headers" || type == "message/partial" ||
         type == "message/xdelivery-status";
}

/// CRLF and CR as LF.
std::string with_lf(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') continue;
      out += '\n';
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string bare_file_name(std::string_view written) {
  std::string name = decode_header(written);
  if (const std::size_t slash = name.find_last_of("/\\"); slash != std::string::npos)
    name.erase(0, slash + 1);
  return std::string(cut_utf8(base::trim(name), 255));
}

/// Gathers the leaves.
class Reader {
 public:
  explicit Reader(InboundMessage& message) : message_(message) {}

  void visit(const MimeLeaf& leaf) {
    const std::string& type = leaf.type.type;
    const std::string name =
        bare_file_name(leaf.disposition.file_name.empty() ? leaf.type.file_name : leaf.disposition.file_name);
    if (is_for_machines(type)) {
      std::string bytes = decode_transfer(leaf.body, leaf.encoding);
      const std::size_t size = bytes.size();
      if (bytes.size() > kMaxEmbeddedBytes) bytes.resize(kMaxEmbeddedBytes);
      message_.embedded.push_back({type, std::move(bytes)});
      if (leaf.disposition.type == "attachment" || !name.empty()) {
        message_.attachments.push_back({name, type, size});
      }
      return;
    }
    const bool attached = leaf.disposition.type == "attachment" || !name.empty();
    if (!attached && type == "text/plain") return add(message_.text, leaf);
    if (!attached && type == "text/html") return add(message_.html, leaf);
    // Without a name and without a word that it is one, text of another kind is still readable.
    if (!attached && (type == "text/enriched" || type == "text/x-plain" || type == "text")) {
      return add(message_.text, leaf);
    }
    message_.attachments.push_back({name, type, decode_transfer(leaf.body, leaf.encoding).size()});
  }

  bool cut_off() const { return cut_off_; }

 private:
  void add(std::string& to, const MimeLeaf& leaf) {
    const std::size_t used = message_.text.size() + message_.html.size();
    const std::size_t room = kInboundMaxText > used ? kInboundMaxText - used : 0;
    std::string_view body = leaf.body;
    // An encoding makes at most four bytes of one (base64 takes 4/3, quoted-printable 3): read no more.
    if (body.size() > 4 * room + 64) body = body.substr(0, 4 * room + 64);
    const std::string text = with_lf(to_utf8(decode_transfer(body, leaf.encoding), leaf.type.charset));
    const std::string_view kept = cut_utf8(text, room);
    cut_off_ = cut_off_ || kept.size() < text.size() || body.size() < leaf.body.size();
    if (!to.empty() && !to.ends_with('\n') && !kept.empty()) to += '\n';
    to += kept;
  }

  InboundMessage& message_;
  bool cut_off_ = false;
};

void read_headers(InboundMessage& message, const std::vector<RawHeader>& headers) {
  for (const RawHeader& header : headers) {
    message.headers.push_back({std::string(header.name), decode_header(header.value)});
  }
  const auto mailboxes = [&](std::string_view name) {
    std::vector<Mailbox> all;
    for (const RawHeader& header : headers) {
      if (!base::equal_ignoring_case(header.name, name) || all.size() >= 1000) continue;
      for (Mailbox& one : parse_mailboxes(header.value)) all.push_back(std::move(one));
    }
    return all;
  };
  message.from = mailboxes("From");
  message.to = mailboxes("To");
  message.cc = mailboxes("Cc");
  message.reply_to = mailboxes("Reply-To");
  message.subject = decode_header(header_value(headers, "Subject"));
  message.date = parse_date(header_value(headers, "Date"));
  const auto first_id = [&](std::string_view name) {
    auto ids = parse_message_ids(header_value(headers, name));
    return ids.empty() ? std::string() : std::move(ids.front());
  };
  message.message_id = first_id("Message-ID");
  message.in_reply_to = first_id("In-Reply-To");
  message.references = parse_message_ids(header_value(headers, "References"));
  const ContentHeader type = parse_content_type(header_value(headers, "Content-Type"));
  message.content_type = type.type.empty() ? "text/plain" : type.type;
  message.report_type = type.report_type;
}

}  // namespace

const std::string* InboundMessage::find_header(std::string_view name) const {
  for (const HeaderLine& line : headers) {
    if (base::equal_ignoring_case(line.name, name)) return &line.value;
  }
  return nullptr;
}

InboundMessage parse_message(std::string_view raw) {
  InboundMessage message;
  message.size = raw.size();
  if (raw.size() > kInboundMaxBytes) {
    message.problem = "The message is larger than 25 MB; only its beginning was read.";
    raw = raw.substr(0, kInboundMaxBytes);
  }
  if (raw.starts_with("\xEF\xBB\xBF")) raw.remove_prefix(3);
  if (const std::size_t begin = raw.find_first_not_of("\r\n"); begin != std::string_view::npos) {
    raw.remove_prefix(begin);
  }
  std::string_view body = raw;
  const std::vector<RawHeader> headers = take_headers(body);
  if (headers.empty()) message.problem = "The message has no headers.";
  read_headers(message, headers);
  Reader reader(message);
  const std::string problem = visit_parts(headers, body, [&](const MimeLeaf& leaf) { reader.visit(leaf); });
  if (message.problem.empty()) message.problem = problem;
  if (message.problem.empty() && reader.cut_off())
    message.problem = "The text is very long; its end was not read.";
  return message;
}

}  // namespace overture::mail
