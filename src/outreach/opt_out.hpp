// What follows when one person says that he wants no more mails.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/unsubscribe.hpp"

namespace overture::outreach {

/// For an entry that has just been put on the do-not-email list, inside that write.
///
/// An address: mails to it that wait are cancelled at once; each site that was being written to there goes on
/// with its next contact, or its outreach ends. A site whose sequence has run through is not written to any
/// more; one whose outreach was over is unsubscribed when nobody of it may be written to. A domain: the
/// outreach of each site that was being written to there ends, for up to kSitesOfDomain sites; the others end
/// when it is their turn. Calling it again changes nothing.
void follow_opt_out(db::Connection& connection, std::int64_t account, const intake::UnsubscribeEntry& entry,
                    base::Millis now);

/// Why the outreach of a site ends of which somebody has asked for it in a mail.
inline constexpr std::string_view kAskedByMail = "they asked not to be written to";

/// Why an outreach ends whose contact is on the list now.
inline constexpr std::string_view kContactOptedOut = "the recipient has opted out";

/// What one write may do at a domain where everybody has his mailbox.
inline constexpr std::int64_t kSitesOfDomain = 500;

}  // namespace overture::outreach
