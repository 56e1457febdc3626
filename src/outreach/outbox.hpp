// Mails between being planned and being settled. Every function runs inside a write; docs/sending.md has the
// protocol.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::outreach {

/// How long a claim holds without being prolonged.
inline constexpr base::Millis kSendLease = 2 * base::kMinute;

struct MailboxKey {
  std::int64_t account = 0;
  std::int64_t email_account = 0;
  friend auto operator<=>(const MailboxKey&, const MailboxKey&) = default;
};

/// What a mail was held against when it passed its gates: see still_passes().
struct Passed {
  base::Millis at = 0;
  std::int64_t stop_number = -1;
  /// Of a first mail, where a project writes to one person for one site at a time: whom.
  std::int64_t guarded_contact = 0;
  std::int64_t project = 0;
  std::int64_t opportunity = 0;
  base::Millis guard = 0;
};

/// A row of the outbox that was claimed.
struct ClaimedMail {
  std::int64_t outbox = 0;
  std::int64_t account = 0;
  std::int64_t email_account = 0;
  std::string kind;  ///< kOutreachMail or kReplyMail
  std::int64_t mail = 0;
  std::int64_t fence = 0;
  std::int64_t tries = 0;  ///< this one included
  Passed passed = {};
};

/// Mailboxes that have something due, at most `limit`, the longest waiting first. Where the mails of some
/// hide those of others, it looks for the others behind `after`, which is where the next call should go on:
/// so that each has its turn, however many there are. For a reader.
std::vector<MailboxKey> find_due_mailboxes(db::Connection& connection, base::Millis now, std::size_t limit,
                                           MailboxKey& after);

/// Claims the mailbox for `owner` and up to `limit` of its due mails, oldest first. Each passes the gates
/// that may have shut since it was planned; those that do not are put off or stopped. Empty when another
/// process sends from this mailbox, it has to rest, or nothing is left.
std::vector<ClaimedMail> claim_mails(db::Connection& connection, const MailboxKey& mailbox,
                                     std::string_view owner, base::Millis now, std::size_t limit);

/// The due mail that would be claimed first waits for so long, and says why: its claim fails by its own
/// fault.
void put_off_oldest(db::Connection& connection, const MailboxKey& mailbox, base::Millis now,
                    base::Millis wait);

/// The final dot may leave now: true when the mail is still this claim's and nothing stopped it meanwhile.
bool mark_dot(db::Connection& connection, const ClaimedMail& mail, base::Millis now);

/// A mail of a sequence is on its way to the server, or just was: the spacing of its mailbox begins anew.
void note_handed_over(db::Connection& connection, const ClaimedMail& mail, base::Millis now);

/// Everything that `owner` holds is held for another kSendLease.
void prolong_claims(db::Connection& connection, std::string_view owner, base::Millis now);

/// The mailbox is free for other processes, and claimed mails that were not begun are pending again.
void release_claims(db::Connection& connection, const MailboxKey& mailbox, std::string_view owner);

/// What processes that died have left behind: `sending` is pending again, `dot` becomes unknown. `owner` is
/// who is alive and asks; with `alone` every other owner is taken for dead, leases or not.
void rescue_claims(db::Connection& connection, std::string_view owner, bool alone, base::Millis now);

}  // namespace overture::outreach
