// Both shares are kept at every step: every fifth mail, and the fifth of the whole that is left.
#include "rules/share.hpp"

namespace overture::rules {
namespace {

constexpr std::int64_t kOneIn = 5;

/// First mails that a day keeps while follow-ups wait, too.
constexpr std::int64_t kept_for_first_mails(std::int64_t quota) {
  return quota <= 1 ? 0 : quota / kOneIn + (quota % kOneIn == 0 ? 0 : 1);
}

}  // namespace

std::optional<MailKind> next_kind(const ShareFacts& facts) {
  const std::int64_t sent = facts.sent_first_mails + facts.sent_follow_ups;
  if (sent >= facts.quota) return std::nullopt;
  if (!facts.first_mails_wait && !facts.follow_ups_wait) return std::nullopt;
  if (!facts.follow_ups_wait) return MailKind::first_mail;
  if (!facts.first_mails_wait) return MailKind::follow_up;
  const std::int64_t owed = kept_for_first_mails(facts.quota) - facts.sent_first_mails;
  const bool fifth = owed > 0 && (sent + 1) / kOneIn > facts.sent_first_mails;
  const bool last_chance = owed >= facts.quota - sent;
  return fifth || last_chance ? MailKind::first_mail : MailKind::follow_up;
}

}  // namespace overture::rules
