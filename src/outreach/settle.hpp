// What became of a mail, written into the books. Every function runs inside a write, and does nothing when
// the claim is not this one's any more.
#pragma once
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "outreach/obstacle.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

/// What a server's answer means for the mail: mailbox::SendOutcome in the words of the books.
struct Delivery {
  enum class Outcome {
    sent,
    deferred,        ///< surely not taken; again later
    refused,         ///< surely not taken; the recipient does not work, or the message is not wanted
    sender_refused,  ///< surely not taken; the mailbox has to rest, or a person has to act
    login_failed,    ///< surely not taken; the mailbox is disconnected
    unreachable,     ///< surely not taken; the mail server could not be reached at all
    unknown,         ///< it may have been taken
    withheld,        ///< stopped before the final dot
    malformed,       ///< it cannot be sent as it is
  };
  Outcome outcome = Outcome::sent;
  int code = 0;
  std::string status;  ///< enhanced status code; may be empty
  std::string text;    ///< the server's words
};

/// The mail's outcome and all that follows from it: stage, run, dates, counters, mailbox, tasks. Of a mail of
/// a sequence that was sent it is only noted that its server has taken it: see taken.hpp for the rest.
void settle(db::Connection& connection, const ClaimedMail& mail, const Delivery& delivery, base::Millis now,
            std::uint64_t chance);

/// A mail of a sequence that cannot be delivered as it is, whoever it goes to: the outreach stops.
void fail_mail(db::Connection& connection, std::int64_t account, std::int64_t mail, const std::string& why,
               base::Millis now);

/// For a mail that comes back from the hands of its sender: when its outreach has ended meanwhile (a reply, a
/// stop, an opt-out) it is cancelled, and true is returned.
bool cancel_if_over(db::Connection& connection, const ClaimedMail& mail);

/// It waits until the obstacle is gone, or is cancelled where it never will be.
void put_off(db::Connection& connection, const ClaimedMail& mail, const Obstacle& obstacle, base::Millis now);

/// Nobody knows whether it was taken: evidence is looked for, and a person is asked in the end. From
/// `lost_at` on its server had time to file it; if it was sent, then about then.
void become_unknown(db::Connection& connection, const ClaimedMail& mail, std::string_view why,
                    base::Millis lost_at, base::Millis now);

/// The evidence is there: it was taken at `at`, or surely was not (then it is sent again). That it was taken
/// may be known before its sender has written down the server's answer; what the sender has to say then is no
/// news.
void settle_unknown(db::Connection& connection, std::int64_t account, std::string_view kind,
                    std::int64_t mail, bool was_sent, base::Millis at, base::Millis now);

}  // namespace overture::outreach
