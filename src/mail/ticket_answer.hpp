// What people write through a help desk, which marks every mail of its own as automatic.
#pragma once
#include "mail/inbound.hpp"

namespace overture::mail {

/// An agent's answer by Zendesk or Request Tracker. Both write `Auto-Submitted: auto-generated` or
/// `Precedence: bulk` into all they send. Zendesk's first mail about a request, whose References name none of
/// its mails before, may be its receipt and is not taken for an answer; in Request Tracker `RT-Originator` is
/// who wrote.
bool is_agents_answer(const InboundMessage& message);

}  // namespace overture::mail
