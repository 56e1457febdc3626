// The planner's work for one campaign: whose turn it is, and the mail that goes out next.
#pragma once
#include <cstdint>
#include <optional>

#include "db/connection.hpp"
#include "outreach/install.hpp"

namespace overture::outreach {

/// One look at a campaign, inside a write. Plans at most one mail: rendered, written down with its
/// Message-ID, its place in the limits taken, and in the outbox. Opportunities that turn out not to be able
/// to get a mail (no contact, missing data, end of the sequence, ...) are put where they belong on the way.
/// The account has changed then (note_change). Writes down when to look again. Returns true when there may be
/// more to do at once. `chance`: any number, evenly spread; it decides the jitter.
bool plan_campaign(db::Connection& connection, const Install& install, std::int64_t account,
                   std::int64_t campaign, base::Millis now, std::uint64_t chance);

/// A run whose time comes by itself: a mail to be rendered for review, or a sequence that nobody answered.
struct TimedRun {
  std::int64_t account = 0;
  std::int64_t opportunity = 0;
};
/// Inside a write; nothing happens when it is not due (any more).
void handle_timed_run(db::Connection& connection, const Install& install, const TimedRun& timed,
                      base::Millis now);

}  // namespace overture::outreach
