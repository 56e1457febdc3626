// Bounces of every kind, the surest sign first: what is written for machines, then what is written for
// people.
#include "mail/bounce.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mail/bounce_parts.hpp"
#include "mail/charset.hpp"
#include "mail/sanitize.hpp"
#include "rules/email_address.hpp"

namespace overture::mail {
namespace {

constexpr int kMaxNesting = 3;
constexpr std::size_t kMaxRecipients = 1000;
constexpr std::size_t kMaxDiagnostic = 1000;
// What a report says of all recipients stands at its beginning; it is read for each of them, as is what it
// says of the one.
constexpr std::size_t kMaxAbout = 16U << 10U;
// Less is no sentence in any script.
constexpr std::size_t kMaxNoWords = 4;
constexpr std::size_t kMaxNamed = 64U << 10U;

bool is_delivery_status(std::string_view type) {
  return type == "message/delivery-status" || type == "message/global-delivery-status" ||
         type == "message/xdelivery-status";
}

bool is_original(std::string_view type) {
  return type == "message/rfc822" || type == "text/rfc822-headers" || type == "message/global" ||
         type == "message/global-headers" || type == "text/rfc822-header" ||
         type == "message/rfc822-headers" || type == "message/partial";
}

/// Fields of reports are bytes of strangers.
std::string spelled(std::string_view bytes) {
  if (bytes.empty()) return {};
  const std::string address = to_utf8(bytes, "");
  if (auto parsed = rules::parse_email_address(address)) return *parsed;
  return base::lower(base::trim(address));
}

std::string one_line(std::string_view bytes) {
  std::string out;
  for (const char c : to_utf8(bytes, "")) {
    const bool space = static_cast<unsigned char>(c) <= 32;
    if (!space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return std::string(cut_utf8(base::trim(out), kMaxDiagnostic));
}

/// A status that names no detail.
bool is_general(std::string_view status) {
  return status.size() < 5 || status.substr(1) == ".0.0" || status.substr(1) == ".3.0" ||
         status.substr(1) == ".5.0";
}

/// What a report says of all its recipients.
struct About {
  explicit About(std::string_view report) : text(report.substr(0, kMaxAbout)), reply(find_reply(text)) {}
  std::string_view text;
  SmtpReply reply;
};

/// All but the recipient.
Bounce judge_words(const RecipientReport& report, const About& about) {
  Bounce bounce;
  const std::string_view said = std::string_view(report.diagnostic).substr(0, kMaxAbout);
  const SmtpReply reply = find_reply(said);
  // "failed" with a status of success contradicts itself; the status is what is wrong.
  if (!report.status.starts_with('2')) bounce.status = report.status;
  // The word of the server that refused is nearer to the cause than the one of the system that reports.
  if (!reply.status.empty() && is_general(bounce.status)) {
    bounce.status = reply.status;
  }
  SmtpReply overall;
  if (bounce.status.empty() && reply.code == 0) {
    overall = about.reply;
    bounce.status = overall.status;
  }
  const int code = reply.code != 0 ? reply.code : overall.code;
  bounce.reason = find_reason(said, bounce.status, code, about.text);
  if (bounce.status.empty() || is_general(bounce.status)) {
    const bool permanent = bounce.status.empty() ? code == 0 || code >= 500 : bounce.status.starts_with('5');
    const std::string derived = status_of(bounce.reason, permanent);
    if (bounce.status.empty() || !is_general(derived)) bounce.status = derived;
  }
  bounce.hard = is_hard(bounce.reason, bounce.status);
  bounce.diagnostic = one_line(said.empty() ? about.text : said);
  return bounce;
}

Bounce with_recipient(Bounce bounce, const RecipientReport& report) {
  bounce.recipient = spelled(report.recipient);
  bounce.original_recipient = spelled(report.original_recipient);
  // A local name, a program, or a host of the other house is no address anybody wrote to.
  if (!rules::parse_email_address(bounce.recipient) && !bounce.original_recipient.empty()) {
    bounce.recipient = bounce.original_recipient;
  }
  if (bounce.original_recipient == bounce.recipient) bounce.original_recipient.clear();
  return bounce;
}

/// The recipients of one report. Many have the same words, and a look at them is dear.
class Judge {
 public:
  explicit Judge(std::string_view report) : about_(report) {}
  [[nodiscard]] std::string_view text() const { return about_.text; }
  Bounce judge(const RecipientReport& report) {
    if (!last_ || status_ != report.status || words_ != report.diagnostic) {
      last_ = judge_words(report, about_);
      status_ = report.status;
      words_ = report.diagnostic;
    }
    return with_recipient(*last_, report);
  }

 private:
  About about_;
  std::optional<Bounce> last_;
  std::string status_;
  std::string words_;
};

void add(BounceReport& out, Bounce bounce) {
  for (const Bounce& known : out.recipients) {
    if (known.recipient == bounce.recipient) return;
  }
  if (out.recipients.size() < kMaxRecipients) out.recipients.push_back(std::move(bounce));
}

/// Whether a block of a delivery report tells of a failure that is final (RFC 3464 section 2.3.3).
bool has_failed(const RecipientReport& one) {
  if (one.action.empty()) return !one.status.starts_with('2');
  return one.action.starts_with("fail") || one.action.starts_with("expire") ||
         one.action.starts_with("bounce") || one.action.starts_with("undeliver") ||
         one.action.starts_with("reject") || one.action == "error";
}

/// What a server can do, in the transcript of a session, says nothing about what it did: `250-8BITMIME`.
std::string without_offers(std::string_view text) {
  std::string out;
  for (const std::string_view line : base::split(text, '\n')) {
    if (!base::trim(line).starts_with("250-")) (out += line) += '\n';
  }
  return out;
}

std::string text_of(const InboundMessage& message) {
  if (!base::trim(message.text).empty())
    return without_offers(std::string_view(message.text).substr(0, 512U << 10U));
  return message.html.empty() ? std::string()
                              : html_to_text(std::string_view(message.html).substr(0, 512U << 10U));
}

OriginalHeaders original_of(const InboundMessage& message, const ReportText& text) {
  OriginalHeaders best;
  const auto take = [&](OriginalHeaders found) {
    if (best.message_id.empty()) best.message_id = std::move(found.message_id);
    if (best.recipients.empty()) best.recipients = std::move(found.recipients);
    if (best.from.empty()) best.from = std::move(found.from);
  };
  for (const EmbeddedPart& part : message.embedded) {
    if (is_original(part.content_type)) take(read_original(part.bytes));
  }
  if (!text.original.empty()) take(read_original(text.original));
  return best;
}

void settle_message_id(BounceReport& report, const InboundMessage& message, const OriginalHeaders& original) {
  report.message_id = original.message_id;
  if (report.message_id.empty()) report.message_id = message.in_reply_to;
  if (report.message_id.empty() && !message.references.empty()) report.message_id = message.references.back();
}

/// What the report's own text says about a recipient whose fields say nothing.
void complete(std::vector<RecipientReport>& rows, std::string_view report) {
  for (RecipientReport& row : rows) {
    if (!row.diagnostic.empty()) continue;
    const std::string& name = row.recipient;
    const std::size_t at = name.empty() ? std::string_view::npos : report.find(name);
    if (at != std::string_view::npos) row.diagnostic = report.substr(at, 1500);
  }
}

BounceReport find(const InboundMessage& message, int nesting);

/// A bounce that was passed on: the first one inside.
BounceReport find_inside(const InboundMessage& message, int nesting) {
  if (nesting >= kMaxNesting) return {};
  for (const EmbeddedPart& part : message.embedded) {
    if (part.content_type != "message/rfc822" && part.content_type != "message/global") continue;
    BounceReport inner = find(parse_message(part.bytes), nesting + 1);
    if (!inner.recipients.empty()) return inner;
  }
  return {};
}

BounceReport find(const InboundMessage& message, int nesting) {
  BounceReport out;
  const ReportText text = split_report(text_of(message));
  const OriginalHeaders original = original_of(message, text);
  if (message.report_type == "disposition-notification") {
    if (const auto refusal = find_refusal(message, text.report)) {
      add(out, Judge(text.report).judge(*refusal));
      settle_message_id(out, message, original);
    }
    return out;
  }

  if (const auto complaints = find_feedback(message)) {
    for (const RecipientReport& one : *complaints) {
      Bounce bounce;
      bounce.recipient = spelled(one.recipient);
      bounce.reason = BounceReason::feedback;
      bounce.diagnostic = one_line(one.diagnostic);
      add(out, std::move(bounce));
    }
    settle_message_id(out, message, original);
    return out;
  }
  if (auto notification = find_ses_notification(message)) {
    out.message_id = std::move(notification->message_id);
    for (Bounce& one : notification->recipients) {
      one.recipient = spelled(one.recipient);
      one.diagnostic = one_line(one.diagnostic);
      add(out, std::move(one));
    }
    return out;
  }

  std::vector<RecipientReport> rows;
  for (const EmbeddedPart& part : message.embedded) {
    if (!is_delivery_status(part.content_type)) continue;
    for (RecipientReport& row : read_delivery_status(part.bytes)) {
      if (rows.size() < kMaxRecipients) rows.push_back(std::move(row));
    }
  }
  const bool loose = rows.empty() && holds_delivery_status(message.text) && is_from_daemon(message);
  if (loose) {
    const std::size_t begin = base::lower_ascii(message.text).find("final-recipient:");
    rows = read_delivery_status(std::string_view(message.text).substr(begin));
  }
  if (!rows.empty()) {
    Judge judge(text.report);
    complete(rows, std::string_view(text.report).substr(0, kMaxNamed));
    bool told = false;
    for (const RecipientReport& row : rows) {
      told = told || !row.action.empty() || !row.status.empty();
      if (has_failed(row)) add(out, judge.judge(row));
    }
    if (!out.recipients.empty()) settle_message_id(out, message, original);
    if (told) return out;
    out = {};
  }

  // A bounce that a daemon passed on speaks for itself.
  if (is_from_daemon(message)) {
    BounceReport inner = find_inside(message, nesting);
    if (!inner.recipients.empty()) return inner;
  }
  const bool has_original =
      !text.original.empty() || !original.message_id.empty() || !original.recipients.empty();
  if (judge_notice(message, text.report, has_original) == Notice::failure) {
    Judge judge(text.report);
    for (const RecipientReport& row : find_recipients(message, text.report, original))
      add(out, judge.judge(row));
    if (out.recipients.empty() && (is_daemon(message) || (has_original && is_from_daemon(message)))) {
      RecipientReport nobody;
      nobody.diagnostic = judge.text();
      add(out, judge.judge(nobody));
    }
    if (!out.recipients.empty() && out.message_id.empty()) settle_message_id(out, message, original);
    return out;
  }
  // Passed on by a program or by a person who added nothing; what is attached to an answer is its evidence.
  const bool answers =
      message.find_header("In-Reply-To") != nullptr || message.find_header("References") != nullptr;
  if (!answers && base::trim(text.report).size() < kMaxNoWords) return find_inside(message, nesting);
  return out;
}

}  // namespace

BounceReport find_bounce(const InboundMessage& message) {
  BounceReport report = find(message, 0);
  report.message_id = to_utf8(report.message_id, "");
  return report;
}

}  // namespace overture::mail
