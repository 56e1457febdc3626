// What an automation says: when it runs, for which opportunities, and what it does. As people write it, and
// as it is stored.
#pragma once
#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/event.hpp"

namespace overture::intake {

/// launch_call: only through the launch operation; ready: at once when an opportunity becomes ready; the rest
/// a moment after something has happened to an opportunity (kTriggers).
inline constexpr std::string_view kTriggerEvents[] = {
    "launch_call",       "ready",    "reply_received", "bounced",           "all_bounced",  "unsubscribed",
    "sequence_finished", "approved", "rejected",       "milestone_changed", "stage_changed"};
inline constexpr std::string_view kConditionFields[] = {"milestone", "tag", "workflow_status",
                                                        "stage_status"};
inline constexpr std::string_view kActionTypes[] = {"launch",   "set_milestone", "add_tag", "remove_tag",
                                                    "add_task", "add_note",      "pause",   "stop"};
inline constexpr std::size_t kMaxConditions = 20;
inline constexpr std::size_t kMaxActions = 10;
inline constexpr std::size_t kMaxTaskName = 255;  ///< characters, like those below
inline constexpr std::size_t kMaxTaskDescription = 5000;
inline constexpr std::size_t kMaxNote = 5000;
inline constexpr std::int64_t kMaxDueInDays = 365;

/// The events that a trigger means; an empty text means any.
struct Trigger {
  std::string_view name;
  events::Kind kind;
  std::string_view workflow = {};     ///< data.new.workflow_status of a changed stage
  std::string_view status = {};       ///< data.new.stage_status
  std::string_view from_status = {};  ///< data.previous.stage_status
};
inline constexpr Trigger kTriggers[] = {
    {"reply_received", events::Kind::reply_received},
    {"bounced", events::Kind::email_bounced},
    {"all_bounced", events::Kind::stage_changed, "completed", "bounced"},
    {"unsubscribed", events::Kind::stage_changed, "completed", "unsubscribed"},
    {"sequence_finished", events::Kind::stage_changed, "completed", "finished"},
    {"approved", events::Kind::stage_changed, "personalize", {}, "awaiting_approval"},
    {"rejected", events::Kind::stage_changed, "rejected"},
    {"milestone_changed", events::Kind::milestone_changed},
    {"stage_changed", events::Kind::stage_changed},
};

/// Whether automations with this trigger launch, and do the rest for what was launched only.
constexpr bool is_launching(std::string_view trigger) {
  return trigger == "launch_call" || trigger == "ready";
}

/// {"field": …, "is": value} or {"field": …, "is_not": value}; ids for milestone (null: none) and tag, texts
/// else.
struct AutomationCondition {
  std::string field;
  bool is = true;
  std::int64_t id = 0;
  std::string text;
};

struct AutomationAction {
  std::string type;
  std::int64_t id = 0;  ///< of the milestone or tag; whom a task is for, 0 for nobody
  std::string text;     ///< the name of a task, the content of a note
  std::string description;
  std::optional<std::int64_t> due_in_days;
};

struct Automation {
  std::string name;
  std::int64_t project = 0;   ///< 0: of every project
  std::int64_t campaign = 0;  ///< 0: of every campaign
  std::vector<AutomationCondition> conditions;
  std::vector<AutomationAction> actions;

  bool launches() const;
};

/// Throw Error::invalid naming the element; references are the caller's to check.
std::vector<AutomationCondition> parse_conditions(const boost::json::array& array);
std::vector<AutomationAction> parse_actions(const boost::json::array& array);
/// Whether these actions make sense for the trigger; throws Error::invalid naming the element.
void check_actions(std::string_view trigger, std::span<const AutomationAction> actions);

}  // namespace overture::intake
