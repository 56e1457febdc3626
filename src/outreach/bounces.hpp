// What a mail that came back changes. Inside the write of its cause.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/run.hpp"
#include "rules/bounce_policy.hpp"

namespace overture::outreach {

struct BouncedMail {
  std::int64_t account = 0;
  std::int64_t outreach_email = 0;
  rules::BounceKind kind = rules::BounceKind::hard;
  std::string reason;          ///< status code and the server's words, for people
  std::int64_t inbound = 0;    ///< the report; 0: its server said so itself
  bool blames_sender = false;  ///< a soft one that does not pass is the mailbox's trouble, not the contact's
};

/// Hard: the mail is bounced, its contact is never written to again, the site's next contact begins; without
/// one the outreach ends. Soft: the same mail goes again on a later day, then counts as hard. The sender's
/// fault: the mailbox is stopped, and the mail goes again when a person has seen to that. Nothing goes again
/// when the run has gone on. Nothing happens to a mail that bounced already.
void take_bounce(db::Connection& connection, const BouncedMail& bounced, base::Millis now,
                 std::uint64_t chance);

/// What came in at `arrived_at` (to the second) is about an earlier sending of a mail that came back and is,
/// or was, sent again: what that led to has been done.
bool is_of_earlier_sending(db::Connection& connection, std::int64_t account, std::int64_t outreach_email,
                           base::Millis arrived_at);

/// The contact's address does not work: no mail account and no campaign writes to it any more. `inbound`: as
/// in BouncedMail.
void flag_bounced(db::Connection& connection, std::int64_t account, std::int64_t contact,
                  const std::string& reason, std::int64_t inbound, base::Millis now);

/// What came in was no report: the opportunity's mails that it brought back have arrived, and the contacts
/// that bounced by it alone can be written to. Returns their addresses.
std::vector<std::string> take_back_bounce(db::Connection& connection, std::int64_t account,
                                          std::int64_t opportunity, std::int64_t inbound, base::Millis now);

/// Every address of the opportunity has bounced: the outreach ends, somebody is asked for another contact,
/// and the milestone becomes the one for bad contacts where the account wants it and no mail has arrived.
void end_without_address(db::Connection& connection, const Run& run, base::Millis now);

}  // namespace overture::outreach
