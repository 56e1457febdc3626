// Decides about each prospect in order, then writes everything at once.
#include "intake/add_prospects.hpp"

#include <array>
#include <cstdlib>

#include "base/error.hpp"
#include "intake/batch.hpp"
#include "intake/contacts.hpp"
#include "intake/counts.hpp"
#include "rules/host.hpp"

namespace overture::intake {
namespace {

/// A single prospect waits only for those of the same site or address, a batch for everybody who adds to the
/// account: always the account first, then addresses in order, then the site, then the campaign, so nobody
/// waits in a circle.
void lock(db::Connection& connection, const Target& target, std::span<const Prospect> prospects) {
  const std::string name = "intake:" + std::to_string(target.account);
  if (prospects.size() != 1) {
    connection.lock(name);
    return;
  }
  const Prospect& prospect = prospects.front();
  lock_contacts(connection, target.account, prospect.contacts);
  // The widest key there is, whichever the account uses.
  if (prospect.site) connection.lock(name + ":site:" + rules::registrable_domain(prospect.site->host));
  if (target.limit) connection.lock(name + ":campaign:" + std::to_string(target.campaign));
}

/// One batch on its way.
class Intake {
 public:
  Intake(const Target& target, const IntakeOptions& options, Known known)
      : target_(target), options_(options), known_(std::move(known)) {}

  Placement decide(const Prospect& prospect, const std::string& key) {
    if (!prospect.site && prospect.contacts.empty()) return {Outcome::invalid};
    if (prospect.site) {
      if (target_.is_own_site(prospect.site->host)) return {Outcome::own_site};
      if (known_.blocked.contains(prospect.site->host)) return {Outcome::blocklisted};
      if (known_.partners.contains(key)) return {Outcome::partner};
    }
    std::string text;
    if (target_.campaign_type == "import") text = row_text(prospect);
    const Placement there = find(prospect, key, text);
    if (there.opportunity != 0) return there.outcome == Outcome::merged ? merge(prospect, there) : there;
    if (known_.room <= 0) return {Outcome::over_limit};
    return create(prospect, key, std::move(text));
  }

  /// Writes what was decided and puts the real ids in place of the provisional ones.
  void write(db::Connection& connection, std::vector<Placement>& placements) {
    if (accepted_.empty()) return;
    const ContactIds contacts = place_all_contacts(connection);
    if (!created_.empty()) {
      const auto first = insert_opportunities(connection, target_, known_, contacts, created_, options_.now);
      for (Placement& placement : placements) {
        if (placement.opportunity < 0) placement.opportunity = first - 1 - placement.opportunity;
      }
      count_opportunities(connection, target_.account, target_.project, target_.campaign, "inspect", 0,
                          static_cast<std::int64_t>(created_.size()));
    }
    if (!merges_.empty()) merge_into_opportunities(connection, target_, contacts, merges_, options_.now);
    note_change(connection, target_.account);
  }

 private:
  Placement find(const Prospect& prospect, const std::string& key, const std::string& text) const {
    if (target_.only_equal_rows()) {
      const auto row = known_.equal_rows.find(text);
      return row == known_.equal_rows.end() ? Placement{} : in_campaign(row->second);
    }
    if (prospect.site) {
      const auto site = known_.sites.find(key);
      return site == known_.sites.end() ? Placement{} : nearest(site->second);
    }
    Standing all;
    for (const ProspectContact& contact : prospect.contacts) {
      const auto person = known_.people.find(contact.email);
      if (person == known_.people.end()) continue;
      keep_first(all.in_campaign, person->second.in_campaign);
      keep_first(all.in_project, person->second.in_project);
      keep_first(all.in_account, person->second.in_account);
    }
    return nearest(all);
  }

  /// Those that are created by this batch (-1, -2, …) come after all that are there.
  static void keep_first(std::int64_t& kept, std::int64_t other) {
    if (other == 0) return;
    const bool earlier = (kept > 0) == (other > 0) ? std::abs(other) < std::abs(kept) : other > 0;
    if (kept == 0 || earlier) kept = other;
  }

