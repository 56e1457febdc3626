// The mail account with how it connects and how it is doing, as our operations show it. The documented list
// shows less (email_accounts.cpp).
#pragma once
#include "api/call.hpp"
#include "api/route.hpp"

namespace overture::api {

/// Seen by admins, by who made it, and by the users of its projects.
extern const rest::Resource kMailboxes;

/// What the database knows.
const rest::View& mailbox_view();
/// With the figures of the day.
extern const Form kMailboxForm;
std::span<const Shape> mailbox_shapes();

/// The whole object; throws its 404. Never a secret.
std::string show_mailbox(Call& call, std::int64_t id);

/// The id in the path, of a mail account that is there and that the caller may change: admins, and who made
/// it. Throws 404 and 403.
std::int64_t own_mailbox(Call& call);

}  // namespace overture::api
