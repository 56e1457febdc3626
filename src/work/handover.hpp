// Between a mail and the server that takes it: the envelope, and what the server's answer means.
#pragma once
#include "mail/outgoing.hpp"
#include "mailbox/transport.hpp"
#include "outreach/settle.hpp"

namespace overture::work {

mailbox::Envelope envelope_of(const mail::OutgoingMessage& message);

outreach::Delivery delivery_of(const mailbox::SendResult& result);

/// The next mail would fare the same: the trouble is with the server or the log-in.
bool stops_mailbox(const outreach::Delivery& delivery);

}  // namespace overture::work
