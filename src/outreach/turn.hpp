// One opportunity's turn: it gets its next mail, or it is put where it belongs.
#pragma once
#include <cstdint>

#include "outreach/facts.hpp"
#include "outreach/install.hpp"
#include "outreach/run.hpp"

namespace overture::outreach {

enum class Turn {
  planned,    ///< a mail is in the outbox
  put_aside,  ///< none can be sent now; the run is not waiting any more, or waits for later
};

/// The campaign's gates are open and the opportunity is locked. Inside a write.
Turn take_turn(db::Connection& connection, const Install& install, const CampaignFacts& facts, Run run,
               std::uint64_t chance);

/// A launched opportunity whose next mail a person wants to see first: renders it for review. A mail that
/// needs no review is released at once.
void compose_for_review(db::Connection& connection, const Install& install, Run run, base::Millis now);

/// The last mail was sent and nobody has answered: the sequence is over.
void finish_sequence(db::Connection& connection, const Run& run, base::Millis now);

}  // namespace overture::outreach
