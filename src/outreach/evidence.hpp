// Mails whose fate is not known, and what the sent folder says of mails. Inside a write, but for the
// look-ups.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

struct SoughtMail {
  std::string kind;
  std::int64_t mail = 0;
  std::string message_id;
  base::Millis since = 0;  ///< when it was handed over, or so
};

/// Unknown mails of the mailbox that should be looked for now.
std::vector<SoughtMail> find_unknown(db::Connection& connection, const MailboxKey& mailbox, base::Millis now);
/// Sent mails that the sent folder should hold but was not asked for yet, at most `limit`.
std::vector<SoughtMail> find_unfiled(db::Connection& connection, const MailboxKey& mailbox, base::Millis now,
                                     std::size_t limit);

/// The sent folder has it: it was sent, and the mailbox files what it submits.
void note_found(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sought,
                base::Millis now);
/// The sent folder does not have it. A mailbox that files what it submits has not sent it, when it was looked
/// for three times and 15 minutes have gone by; otherwise a person is asked.
void note_not_found(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sought,
                    base::Millis now);

/// Whether a sent mail has to be put into the sent folder by us: its server had its time to do so.
bool has_to_be_filed(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sent,
                     base::Millis now);
/// We are about to put it there ourselves; committed before that is done, so that our own copy is never taken
/// for the server's.
void begin_filing(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sent);
/// It lies in the sent folder.
void note_filed(db::Connection& connection, const MailboxKey& mailbox, const SoughtMail& sent);

}  // namespace overture::outreach
