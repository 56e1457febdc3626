// Which opportunity a mail that came in belongs to: what the database knows, for rules/inbound_match.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "mail/inspect.hpp"
#include "outreach/outbox.hpp"
#include "rules/inbound_match.hpp"

namespace overture::outreach {

/// Our mail that an inbound one answers or brings back; id 0 when there is none.
struct AnsweredMail {
  std::string kind;  ///< kOutreachMail or kReplyMail
  std::int64_t id = 0;
  std::int64_t opportunity = 0;
  std::string subject;
  std::string to_email;
  std::string copies;        ///< the addresses of cc and bcc, with commas or semicolons between them
  base::Millis sent_at = 0;  ///< 0: not known to be sent
};
/// The mail of that kind and id; only these two are set when it is not there.
AnsweredMail load_answered(db::Connection& connection, std::int64_t account, std::string_view kind,
                           std::int64_t id);
/// By the Message-IDs that it names, the newest of ours first.
AnsweredMail find_answered(db::Connection& connection, std::int64_t account,
                           const mail::Inspection& inspection);

rules::InboundMatch match_mail(db::Connection& connection, const MailboxKey& mailbox,
                               const mail::Inspection& inspection, const AnsweredMail& answered);

}  // namespace overture::outreach
