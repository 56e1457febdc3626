// What becomes of a run when the contact it writes to may not be written to any more.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/contacts.hpp"
#include "outreach/run.hpp"

namespace overture::outreach {

/// Mails to the run's contact that wait are cancelled, `why` says why. One that was handed to the sender
/// already is stopped by what has changed, at the last gate before the final dot; then true, and the run goes
/// on from there.
bool cancel_mails_to_contact(db::Connection& connection, const Run& run, std::string_view why);

/// The run goes on with the next contact of its site, when one can be chosen; else nothing changes.
RecipientChoice go_on_with_next_contact(db::Connection& connection, Run run, std::string_view why,
                                        base::Millis now);

/// Nobody is left to write to: a contact is missing, or, once something was sent, the outreach is stopped.
void end_without_contact(db::Connection& connection, const Run& run, base::Millis now);

/// For a contact that was just taken off the opportunity, inside that write: mails to it that wait are
/// cancelled, and the site's next contact is written to, or nobody.
void follow_removed_contact(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                            std::int64_t contact, base::Millis now);

}  // namespace overture::outreach
