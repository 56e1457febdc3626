// Which mailbox sends: an even spread for first mails, and the same one again for follow-ups.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace overture::rules {

/// As email_accounts.status has it.
enum class MailboxState { active, disconnected, paused, error, deleted };
std::string_view mailbox_state_name(MailboxState state);
std::optional<MailboxState> find_mailbox_state(std::string_view name);

/// A mailbox that sends for the campaign, as it stands now.
struct Mailbox {
  std::int64_t id = 0;
  MailboxState state = MailboxState::active;
  std::int64_t daily_limit = 0;  ///< today's, ramp and all (spacing.hpp)
  std::int64_t sent_today = 0;
  base::Millis free_at = 0;      ///< its last mail and its minimum spacing; 0 when it has sent none
  base::Millis next_try_at = 0;  ///< its servers are not asked before; 0 when it is in no trouble
  std::string trouble;           ///< what its server said; may be empty
};

/// In the order of how soon it may send.
enum class MailboxChoice {
  chosen,
  busy,         ///< the one that could has just sent, or rests: `free_at` says when it may again
  used_up,      ///< every active one has reached its daily limit
  unavailable,  ///< none is active (first mail), or the one that must send is not (follow-up)
  none,         ///< no mailbox sends for the campaign
};

struct ChosenMailbox {
  MailboxChoice choice = MailboxChoice::none;
  std::int64_t id = 0;       ///< chosen, or the one that will be able to soonest; 0 only for none
  base::Millis free_at = 0;  ///< when busy
};

/// For a first mail: of the active ones under their limits and free, the one that has used the smallest part
/// of its limit today, the smaller id of equals.
ChosenMailbox choose_mailbox(std::span<const Mailbox> mailboxes, base::Millis now);

/// For a follow-up: the one that sent the first mail, even if that means waiting for it. Only when it is not
/// among them any more, or deleted, another is chosen as for a first mail.
ChosenMailbox choose_follow_up_mailbox(std::span<const Mailbox> mailboxes, std::int64_t first_sender,
                                       base::Millis now);

}  // namespace overture::rules
