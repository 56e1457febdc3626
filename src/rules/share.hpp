// First mails and follow-ups under one daily limit: promised follow-ups go first, new sites keep a fifth.
#pragma once
#include <cstdint>
#include <optional>

namespace overture::rules {

enum class MailKind { first_mail, follow_up };

struct ShareFacts {
  std::int64_t quota = 0;  ///< of the whole day
  std::int64_t sent_first_mails = 0;
  std::int64_t sent_follow_ups = 0;
  bool first_mails_wait = false;
  bool follow_ups_wait = false;
};

/// The kind to send next; nullopt when none waits or the quota is used up. While both wait: every fifth mail
/// is a first one, and by the end of the quota at least a fifth of it (rounded up) were, so neither starves
/// even if the day ends early. What one kind does not use goes to the other. A quota of one goes to
/// follow-ups: there are no more of them than first mails made.
std::optional<MailKind> next_kind(const ShareFacts& facts);

}  // namespace overture::rules
