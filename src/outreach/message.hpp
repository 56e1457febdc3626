// Mails of the books as messages for a server.
#pragma once
#include <string>

#include "db/connection.hpp"
#include "mail/outgoing.hpp"
#include "outreach/install.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

/// What the sender needs to hand a claimed mail over: where to, and the message itself. Equal rows give equal
/// messages: a second try sends the same bytes.
mail::OutgoingMessage load_message(db::Connection& connection, const Install& install,
                                   const ClaimedMail& mail);

}  // namespace overture::outreach
