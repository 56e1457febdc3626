// Automations: stored rules that launch opportunities, when they are called or as soon as one is ready.
#pragma once
#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/launch.hpp"

namespace overture::intake {

/// launch_call: only through the launch operation; ready: also by itself when an opportunity becomes ready.
inline constexpr std::string_view kTriggerEvents[] = {"launch_call", "ready"};
inline constexpr std::string_view kConditionFields[] = {"milestone", "tag", "workflow_status",
                                                        "stage_status"};
inline constexpr std::string_view kActionTypes[] = {"launch", "set_milestone", "add_tag"};
inline constexpr std::size_t kMaxConditions = 20;
inline constexpr std::size_t kMaxActions = 10;

/// {"field": …, "is": value} or {"field": …, "is_not": value}; ids for milestone (null: none) and tag, texts
/// else.
struct AutomationCondition {
  std::string field;
  bool is = true;
  std::int64_t id = 0;
  std::string text;
};
/// {"type": "launch"}, {"type": "set_milestone", "milestone": id}, {"type": "add_tag", "tag": id}; the last
/// two follow for what was launched.
struct AutomationAction {
  std::string type;
  std::int64_t id = 0;
};
struct Automation {
  std::int64_t project = 0;   ///< 0: of every project
  std::int64_t campaign = 0;  ///< 0: of every campaign
  std::vector<AutomationCondition> conditions;
  std::vector<AutomationAction> actions;
};

/// Throw Error::invalid naming the element; references to milestones and tags are the caller's to check.
std::vector<AutomationCondition> parse_conditions(const boost::json::array& array);
/// `launch` has to be among them.
std::vector<AutomationAction> parse_actions(const boost::json::array& array);

/// Throws Error(not_found).
Automation load_automation(db::Connection& connection, std::int64_t account, std::int64_t id);

/// Launches an opportunity that is meant by the automation, and does what follows; one that is not is
/// skipped.
LaunchResult run_automation(db::Connection& connection, std::int64_t account, const Automation& automation,
                            std::int64_t opportunity, std::optional<std::int64_t> user, base::Millis now);

/// The active automations with the trigger `ready`, in the order they were made, until one launches it.
void run_automations_when_ready(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                                base::Millis now);

}  // namespace overture::intake
