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
/// place. A reply passes the state of its mailbox and the server's pause only.
std::optional<Obstacle> find_obstacle(db::Connection& connection, const ClaimedMail& mail, base::Millis now);

/// Campaigns as they were read for the mails of one claim: of one mailbox, at one moment, in one transaction.
using CampaignsOfClaim = std::map<std::int64_t, CampaignFacts>;

/// The same when the mail is claimed: one that has come to another day takes its place there too.
std::optional<Obstacle> find_obstacle_and_count(db::Connection& connection, const ClaimedMail& mail,
                                                base::Millis now, CampaignsOfClaim& campaigns);

}  // namespace overture::outreach
