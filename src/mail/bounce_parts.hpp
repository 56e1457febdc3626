// The pieces that find_bounce() is put together from. Each is one question about a report.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/bounce.hpp"

namespace overture::mail {

/// What is known about one recipient before it is judged.
struct RecipientReport {
  std::string recipient;           ///< as written, without `<>`
  std::string original_recipient;  ///< likewise
  std::string action;              ///< lower case; empty when it is not told
  std::string status;              ///< of the Status field; empty when it is not told
  std::string diagnostic;          ///< what was said about this one
  std::string status_text;         ///< a Status field that says more than the status
};

// delivery_status.cpp, RFC 3464

/// The recipients of all delivery-status parts, also those that were delivered or are delayed.
std::vector<RecipientReport> read_delivery_status(std::string_view bytes);
/// The recipient of a disposition notification (RFC 8098) with which the filter of a mailbox, or a full one,
/// refuses a mail (RFC 5429 section 2.1.2): `Your message was automatically rejected`. `report` is its text.
std::optional<RecipientReport> find_refusal(const InboundMessage& message, std::string_view report);
/// Text that holds the fields of RFC 3464 without the MIME around them.
bool holds_delivery_status(std::string_view text);

// feedback_report.cpp, RFC 5965

/// The complaint's recipients; nullopt when the message is no abuse report.
std::optional<std::vector<RecipientReport>> find_feedback(const InboundMessage& message);
/// The notifications that Amazon SES sends through SNS: a JSON text.
std::optional<BounceReport> find_ses_notification(const InboundMessage& message);

// bounce_original.cpp

/// A report's text cut in two.
struct ReportText {
  std::string report;    ///< what the reporting system wrote, LF
  std::string original;  ///< the headers of the mail that came back, and what follows; may be empty
};
ReportText split_report(std::string_view text);
/// What the headers of the mail that came back say.
struct OriginalHeaders {
  std::string message_id;
  std::vector<std::string> recipients;  ///< To, Cc and Bcc, as written
  std::string from;
};
OriginalHeaders read_original(std::string_view headers_and_more);

// bounce_notice.cpp

enum class Notice {
  none,     ///< nothing speaks for a failure notice
  failure,  ///< a machine says that a mail was not delivered
  delay,    ///< it says that it goes on trying
};
/// Judges a message that has no delivery-status part. `report` is its text above the original.
Notice judge_notice(const InboundMessage& message, std::string_view report, bool has_original);
/// From is a daemon, or nobody.
bool is_daemon(const InboundMessage& message);
/// Nobody is told when it cannot be delivered (RFC 5321 section 4.5.5), as machines write.
bool has_null_path(const InboundMessage& message);
/// From is a daemon, or the message has a null return path.
bool is_from_daemon(const InboundMessage& message);

// bounce_recipients.cpp

/// The recipients that a report in plain words names, each with the text said about it.
std::vector<RecipientReport> find_recipients(const InboundMessage& message, std::string_view report,
                                             const OriginalHeaders& original);
/// All addresses in a text, as written, in their order.
std::vector<std::string> find_addresses(std::string_view text);

// bounce_status.cpp

/// An SMTP reply inside of a text.
struct SmtpReply {
  int code = 0;        ///< 0 for none
  std::string status;  ///< empty for none
};
SmtpReply find_reply(std::string_view text);
/// `5.1.1` out of a Status field that may hold more.
std::string find_status(std::string_view text);
/// The status a reason stands for when none is written; `permanent` chooses class 5 where both make sense.
std::string status_of(BounceReason reason, bool permanent);
/// What a status alone says; undefined when it says nothing.
BounceReason reason_of_status(std::string_view status);

// bounce_reason.cpp

/// The reason in what was said; `status` and `code` decide when the words do not. `about` is all of the
/// report, asked when what was said about the recipient is not telling.
BounceReason find_reason(std::string_view said, std::string_view status, int code, std::string_view about);

}  // namespace overture::mail
