// The sites of the demo workspace and the people who answer for them.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/demo_random.hpp"
#include "base/clock.hpp"

namespace overture::app {

struct DemoSite {
  std::string name;
  std::string url;
  std::string host;
  /// Where its pages are: scheme and host, or the whole address where many sites share a host.
  std::string root;
  bool shares_host = false;
};

/// The list that is part of the program, as it stands there.
std::vector<DemoSite> load_demo_sites();

struct DemoPerson {
  std::string email;
  std::string first_name;  ///< empty for a mailbox of a function
  std::string last_name;
  std::string job_title;
  std::string company;
  std::string age;  ///< age and location only where enrichment found them
  std::string location;
  base::Millis created_at = 0;
  base::Millis last_communication = 0;  ///< 0 for none
  base::Millis unsubscribed_at = 0;     ///< 0 for not
  std::int64_t unsubscribed_by = -1;    ///< place in kDemoUsers, -1 for themselves
};

/// The address book while it grows. Persons are named by their place in it.
class DemoPeople {
 public:
  DemoPeople() : sites_(load_demo_sites()) {}

  const std::vector<DemoSite>& sites() const { return sites_; }

  /// The one person of a site that a project writes to.
  std::size_t of_site(std::size_t site, std::size_t project);
  /// The general mailbox of a site; -1 where the host belongs to many.
  std::int64_t mailbox(std::size_t site);
  /// Somebody at the site whom nobody else writes to.
  std::size_t stranger(std::size_t site);

  DemoPerson& at(std::size_t person) { return people_[person]; }
  const std::vector<DemoPerson>& all() const { return people_; }
  /// Somebody knows the person since `time` or before.
  void known_since(std::size_t person, base::Millis time);
  void communicated(std::size_t person, base::Millis time);

 private:
  std::size_t make_person(std::size_t site);

  std::vector<DemoSite> sites_;
  DemoRandom random_{7};
  std::vector<DemoPerson> people_;
  std::unordered_map<std::string, std::size_t> by_email_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> of_site_;
};

}  // namespace overture::app
