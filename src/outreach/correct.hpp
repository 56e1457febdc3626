// What people correct about mails that came in. Inside the write of their request.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/undo.hpp"

namespace overture::outreach {

struct Correction {
  std::string kind = {};         ///< human, auto_reply, bounce or unsubscribe; empty: as it is
  bool unsubscribes = false;     ///< whatever it is: its sender asked not to be written to
  std::int64_t opportunity = 0;  ///< that it belongs to, and exists; 0: where it is
  std::int64_t user = 0;         ///< who says so
  bool is_admin = false;         ///< the user is one
};

/// What followed from the wrong class, or from an answer that belongs elsewhere, is taken back (see undo()),
/// and what follows from the right one is done: of an answer see intake::match_inbound_email(); a wish not to
/// be written to puts its sender on the do-not-email list and ends the outreach of its opportunity; a bounce
/// is one of our newest mail to its opportunity that left before it came. An automatic answer that tells of
/// an absence holds up what goes on now. Nothing follows when it is all that already.
///
/// Returns what was taken off the do-not-email list. Throws access_denied where something would be and the
/// user is no admin, and conflict for a wish whose sender has no address. Takes the locks of the list, so it
/// comes before everything else.
std::vector<std::string> correct(db::Connection& connection, const InboundMail& mail,
                                 const Correction& correction, base::Millis now);

}  // namespace overture::outreach
