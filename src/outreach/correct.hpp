// What people correct about mails that came in. Inside the write of their request.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::outreach {

struct InboundMail {
  std::int64_t account = 0;
  std::int64_t id = 0;
};

/// The class as stored: human, auto_reply, bounce or unsubscribe.
std::string class_of(db::Connection& connection, const InboundMail& mail);

/// What followed from the class that it has is taken back, as far as nothing else speaks for it, because it
/// is of the class `kind`; nothing when it is of that one. An answer or a wish not to be written to: see
/// intake::take_back_end(); the wish leaves the do-not-email list too, and what was taken for a bounce leaves
/// the contacts and mails that it brought back by itself. An automatic answer that tells of an absence holds
/// up what goes on now. Takes the locks of the list, so it comes before everything else.
void take_back(db::Connection& connection, const InboundMail& mail, std::string_view kind, std::int64_t user,
               base::Millis now);

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
