// What the simulated people have set and know, kept beside the database: the oracle judges by this.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace overture::sim {

struct Project {
  std::int64_t id = 0;
  std::string zone;
  bool is_outreach_active = true;
  std::set<std::int64_t> mailboxes = {};
};

struct Step {
  std::string subject;
  std::int64_t delay_days = 0;
  bool review = false;
};

struct Campaign {
  std::int64_t id = 0;
  std::int64_t project = 0;
  bool active = true;  ///< not archived
  bool is_active = true;
  std::optional<base::Millis> paused_until;
  std::int64_t daily_limit = 20;
  int from_minute = 540;
  int to_minute = 1020;
  std::array<bool, 7> days = {true, true, true, true, true, false, false};  ///< Monday first
  std::vector<Step> sequence;
  std::set<std::int64_t> rotation = {};  ///< the mailboxes that it names; none: all of its project
  std::map<std::int64_t, std::int64_t> highest_limit = {};  ///< of a local day on which it was changed
};

struct Mailbox {
  std::int64_t id = 0;
  std::string address;
  std::int64_t daily_limit = 20;
  base::Millis spacing = base::kMinute;
  bool paused = false;
  std::map<std::int64_t, std::int64_t> highest_limit = {};
};

struct Truth {
  std::int64_t account = 0;
  std::int64_t user = 1;
  std::string account_zone = "UTC";
  bool sending_paused = false;
  std::map<std::int64_t, Project> projects;
  std::map<std::int64_t, Campaign> campaigns;
  std::map<std::int64_t, Mailbox> mailboxes;
  /// (mailbox, project) that were parted, and (mailbox, campaign) that left the rotation, and when last.
  std::map<std::pair<std::int64_t, std::int64_t>, base::Millis> parted, left_rotation;
};

/// A moment as clocks of a zone show it.
struct LocalTime {
  std::int64_t day = 0;  ///< since 1970-01-01
  int minute = 0;
  int weekday = 0;  ///< 0 is Monday
};
LocalTime local_time(const std::string& zone, base::Millis time);

}  // namespace overture::sim
