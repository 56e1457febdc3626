// What people correct about mails that came in. Inside the write of their request.
#pragma once
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::outreach {

struct InboundMail {
  std::int64_t account = 0;
  std::int64_t id = 0;
};

/// The class as stored: human, auto_reply, bounce or unsubscribe.
std::string class_of(db::Connection& connection, const InboundMail& mail);

/// Its sender is put on the do-not-email list, with what follows from it; false when its sender has no
/// address. Takes the locks of the list, so it comes before everything else.
bool opt_out_sender(db::Connection& connection, const InboundMail& mail, std::int64_t user, base::Millis now);

/// Who asked in a mail not to be written to speaks for his site: the outreach of its opportunity ends, where
/// it has one.
void end_outreach_of_sender(db::Connection& connection, const InboundMail& mail, std::int64_t user,
                            base::Millis now);

/// A person says that the mail is a bounce: our newest mail to its opportunity that left before it came has
/// bounced hard. Nothing where there is none.
void take_as_bounce(db::Connection& connection, const InboundMail& mail, base::Millis now);

}  // namespace overture::outreach
