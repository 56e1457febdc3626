// What follows when one person says that he wants no more mails.
#pragma once
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::outreach {

/// For an address that has just been put on the do-not-email list by its owner, inside that write: mails to
/// it that wait are cancelled at once; each site that was being written to there goes on with its next
/// contact, or its outreach ends. A site whose sequence has run through is not written to any more; one whose
/// outreach was over is unsubscribed when nobody of it may be written to. Calling it again changes nothing.
void follow_opt_out(db::Connection& connection, std::int64_t account, const std::string& address,
                    base::Millis now);

}  // namespace overture::outreach
