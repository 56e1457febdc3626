// The mail of a turn: written now, or as it was written before.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "outreach/facts.hpp"
#include "outreach/install.hpp"
#include "outreach/mails.hpp"
#include "outreach/sequence.hpp"

namespace overture::outreach {

/// The id of the mail that leaves now over `run.email_account`, which becomes `chosen`, the mailbox whose
/// turn it is, or the one that an edited text speaks for. nullopt: it cannot leave now, and the run has been
/// put where it belongs (for later, for review, until something missing is supplied). `attempt` is nullptr
/// when the sequence has none such any more; then `planned`, scheduled or cancelled, has to be there.
std::optional<std::int64_t> prepare_mail(db::Connection& connection, const Install& install,
                                         const CampaignFacts& facts, Run& run, std::int64_t chosen,
                                         const Attempt* attempt, const std::optional<PlannedMail>& planned);

/// Tokens without a value: the opportunity goes back to those who supply them.
void hold_for_missing(db::Connection& connection, const Run& run, const std::vector<std::string>& missing,
                      base::Millis now);

}  // namespace overture::outreach
