// Codes: SMTP replies (RFC 5321 section 4.2) and enhanced status codes (RFC 3463) in text of any kind.
#include <re2/re2.h>

#include "base/text.hpp"
#include "mail/bounce_parts.hpp"

namespace overture::mail {
namespace {

struct StatusRow {
  std::string_view detail;  ///< without the class; "5." or "4." in front where it matters
  BounceReason reason;
};

// RFC 3463 section 3 and the registry of RFC 5248, as servers use them.
constexpr StatusRow kStatuses[] = {
    {"1.0", BounceReason::user_unknown},      {"1.1", BounceReason::user_unknown},
    {"1.2", BounceReason::host_unknown},      {"1.3", BounceReason::user_unknown},
    {"1.4", BounceReason::filtered},          {"1.5", BounceReason::user_unknown},
    {"1.6", BounceReason::has_moved},         {"1.7", BounceReason::rejected},
    {"1.8", BounceReason::rejected},          {"1.9", BounceReason::system_error},
    {"1.10", BounceReason::user_unknown},     {"2.0", BounceReason::filtered},
    {"2.1", BounceReason::mailbox_disabled},  {"2.2", BounceReason::mailbox_full},
    {"2.3", BounceReason::message_too_big},   {"2.4", BounceReason::filtered},
    {"3.1", BounceReason::system_full},       {"3.2", BounceReason::not_accepted},
    {"3.3", BounceReason::system_error},      {"3.4", BounceReason::message_too_big},
    {"3.5", BounceReason::system_error},      {"4.1", BounceReason::expired},
    {"4.2", BounceReason::network_error},     {"4.3", BounceReason::network_error},
    {"4.4", BounceReason::network_error},     {"4.5", BounceReason::expired},
    {"4.6", BounceReason::network_error},     {"4.7", BounceReason::expired},
    {"4.316", BounceReason::expired},         {"5.1", BounceReason::syntax_error},
    {"5.2", BounceReason::syntax_error},      {"5.3", BounceReason::rate_limited},
    {"5.4", BounceReason::syntax_error},      {"6.0", BounceReason::content_error},
    {"6.1", BounceReason::content_error},     {"6.2", BounceReason::content_error},
    {"6.3", BounceReason::content_error},     {"6.5", BounceReason::content_error},
    {"6.6", BounceReason::content_error},     {"6.7", BounceReason::content_error},
    {"7.0", BounceReason::security},          {"7.1", BounceReason::policy},
    {"7.2", BounceReason::filtered},          {"7.3", BounceReason::security},
    {"7.7", BounceReason::content_error},     {"7.8", BounceReason::security},
    {"7.13", BounceReason::mailbox_disabled}, {"7.17", BounceReason::has_moved},
    {"7.18", BounceReason::has_moved},        {"7.20", BounceReason::authentication},
    {"7.21", BounceReason::authentication},   {"7.22", BounceReason::authentication},
    {"7.23", BounceReason::authentication},   {"7.24", BounceReason::authentication},
    {"7.25", BounceReason::blocked},          {"7.26", BounceReason::authentication},
    {"7.27", BounceReason::rejected},         {"7.28", BounceReason::rate_limited},
    {"7.509", BounceReason::authentication},  {"7.515", BounceReason::authentication},
    {"7.606", BounceReason::blocked},         {"7.64", BounceReason::relaying_denied},
};

struct Given {
  BounceReason reason;
  std::string_view permanent;
  std::string_view transient;
};

// What is written down when nobody wrote a status. The first of each is the usual one.
constexpr Given kGiven[] = {
    {BounceReason::user_unknown, "5.1.1", "4.1.1"},    {BounceReason::host_unknown, "5.1.2", "4.1.2"},
    {BounceReason::mailbox_full, "4.2.2", "4.2.2"},    {BounceReason::mailbox_disabled, "5.2.1", "4.2.1"},
    {BounceReason::has_moved, "5.1.6", "4.1.6"},       {BounceReason::not_accepted, "5.3.2", "4.3.2"},
    {BounceReason::message_too_big, "5.3.4", "5.3.4"}, {BounceReason::spam, "5.7.1", "4.7.1"},
    {BounceReason::virus, "5.7.1", "4.7.1"},           {BounceReason::policy, "5.7.1", "4.7.1"},
    {BounceReason::authentication, "5.7.1", "4.7.1"},  {BounceReason::blocked, "5.7.1", "4.7.1"},
    {BounceReason::rate_limited, "4.7.0", "4.7.0"},    {BounceReason::rejected, "5.7.1", "4.7.1"},
    {BounceReason::filtered, "5.2.0", "4.2.0"},        {BounceReason::relaying_denied, "5.7.1", "4.7.1"},
    {BounceReason::security, "5.7.0", "4.7.0"},        {BounceReason::content_error, "5.6.0", "4.6.0"},
    {BounceReason::mailer_error, "5.3.0", "4.3.0"},    {BounceReason::expired, "4.4.7", "4.4.7"},
    {BounceReason::network_error, "5.4.0", "4.4.0"},   {BounceReason::system_full, "4.3.1", "4.3.1"},
    {BounceReason::system_error, "5.3.0", "4.3.0"},    {BounceReason::syntax_error, "5.5.0", "4.5.0"},
};

/// A place where `4.1.1` cannot be a part of an IP address, a version or a longer number.
const RE2& status_pattern() {
  static const RE2 pattern(
      R"((?:^|[^0-9.A-Za-z_/\-]|\d{3}-)([45]\.[0-7]\.\d{1,3})(?:$|[^0-9.A-Za-z_@\-/]|\.(?:$|[^0-9])|-[A-Za-z\[<* ]))");
  return pattern;
}

}  // namespace

std::string find_status(std::string_view text) {
  static const RE2 anywhere(R"((?:^|[^0-9.])([245]\.\d{1,3}\.\d{1,3})(?:$|[^0-9.]|\.(?:$|[^0-9])))");
  std::string status;
  if (RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), anywhere, &status)) return status;
  return {};
}

