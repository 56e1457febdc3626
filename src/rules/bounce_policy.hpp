// Whom a mail that came back blames, and when too many do.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace overture::rules {

enum class BounceKind {
  hard,          ///< the address does not work and will not
  soft,          ///< not today
  sender_fault,  ///< we are refused, whatever the address is
};
std::string_view bounce_kind_name(BounceKind kind);

/// By the enhanced status code (RFC 3463: `5.1.1`), else by the reply code (RFC 5321 section 4.2; 0 for
/// none). Class 4 is soft and class 5 hard, but in class 5 these are otherwise: policy and security (x.7.x),
/// the sender's address (x.1.7, x.1.8), a mail too large or not to be shown (x.2.3, x.3.4, x.6.x) and 530 to
/// 538 are the sender's; a full mailbox (x.2.2, 552), a full system (x.3.1), a bad connection, congestion and
/// time that ran out (x.4.2, x.4.3, x.4.5, x.4.7) are soft. nullopt when neither code says anything.
std::optional<BounceKind> classify_bounce(std::string_view enhanced_status, int reply_code);

inline constexpr std::int64_t kBounceSample = 100;
inline constexpr std::int64_t kBounceSampleMinimum = 20;
inline constexpr std::int64_t kBouncePercent = 8;

/// Whether a campaign is paused: of its last sends (at most kBounceSample are counted, at least
/// kBounceSampleMinimum needed) more than kBouncePercent in a hundred came back hard.
bool pauses_campaign(std::int64_t sends, std::int64_t hard_bounces);

}  // namespace overture::rules
