// Which automations are meant: by what has happened, and by how the opportunity stands.
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "intake/automation_rules.hpp"

namespace overture::intake {

/// What conditions are held against.
struct Standing {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t milestone = 0;
  std::string workflow;
  std::string status;
};

std::optional<Standing> find_standing(db::Connection& connection, std::int64_t account,
                                      std::int64_t opportunity);

/// The milestone or the stage that an event of this kind tells of. When the opportunity has moved on since,
/// its automations still hear of each step, and of each only once.
void stand_as_told(Standing& standing, std::string_view kind, const boost::json::object& data);

/// Whether the trigger waits for an event of this kind with these data.
bool is_meant(const Trigger& trigger, std::string_view kind, const boost::json::object& data);

/// Whether the opportunity is where the automation acts, and meets its conditions.
bool is_meant(db::Connection& connection, std::int64_t account, const Automation& automation,
              std::int64_t opportunity, const Standing& standing);

}  // namespace overture::intake
