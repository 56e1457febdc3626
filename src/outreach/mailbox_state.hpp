// How a mailbox fares: what the engine learns by using it. Inside the write of its cause.
#pragma once
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/tasks.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

enum class MailboxTrouble {
  resting,       ///< the server wants us to slow down, or could not be reached: passes by itself; after an
                 ///< hour its people get a task, and its status is error until it does (is_away)
  disconnected,  ///< the log-in was refused: tried again now and then, and a task for its people
  refused,       ///< the server does not take mails of this sender: a person has to act
};

enum class MailboxUse { sending, reading };

/// The status by which it sends, of the mail account `e` with its mailbox_states `s`: a server that is away
/// is tried again by itself.
inline constexpr db::Literal kSendingStatus =
    "CASE WHEN e.status = 'error' AND s.is_away = 1 THEN 'active' ELSE e.status END";

/// Sending from it waits; mails and follow-ups keep their state. `use`: what failed; `text`: what the server
/// said. Returns when it should be tried again.
base::Millis note_mailbox_trouble(db::Connection& connection, const MailboxKey& mailbox, MailboxUse use,
                                  MailboxTrouble trouble, std::string_view text, base::Millis now);

/// What is named works (again); without a `use`, everything does. What waited for it goes on at once. Trouble
/// of the other use stands; but a log-in that reads is worth another try at sending, when the pause is over.
/// A refused sender stays refused until a person has tested the mailbox.
void note_mailbox_works(db::Connection& connection, const MailboxKey& mailbox, std::optional<MailboxUse> use,
                        base::Millis now);

/// Nothing is known against it any more. What it says of its status stays as it is.
void forget_mailbox_trouble(db::Connection& connection, const MailboxKey& mailbox);

/// Where its tasks go: its first project; 0 where it has none.
std::int64_t project_of_mailbox(db::Connection& connection, const MailboxKey& mailbox);

/// Somebody is asked for something about the mailbox: in its first project, where it has one, by the name of
/// who connected it; not again while it is open.
void add_mailbox_task(db::Connection& connection, const MailboxKey& mailbox, intake::ServerTask task,
                      base::Millis now);

/// Tells those who listen that its status is another one now; `reason`: in a person's words, may be empty.
/// Once it works again, or is gone, the task that asked somebody to look after it is done.
void note_mailbox_status(db::Connection& connection, const MailboxKey& mailbox, std::string_view status,
                         std::string_view reason, base::Millis now);

}  // namespace overture::outreach
