// The end of an outreach is taken back: the mail that ended it was something else. Inside the write of the
// correction.
#pragma once
#include <cstdint>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "rules/stage.hpp"

namespace overture::intake {

/// An end that a mail brought about: `event` is replied, opted_out or all_bounced.
struct MailedEnd {
  std::int64_t opportunity = 0;
  std::int64_t inbound = 0;  ///< the mail
  rules::StageEvent event = rules::StageEvent::replied;
};

/// The opportunity stands again where it stood before: stage, run, milestone (where the end has moved it and
/// nobody has since) and tasks that the end completed, with a note; cancelled mails have their turn again.
///
/// False, and nothing is changed, when it stands elsewhere now, when a person's answer stands against it, or
/// a milestone that is won or lost, and for ends from before they were written down.
bool take_back_end(db::Connection& connection, std::int64_t account, const MailedEnd& end, std::int64_t user,
                   base::Millis now);

}  // namespace overture::intake
