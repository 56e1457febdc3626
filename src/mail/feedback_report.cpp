// Complaints of readers (ARF, RFC 5965), and the notifications of Amazon SES.
#include <boost/json.hpp>

#include <algorithm>

#include "base/text.hpp"
#include "mail/bounce_parts.hpp"
#include "mail/header_text.hpp"

namespace overture::mail {
namespace {

const EmbeddedPart* find_part(const InboundMessage& message, std::string_view type) {
  for (const EmbeddedPart& part : message.embedded) {
    if (part.content_type == type) return &part;
  }
  return nullptr;
}

std::string text_at(const boost::json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  const auto* found = object == nullptr ? nullptr : object->if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

/// Mail systems write "!\n " into the middle of long lines.
std::string without_wraps(std::string_view text) {
  constexpr std::string_view kWrap = "!\n ";
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t wrap = std::min(text.find(kWrap, at), text.size());
    out += text.substr(at, wrap - at);
    at = wrap + kWrap.size();
  }
  return out;
}

std::optional<boost::json::object> parse_object(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 32;
  boost::system::error_code problem;
  boost::json::value value = boost::json::parse(text, problem, {}, options);
  if (problem || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

/// The JSON object inside of a text, however it is wrapped.
std::optional<boost::json::value> find_object(std::string_view text) {
  const std::size_t begin = text.find('{');
  const std::size_t end = text.rfind('}');
  if (begin == std::string_view::npos || end == std::string_view::npos || end <= begin) return std::nullopt;
  std::optional<boost::json::object> outer = parse_object(without_wraps(text.substr(begin, end - begin + 1)));
  if (!outer) return std::nullopt;
  boost::json::value value = std::move(*outer);
  if (auto inner = parse_object(text_at(value, "Message"))) return std::move(*inner);
  return value;
}

const boost::json::array* array_at(const boost::json::value& value, std::string_view object,
                                   std::string_view key) {
  const auto* outer = value.if_object();
  const auto* inner = outer == nullptr ? nullptr : outer->if_contains(object);
  const auto* inside = inner == nullptr ? nullptr : inner->if_object();
  const auto* list = inside == nullptr ? nullptr : inside->if_contains(key);
  return list == nullptr ? nullptr : list->if_array();
}

/// The types (RFC 5965 section 7.3 and the registry after it) by which a reader wants no more; others report
/// about authentication, or that a mail was no spam.
bool is_complaint(std::string_view type) {
  return type.empty() || type == "abuse" || type == "fraud" || type == "opt-out" || type == "opt-out-list";
}

/// Microsoft's Junk Email Reporting Program sends no fields, only the mail, with its reader in a header.
std::optional<std::vector<RecipientReport>> find_junk_report(const InboundMessage& message) {
  const EmbeddedPart* mail = find_part(message, "message/rfc822");
  if (mail == nullptr ||
      !base::lower_ascii(base::trim(message.subject)).starts_with("complaint about message"))
    return std::nullopt;
  std::string_view bytes = mail->bytes;
  RecipientReport one;
  one.recipient = header_value(take_headers(bytes), "X-HmXmrOriginalRecipient");
  if (one.recipient.empty()) return std::nullopt;
  one.diagnostic = "abuse";
  return std::vector{one};
}

}  // namespace

std::optional<std::vector<RecipientReport>> find_feedback(const InboundMessage& message) {
  const EmbeddedPart* report = find_part(message, "message/feedback-report");
  if (report == nullptr) return find_junk_report(message);
  std::string_view fields = report->bytes;
  std::vector<RecipientReport> all;
  std::string kind = "abuse";
  const auto add = [&](std::string address) {
    std::erase_if(address, [](char c) { return c == '<' || c == '>'; });
    if (address.find('@') == std::string::npos) return;
    RecipientReport one;
    one.recipient = std::move(address);
    all.push_back(std::move(one));
  };
  std::string original_mail;
  for (const RawHeader& field : take_headers(fields)) {
    if (base::equal_ignoring_case(field.name, "Feedback-Type"))
      kind = base::lower_ascii(base::trim(field.value));
    if (base::equal_ignoring_case(field.name, "Original-Rcpt-To")) add(field.value);
    if (base::equal_ignoring_case(field.name, "Removal-Recipient")) add(field.value);
  }
  if (!is_complaint(kind)) return std::nullopt;
  if (all.empty()) {
    for (const EmbeddedPart& part : message.embedded) {
      if (part.content_type == "message/rfc822" || part.content_type == "text/rfc822-headers") {
        for (const std::string& to : read_original(part.bytes).recipients) add(to);
      }
    }
  }
  if (all.empty()) all.emplace_back();
  for (RecipientReport& one : all) one.diagnostic = kind;
  return all;
}

std::optional<BounceReport> find_ses_notification(const InboundMessage& message) {
  if (message.text.find("notificationType") == std::string::npos &&
      message.text.find("eventType") == std::string::npos) {
    return std::nullopt;
  }
  const auto value = find_object(message.text);
  if (!value) return std::nullopt;
  std::string kind = text_at(*value, "notificationType");
  if (kind.empty()) kind = text_at(*value, "eventType");
  BounceReport report;
  if (const auto* mail = value->get_object().if_contains("mail")) {
    report.message_id = text_at(*mail, "messageId");
    // The id in the header is the one we wrote, where SES left it alone.
    if (const auto* common = mail->is_object() ? mail->get_object().if_contains("commonHeaders") : nullptr) {
      const auto ids = parse_message_ids(text_at(*common, "messageId"));
      if (!ids.empty()) report.message_id = ids.front();
    }
  }
  const bool complaint = kind == "Complaint";
  const auto* list = complaint ? array_at(*value, "complaint", "complainedRecipients")
                               : array_at(*value, "bounce", "bouncedRecipients");
  if ((kind != "Bounce" && !complaint) || list == nullptr) return std::nullopt;
  const auto* bounce = value->get_object().if_contains("bounce");
  const bool permanent = bounce != nullptr && text_at(*bounce, "bounceType") == "Permanent";
  const std::string sub_type = bounce == nullptr ? std::string() : text_at(*bounce, "bounceSubType");
  for (const boost::json::value& one : *list) {
    Bounce row;
    row.recipient = text_at(one, "emailAddress");
    row.diagnostic = text_at(one, "diagnosticCode");
    row.status = find_status(text_at(one, "status"));
    if (row.status.starts_with('2')) row.status.clear();
    if (complaint) {
      row.reason = BounceReason::feedback;
    } else {
      const SmtpReply reply = find_reply(row.diagnostic);
      if (row.status.empty()) row.status = reply.status;
      row.reason = find_reason(row.diagnostic, row.status, reply.code, {});
      // What SES itself concluded, when the server did not say it.
      if (row.reason == BounceReason::on_hold || row.reason == BounceReason::undefined) {
        if (sub_type == "MailboxFull") row.reason = BounceReason::mailbox_full;
        if (sub_type == "NoEmail" || (permanent && sub_type == "Suppressed"))
          row.reason = BounceReason::user_unknown;
        if (sub_type == "MessageTooLarge") row.reason = BounceReason::message_too_big;
        if (sub_type == "ContentRejected") row.reason = BounceReason::spam;
      }
      if (row.status.empty()) row.status = status_of(row.reason, permanent);
    }
    row.hard = is_hard(row.reason, row.status);
    report.recipients.push_back(std::move(row));
  }
  return report;
}

}  // namespace overture::mail
