// Reports that mails came back, and complaints of readers. Inside the write that stores them.
#pragma once
#include <cstdint>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "mail/inspect.hpp"
#include "outreach/match.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

/// A mail of the class bounce that is stored.
struct Report {
  MailboxKey mailbox;
  const mail::Inspection& inspection;
  AnsweredMail answered;  ///< our mail that it names; id 0: it is found by the recipients
  std::int64_t inbound = 0;
  base::Millis arrived_at = 0;
};

/// A mail of a sequence: see take_bounce(); one whose form was refused has failed. A reply: it has failed,
/// and somebody is asked to look at it; its address is flagged where it does not work. A copy (cc, bcc) that
/// did not arrive is a note and no more. A complaint: its reader is put on the do-not-email list.
///
/// Returns the opportunity of our mail; 0 when the report is about none that we know.
std::int64_t take_report(db::Connection& connection, const Report& report, base::Millis now,
                         std::uint64_t chance);

}  // namespace overture::outreach
