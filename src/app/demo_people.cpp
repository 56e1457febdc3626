// Reads the list of sites; draws names.
#include "app/demo_people.hpp"

#include <algorithm>
#include <sstream>

#include "app/demo_names.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "embedded/demo_data.hpp"
#include "rules/site.hpp"

namespace overture::app {
namespace {

/// The sites are real, their people are not: no address of the demo can ever reach anybody (RFC 2606 section
/// 2).
std::string mail_domain(const DemoSite& site) {
  return std::string(rules::host_without_www(site.host)) + ".example";
}

std::string root_of(const DemoSite& site) {
  std::string root = site.url;
  if (!site.shares_host) {
    const std::size_t path = root.find('/', root.find("://") + 3);
    if (path != std::string::npos) root.resize(path);
  }
  while (root.ends_with('/')) root.pop_back();
  return root;
}

}  // namespace

std::vector<DemoSite> load_demo_sites() {
  std::istringstream text{std::string(embedded::demo_data().front().bytes)};
  base::CsvReader reader(text);
  std::vector<std::string> row;
  reader.next(row);
  std::vector<DemoSite> sites;
  std::unordered_map<std::string, int> on_host;
  while (reader.next(row)) {
    auto site = rules::parse_site(row.at(1));
    if (!site) throw base::Error(base::ErrorCode::internal, {}, "a site of the demo: " + row.at(1));
    ++on_host[site->host];
    sites.push_back({row.at(0), std::move(site->url), std::move(site->host), {}, false});
  }
  for (DemoSite& site : sites) {
    site.shares_host = on_host[site.host] > 1;
    site.root = root_of(site);
  }
  return sites;
}

std::size_t DemoPeople::make_person(std::size_t site) {
  const std::string domain = mail_domain(sites_[site]);
  for (;;) {
    const std::string_view first = random_.pick(kDemoFirstNames);
    const std::string_view last = random_.pick(kDemoLastNames);
    std::string email = base::lower_ascii(first) + "." + base::lower_ascii(last) + "@" + domain;
    if (!by_email_.emplace(email, people_.size()).second) continue;
    DemoPerson person;
    person.email = std::move(email);
    person.first_name = first;
    person.last_name = last;
    person.job_title = random_.pick(kDemoJobTitles);
    person.company = sites_[site].name;
    if (random_.chance(35)) {
      person.age = random_.pick(kDemoAges);
      person.location = random_.pick(kDemoPlaces);
    }
    people_.push_back(std::move(person));
    return people_.size() - 1;
  }
}

std::size_t DemoPeople::of_site(std::size_t site, std::size_t project) {
  const auto [place, is_new] = of_site_.try_emplace({site, project}, 0);
  if (is_new) place->second = make_person(site);
  return place->second;
}

std::int64_t DemoPeople::mailbox(std::size_t site) {
  if (sites_[site].shares_host) return -1;
  std::string email(kDemoRoleAddresses[site % std::size(kDemoRoleAddresses)]);
  email.append("@").append(mail_domain(sites_[site]));
  const auto [place, is_new] = by_email_.try_emplace(email, people_.size());
  if (is_new) {
    DemoPerson person;
    person.email = std::move(email);
    person.company = sites_[site].name;
    people_.push_back(std::move(person));
  }
  return static_cast<std::int64_t>(place->second);
}

std::size_t DemoPeople::stranger(std::size_t site) { return make_person(site); }

void DemoPeople::known_since(std::size_t person, base::Millis time) {
  base::Millis& created = people_[person].created_at;
  if (created == 0 || time < created) created = time;
}

void DemoPeople::communicated(std::size_t person, base::Millis time) {
  base::Millis& last = people_[person].last_communication;
  last = std::max(last, time);
}

}  // namespace overture::app
