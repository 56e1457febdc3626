// Whether a mail that was planned may still leave: asked when it is claimed, and again before its final dot.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/facts.hpp"
#include "outreach/outbox.hpp"

namespace overture::outreach {

struct Obstacle {
  std::optional<base::Millis> until;  ///< try again then; empty: it will never leave
  std::string why;                    ///< for people
  bool goes_back =
      false;  ///< out of the outbox, to its run: at a turn from `until` on it gets a mailbox anew
};

/// A mail of a sequence passes every gate but spacing and the limits of the day in which it has taken its
/// place. A reply passes the state of its mailbox and the server's pause only. Nobody in copy may have opted
/// out since the claim.
std::optional<Obstacle> find_obstacle(db::Connection& connection, const ClaimedMail& mail, base::Millis now);

/// What the mails of one claim have in common: of one mailbox, at one moment, in one transaction.
struct ClaimFacts {
  std::int64_t stop_number = -1;
  std::map<std::int64_t, CampaignFacts> campaigns = {};  ///< as far as they were read
};

/// Read before anything that the gates are asked with.
ClaimFacts begin_claim(db::Connection& connection, std::int64_t account);

/// find_obstacle() when the mail is claimed: one that has come to another day takes its place there too, and
/// one that passes knows against what.
std::optional<Obstacle> find_obstacle_and_count(db::Connection& connection, ClaimedMail& mail,
                                                base::Millis now, ClaimFacts& facts);

/// Whether a mail that has passed its gates passes them still, because nothing was changed since that they
/// could shut for. False says nothing: find_obstacle() knows.
bool still_passes(db::Connection& connection, const ClaimedMail& mail, base::Millis now);

}  // namespace overture::outreach
