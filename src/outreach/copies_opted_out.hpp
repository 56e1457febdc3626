// Somebody in cc or bcc who is on the do-not-email list gets no mail either; the mail itself goes on its way.
#pragma once
#include "base/clock.hpp"
#include "db/connection.hpp"
#include "mail/outgoing.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

/// Takes them out of a mail that is just being claimed, and out of its row; a note says so. Of a reply only
/// those who have joined the list since it was written: about the others its writer was asked.
void leave_out_opted_out(db::Connection& connection, const ClaimedMail& mail, mail::OutgoingMessage& message,
                         base::Millis now);

/// Whether leave_out_opted_out() would find somebody now.
bool has_opted_out_copy(db::Connection& connection, const ClaimedMail& mail);

}  // namespace overture::outreach
