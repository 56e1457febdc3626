// Codes to kinds.
#include "rules/bounce_policy.hpp"

#include <algorithm>
#include <array>

namespace overture::rules {
namespace {

constexpr std::array<std::string_view, 3> kKindNames = {"hard", "soft", "sender_fault"};

/// `class.subject.detail` of RFC 3463 section 2.
struct Enhanced {
  int status = 0;
  int subject = 0;
  int detail = 0;
};

std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  std::size_t at = 0;
  for (; at < text.size() && at < 3 && text[at] >= '0' && text[at] <= '9'; ++at)
    number = number * 10 + (text[at] - '0');
  if (at == 0) return std::nullopt;
  text.remove_prefix(at);
  return number;
}

std::optional<Enhanced> parse_enhanced(std::string_view text) {
  Enhanced code;
  int* const parts[] = {&code.status, &code.subject, &code.detail};
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0) {
      if (text.empty() || text.front() != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    *parts[i] = *number;
  }
  if (!text.empty() && text.front() != ' ') return std::nullopt;
  if (code.status != 2 && code.status != 4 && code.status != 5) return std::nullopt;
  return code;
}

}  // namespace

std::string_view bounce_kind_name(BounceKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }

std::optional<BounceKind> classify_bounce(std::string_view enhanced_status, int reply_code) {
  using enum BounceKind;
  if (const auto code = parse_enhanced(enhanced_status); code && code->status != 2) {
    const auto is = [&](int subject, int detail) {
      return code->subject == subject && code->detail == detail;
    };
    if (code->status == 4) return soft;
    if (code->subject == 7 || code->subject == 6 || is(2, 3) || is(3, 4) || is(1, 7) || is(1, 8))
      return sender_fault;
    if (is(2, 2) || is(3, 1) || is(4, 2) || is(4, 3) || is(4, 5) || is(4, 7)) return soft;
    return hard;
  }
  if (reply_code >= 400 && reply_code < 500) return soft;
  // RFC 5321 section 4.2.3: 552 is about storage; 530 to 538 ask the sender to log in (RFC 4954 section 6).
  if (reply_code == 552) return soft;
  if (reply_code >= 530 && reply_code <= 538) return sender_fault;
  if (reply_code >= 500 && reply_code < 600) return hard;
  return std::nullopt;
}

bool pauses_campaign(std::int64_t sends, std::int64_t hard_bounces) {
  const std::int64_t counted = std::min(sends, kBounceSample);
  return counted >= kBounceSampleMinimum && hard_bounces * 100 > kBouncePercent * counted;
}

}  // namespace overture::rules
