// The parts of add_prospects(), which share a batch: what is known, what will be created, what is merged.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "intake/add_prospects.hpp"

namespace overture::intake {

/// The first opportunity of one key, by how near it is. Until ids are reserved, the n-th one that this batch
/// will create is -n.
struct Standing {
  std::int64_t in_campaign = 0;
  std::int64_t in_project = 0;
  std::int64_t in_account = 0;
};

/// Everything in the database that decides about a batch. Views point into the prospects and `keys`.
struct Known {
  std::vector<std::string> keys;  ///< deduplication key of each prospect's site, empty without a site
  std::unordered_map<std::string, std::int64_t> domains;     ///< host → id
  std::unordered_map<std::string, Standing> sites;           ///< by deduplication key
  std::unordered_map<std::string, Standing> people;          ///< by address; contact-based opportunities
  std::unordered_map<std::string, std::int64_t> equal_rows;  ///< by row_text(); only with only_equal_rows()
  std::unordered_set<std::string> partners;                  ///< deduplication keys
  std::unordered_set<std::string> blocked;                   ///< hosts
  std::int64_t room = 0;                                     ///< opportunities the campaign may still get
};

/// A handful of statements, however many prospects there are.
Known look_up(db::Connection& connection, const Target& target, std::span<const Prospect> prospects);

/// Address and contacts of a row: equal for equal rows.
std::string row_text(const Prospect& prospect);
/// import_rows.identity of a row whose host is domain number `domain` (0 for contact-based ones).
std::string row_identity(std::int64_t domain, std::string_view row_text);

/// An opportunity that this batch creates.
struct NewOpportunity {
  const Prospect* prospect = nullptr;  ///< `merged` once later rows went into it
  std::unique_ptr<Prospect> merged;
  std::string row_text;  ///< as it came; import campaigns only
};

/// Address → contact of everybody whom the batch brings.
using ContactIds = std::unordered_map<std::string_view, std::int64_t>;

/// Inserts them with all that hangs on them; the first gets the id that is returned, the others follow.
std::int64_t insert_opportunities(db::Connection& connection, const Target& target, Known& known,
                                  const ContactIds& contacts, std::span<const NewOpportunity> opportunities,
                                  base::Millis now);

/// Which contacts belong to which opportunities; the same link may be added again.
class ContactLinks {
 public:
  void add(std::int64_t opportunity, std::int64_t contact) { links_.emplace_back(opportunity, contact); }
  /// None of them may be there already.
  void insert(db::Connection& connection, std::int64_t account);

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> links_;
};

/// Folds `more` into `kept`: fills what is empty, adds contacts, joins differing values with ", ".
void merge_prospect(Prospect& kept, const Prospect& more);

/// A prospect that goes into an opportunity that is in the database.
struct Merge {
  std::int64_t opportunity;
  const Prospect* prospect;
};
/// In order; an opportunity may occur more than once.
void merge_into_opportunities(db::Connection& connection, const Target& target, const ContactIds& contacts,
                              std::span<const Merge> merges, base::Millis now);

}  // namespace overture::intake
