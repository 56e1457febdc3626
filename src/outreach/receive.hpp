// What came in, with everything that follows from it. Runs inside the write that also moves the mailbox's
// UIDs on.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "mail/inspect.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

/// A mail as the mailbox gave it, looked into already (that needs no database).
struct ReceivedMail {
  mail::Inspection inspection;
  std::string_view raw;
  bool complete = true;  ///< the whole mail; false: only its beginning was read
  base::Millis arrived_at = 0;
  bool understood = true;  ///< false: looking into it failed, `inspection` only stands in for what it says
};

enum class Received { stored, known, own_copy };

/// Stores the mail, gives it to its opportunity, and does what its class asks for. A mail that was taken in
/// before, by this mailbox or by another one of the account (for the same opportunity, or where this one
/// cannot be matched), changes nothing. What
/// was sent from any mailbox of the account is an own copy. Never fails because of what is in a mail.
Received receive(db::Connection& connection, const MailboxKey& mailbox, const ReceivedMail& received,
                 base::Millis now, std::uint64_t chance);

/// Keeps a mail that receive() fails with: it is matched to nothing and nothing follows from it, but somebody
/// is asked to read it.
void keep_unfollowed(db::Connection& connection, const MailboxKey& mailbox, const ReceivedMail& received,
                     base::Millis now);

}  // namespace overture::outreach
