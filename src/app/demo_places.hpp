// Which site comes into which campaign of the demo workspace, and when.
#pragma once
#include <array>
#include <vector>

#include "app/demo_house.hpp"
#include "app/demo_people.hpp"

namespace overture::app {

struct DemoPlace {
  std::size_t campaign = 0;
  base::Millis at = 0;
  bool by_job = false;  ///< a row of the campaign's import job
  std::size_t site = 0;
  bool is_person = false;  ///< somebody of the site, without an address of the web
  std::size_t page = 0;    ///< how often this campaign had the site before
};

/// What became of the rows of an import job, beside those that became opportunities.
struct DemoImport {
  base::Millis at = 0;
  std::int64_t created = 0;
  std::int64_t duplicates_in_campaign = 0;
  std::int64_t duplicates_in_project = 0;
  std::int64_t partners = 0;
};

struct DemoPlaces {
  std::vector<DemoPlace> places;  ///< in the order of time
  std::array<DemoImport, kDemoCampaigns.size()> imports;
  std::vector<std::size_t> partners;  ///< sites
};

/// By the rules of de-duplication: a host comes once into a project, and once into a campaign whose
/// de-duplication is off, unless that is an import, which takes any number of its pages.
DemoPlaces make_demo_places(const std::vector<DemoSite>& sites, base::Millis now);

}  // namespace overture::app
