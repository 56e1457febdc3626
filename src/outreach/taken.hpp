// Mails of sequences that a server has taken. That is noted mail by mail, at once; all that follows from it
// is booked for several together, because most of its cost is that of the pages it touches.
#pragma once
#include <span>
#include <vector>

#include "outreach/mails.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

/// The row of the outbox says so from now on, and nothing sends the mail again. False when the mail is not
/// this claim's any more.
bool note_taken(db::Connection& connection, const ClaimedMail& mail, base::Millis now);

/// Stage, run, dates and counters follow, and the rows leave the outbox. Mails that somebody else has booked
/// are passed over.
void book_taken(db::Connection& connection, std::span<const ClaimedMail> mails, base::Millis now);

/// Those of an account, for whoever has to know what was sent: a reply, a bounce, an opt-out.
void book_all_taken(db::Connection& connection, std::int64_t account, base::Millis now);

/// The same for a mail that was found to have been sent at `at`.
void book_sent(db::Connection& connection, const MailStep& step, base::Millis at, base::Millis now);

/// What was taken before `before` and nobody has booked, the oldest first.
std::vector<ClaimedMail> find_taken(db::Connection& connection, base::Millis before);

}  // namespace overture::outreach