SmtpReply find_reply(std::string_view text) {
  // From the surest to the mere number: reply and status, the reply after a mark, a lone status.
  static const RE2 both(
      R"((?:^|[^0-9A-Za-z.])([45][0-5][0-9])[ \-]+[\[(#\- ]*([45]\.[0-7]\.\d{1,3})(?:$|[^0-9.]|\.(?:$|[^0-9])))");
  static const RE2 marked(
      R"((?:(?m:^)[ \t>"'(*\-]*|said:?[ "']*|<<< *|smtp ?; *|[:;\[(]["' ]*|error(?: was| code)?:? *|replied:? *|status:? *|SMTP *|code:? *|\.\.\. ?|#)([45][0-5][0-9])(?:[ \-]+[A-Za-z<#\[(*:"',]|[)\]:\-,](?:$|[^0-9])|[ \t]*$))");
  const re2::StringPiece piece(text.data(), text.size());
  SmtpReply reply;
  if (RE2::PartialMatch(piece, both, &reply.code, &reply.status)) return reply;
  RE2::PartialMatch(piece, status_pattern(), &reply.status);
  RE2::PartialMatch(piece, marked, &reply.code);
  return reply;
}

std::string status_of(BounceReason reason, bool permanent) {
  for (const Given& row : kGiven) {
    if (row.reason == reason) return std::string(permanent ? row.permanent : row.transient);
  }
  return permanent ? "5.0.0" : "4.0.0";
}

BounceReason reason_of_status(std::string_view status) {
  if (status.size() < 5) return BounceReason::undefined;
  const std::string_view detail = status.substr(2);
  for (const StatusRow& row : kStatuses) {
    if (row.detail == detail) return row.reason;
  }
  // The registry grows; its sections keep their meaning.
  if (detail.starts_with("7.")) return BounceReason::security;
  if (detail.starts_with("6.")) return BounceReason::content_error;
  return BounceReason::undefined;
}

}  // namespace overture::mail
