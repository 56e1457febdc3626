// What followed from a mail that came in is taken back, because it was something else. Inside the write of
// the correction.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/unsubscribe.hpp"

namespace overture::outreach {

struct InboundMail {
  std::int64_t account = 0;
  std::int64_t id = 0;
};

/// What the mail was taken for.
struct Mistake {
  InboundMail mail;
  std::string kind;              ///< human, bounce or unsubscribe; nothing follows from others
  std::int64_t opportunity = 0;  ///< whose mail it was taken for; 0 for none
  std::int64_t user = 0;         ///< who says that it was wrong
  std::vector<intake::RemovedUnsubscribe> removed = {};  ///< off the do-not-email list already, because of it
};

/// As far as nothing else speaks for it. An answer or a wish not to be written to: see
/// intake::take_back_end(), also for an end before that one which nothing speaks for any more, and for the
/// other outreach that a wish has ended. The sender of an answer who became a contact by it is none any more,
/// unless he was written to or has written otherwise. What was taken for a bounce leaves the contacts and
/// mails that it brought back by itself; a run whose contact cannot be written to goes on with one that can
/// and was. Tasks that asked people to do something about it are done. Returns whether the outreach goes on.
bool undo(db::Connection& connection, const Mistake& mistake, base::Millis now);

}  // namespace overture::outreach
