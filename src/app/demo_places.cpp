// Slots in the order of time; each takes the next site that its campaign may have.
#include "app/demo_places.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

#include "app/demo_walk.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::kHour;
using base::kMinute;
using base::Millis;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
/// None of them shares its host with other sites.
constexpr std::array<std::string_view, 5> kPartners = {"Babbel", "HackerEarth", "Hashrocket", "MapTiler",
                                                       "Nordic APIs"};

bool is_partner(const DemoSite& site) { return std::ranges::find(kPartners, site.name) != kPartners.end(); }

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  DemoRandom random(seed);
  for (std::size_t i = count; i > 1; --i) {
    std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i)))]);
  }
  return order;
}

/// More than half come at the start, the others one by one.
void add_slots(std::vector<DemoPlace>& slots, std::size_t number, Millis now) {
  const DemoCampaign& campaign = kDemoCampaigns[number];
  const bool import = campaign.type == "import";
  DemoRandom random(100 + number);
  const Millis start = now - campaign.age_days * kDay + 40 * kMinute;
  const Millis end = now - campaign.end_days * kDay - kHour;
  const int at_once = campaign.size * (import ? 62 : 54) / 100;
  for (int i = 0; i < campaign.size; ++i) {
    DemoPlace slot{.campaign = number, .at = 0, .by_job = false, .site = 0, .is_person = false, .page = 0};
    if (i < at_once) {
      // Searches run for a while and are repeated; an import is over in seconds.
      const int round = import ? 0 : 3 * i / at_once;
      slot.at = start + round * 9 * kDay + i * (import ? 15 : 1700);
      slot.by_job = import;
    } else {
      const Millis minutes = (end - start) / kMinute;
      slot.at = in_working_hours(start + random.below(minutes) * kMinute, random);
      if (slot.at < start) slot.at = start + random.between(5, 240) * kMinute;
      if (slot.at > end) slot.at = end - random.below(20 * 60) * kMinute;
    }
    slots.push_back(slot);
  }
}

class Placing {
 public:
  Placing(const std::vector<DemoSite>& sites, DemoPlaces& result) : sites_(sites), result_(result) {
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = shuffled(sites.size(), 40 + i);
    // A project's campaigns without duplicates share its sites; the others leave them alone until they are
    // placed.
    for (std::size_t project = 0; project < kDemoProjects.size(); ++project) {
      const std::vector<std::size_t> order = shuffled(sites.size(), 20 + project);
      reserved_[project].assign(sites.size(), kNone);
      std::size_t next = 0;
      for (std::size_t campaign = 0; campaign < kDemoCampaigns.size(); ++campaign) {
        const DemoCampaign& each = kDemoCampaigns[campaign];
        if (each.project != project || !each.deduplicated) continue;
        // Some more, because not all sites of a slice can be taken.
        for (int i = 0; i < each.size * 105 / 100 && next < order.size(); ++i)
          reserved_[project][order[next++]] = campaign;
      }
    }
  }

  /// False when the campaign has all sites that it may have.
  bool place(DemoPlace& slot) {
    const DemoCampaign& campaign = kDemoCampaigns[slot.campaign];
    const bool many_pages = campaign.type == "import" && !campaign.deduplicated;
    for (std::size_t tries = 0; tries < sites_.size(); ++tries) {
      std::size_t& next = next_[slot.campaign];
      const std::size_t site = order_[slot.campaign][next % sites_.size()];
      const std::size_t round = next / sites_.size();
      ++next;
      if (!may_have(slot, campaign, site)) continue;
      if (!many_pages && !in_campaign_[slot.campaign].insert(sites_[site].host).second) continue;
      in_project_[campaign.project].insert(sites_[site].host);
      slot.site = site;
      slot.page = round;
      slot.is_person = many_pages && next % 13 == 0;
      if (slot.by_job) ++result_.imports[slot.campaign].created;
      return true;
    }
    return false;
  }

 private:
  bool may_have(const DemoPlace& slot, const DemoCampaign& campaign, std::size_t site) {
    const std::string& host = sites_[site].host;
    const std::size_t owner = reserved_[campaign.project][site];
    const bool placed = in_project_[campaign.project].contains(host);
    if (!campaign.deduplicated) return owner == kNone || placed;
    if (owner != slot.campaign) return false;
    DemoImport& import = result_.imports[slot.campaign];
    if (campaign.without_partners && is_partner(sites_[site])) {
      if (slot.by_job) ++import.partners;
      return false;
    }
    if (!placed) return true;
    if (slot.by_job)
      ++(in_campaign_[slot.campaign].contains(host) ? import.duplicates_in_campaign
                                                    : import.duplicates_in_project);
    return false;
  }

  const std::vector<DemoSite>& sites_;
  DemoPlaces& result_;
  std::array<std::vector<std::size_t>, kDemoCampaigns.size()> order_;
  std::array<std::vector<std::size_t>, kDemoProjects.size()> reserved_;
  std::array<std::set<std::string_view>, kDemoProjects.size()> in_project_;
  std::array<std::set<std::string_view>, kDemoCampaigns.size()> in_campaign_;
  std::array<std::size_t, kDemoCampaigns.size()> next_{};
};

}  // namespace

DemoPlaces make_demo_places(const std::vector<DemoSite>& sites, Millis now) {
  DemoPlaces result;
  for (std::size_t site = 0; site < sites.size(); ++site) {
    if (is_partner(sites[site])) result.partners.push_back(site);
  }
  for (std::size_t campaign = 0; campaign < kDemoCampaigns.size(); ++campaign)
    add_slots(result.places, campaign, now);
  std::stable_sort(result.places.begin(), result.places.end(),
                   [](const DemoPlace& a, const DemoPlace& b) { return a.at < b.at; });
  Placing placing(sites, result);
  for (DemoPlace& slot : result.places) {
    DemoImport& import = result.imports[slot.campaign];
    if (slot.by_job && import.at == 0) import.at = slot.at;
    if (!placing.place(slot)) slot.at = 0;
  }
  std::erase_if(result.places, [](const DemoPlace& slot) { return slot.at == 0; });
  return result;
}

}  // namespace overture::app
