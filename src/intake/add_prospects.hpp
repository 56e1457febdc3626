// Prospects become opportunities here, whoever brings them: an import, Add Opportunity, a search.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "intake/prospect.hpp"
#include "intake/target.hpp"

namespace overture::intake {

/// What became of a prospect. The order is the order of outcome_name().
enum class Outcome {
  created,
  merged,                 ///< its values went into the opportunity of this campaign that was there
  duplicate_in_campaign,  ///< the same site, person or row is in this campaign
  duplicate_in_project,   ///< in another campaign of the project
  duplicate_in_account,   ///< in another project
  partner,                ///< the site of a partner, which this campaign leaves out
  own_site,               ///< one of the project's own sites
  blocklisted,            ///< the account or the project blocks the site
  over_limit,             ///< the campaign has as many opportunities as it may
  invalid,                ///< neither site nor contact
};
inline constexpr int kOutcomes = 10;

/// `created`, `duplicate_in_campaign`, …: the key in the counts of a job.
std::string_view outcome_name(Outcome outcome);

struct Placement {
  Outcome outcome = Outcome::invalid;
  /// The opportunity that was created, merged into, or is there already; 0 for the other outcomes.
  std::int64_t opportunity = 0;
};

struct IntakeOptions {
  base::Millis now = 0;
  /// A prospect that this campaign has already fills the empty fields of the opportunity, adds its contacts
  /// and joins differing values with ", ".
  bool merge_duplicate_personalization = false;
};

inline constexpr std::size_t kIntakeMaxBatch = 1000;

/// Adds the prospects in order, as if one after the other, and keeps all books (domains, address book,
/// values, counts, change number). Returns one placement each, in the same order. Inside one write
/// transaction; a batch costs a fixed number of statements, apart from merges. Two batches or adds that run
/// at once never create a duplicate. Throws Error(internal) above kIntakeMaxBatch prospects.
///
/// What counts as there already: opportunities of archived campaigns and projects, and rejected ones, do;
/// those of deleted campaigns or projects, and opportunities in workflow status `deleted`, do not.
std::vector<Placement> add_prospects(db::Connection& connection, const Target& target,
                                     std::span<const Prospect> prospects, const IntakeOptions& options);

}  // namespace overture::intake