  Placement in_campaign(std::int64_t opportunity) const {
    const bool merging = options_.merge_duplicate_personalization;
    return {merging ? Outcome::merged : Outcome::duplicate_in_campaign, opportunity};
  }

  Placement nearest(const Standing& standing) const {
    if (standing.in_campaign != 0) return in_campaign(standing.in_campaign);
    const bool project_counts = target_.in_project || target_.in_all_projects;
    if (standing.in_project != 0 && project_counts) {
      return {Outcome::duplicate_in_project, standing.in_project};
    }
    if (standing.in_account != 0 && target_.in_all_projects) {
      return {Outcome::duplicate_in_account, standing.in_account};
    }
    return {};
  }

  Placement create(const Prospect& prospect, const std::string& key, std::string text) {
    created_.push_back({&prospect, nullptr, text});
    accepted_.push_back(&prospect);
    const auto id = -static_cast<std::int64_t>(created_.size());
    if (target_.only_equal_rows()) {
      known_.equal_rows.emplace(std::move(text), id);
    } else if (prospect.site) {
      keep_first(known_.sites[key].in_campaign, id);
    } else {
      add_people(prospect, id);
    }
    --known_.room;
    return {Outcome::created, id};
  }

  Placement merge(const Prospect& prospect, const Placement& there) {
    accepted_.push_back(&prospect);
    if (there.opportunity > 0) {
      merges_.push_back({there.opportunity, &prospect});
    } else {
      NewOpportunity& kept = created_[static_cast<std::size_t>(-there.opportunity - 1)];
      if (!kept.merged) kept.merged = std::make_unique<Prospect>(*kept.prospect);
      merge_prospect(*kept.merged, prospect);
      kept.prospect = kept.merged.get();
    }
    // Its contacts stand for the opportunity from now on.
    if (!prospect.site && !target_.only_equal_rows()) add_people(prospect, there.opportunity);
    return there;
  }

  /// In the order of the rows, because the first name of an address stays.
  ContactIds place_all_contacts(db::Connection& connection) const {
    std::vector<ProspectContact> contacts;
    for (const Prospect* prospect : accepted_) {
      contacts.insert(contacts.end(), prospect->contacts.begin(), prospect->contacts.end());
    }
    const auto placed = place_contacts(connection, target_.account, contacts, options_.now);
    ContactIds ids;
    std::size_t next = 0;
    for (const Prospect* prospect : accepted_) {
      for (const ProspectContact& contact : prospect->contacts) ids.emplace(contact.email, placed[next++].id);
    }
    return ids;
  }

  void add_people(const Prospect& prospect, std::int64_t id) {
    for (const ProspectContact& contact : prospect.contacts) {
      keep_first(known_.people[contact.email].in_campaign, id);
    }
  }

  const Target& target_;
  const IntakeOptions& options_;
  Known known_;
  std::vector<const Prospect*> accepted_;
  std::vector<NewOpportunity> created_;
  std::vector<Merge> merges_;
};

}  // namespace

std::string_view outcome_name(Outcome outcome) {
  static constexpr std::array<std::string_view, kOutcomes> kNames = {
      "created", "merged",   "duplicate_in_campaign", "duplicate_in_project", "duplicate_in_account",
      "partner", "own_site", "blocklisted",           "over_limit",           "invalid"};
  return kNames.at(static_cast<std::size_t>(outcome));
}

std::vector<Placement> add_prospects(db::Connection& connection, const Target& target,
                                     std::span<const Prospect> prospects, const IntakeOptions& options) {
  if (prospects.size() > kIntakeMaxBatch) {
    throw base::Error(base::ErrorCode::internal, {}, "a batch of more than 1000 prospects");
  }
  std::vector<Placement> placements;
  if (prospects.empty()) return placements;
  lock(connection, target, prospects);
  Known known = look_up(connection, target, prospects);
  const std::vector<std::string> keys = std::move(known.keys);
  Intake intake(target, options, std::move(known));
  placements.reserve(prospects.size());
  for (std::size_t i = 0; i < prospects.size(); ++i)
    placements.push_back(intake.decide(prospects[i], keys[i]));
  intake.write(connection, placements);
  return placements;
}

}  // namespace overture::intake
