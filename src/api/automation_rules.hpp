// Conditions and actions of an automation: as they are described, checked and stored.
#pragma once
#include <boost/json/array.hpp>
#include <span>
#include <string>
#include <vector>

#include "api/call.hpp"
#include "api/route.hpp"
#include "intake/automation_rules.hpp"
#include "rest/body.hpp"

namespace overture::api {

inline constexpr std::string_view kConditionsDoc =
    "all have to hold: {\"field\", \"is\"} or {\"field\", \"is_not\"}; field: milestone (id or null), tag "
    "(id), workflow_status, stage_status";
inline constexpr std::string_view kActionsDoc =
    "done in this order; launch has to be there for launch_call and ready, where the rest follows for what "
    "was launched. set_milestone {milestone}, add_tag and remove_tag {tag}, add_task {name, description, "
    "due_in_days, assigned_to}, add_note {content}, pause, stop";
inline constexpr std::string_view kTriggerDoc =
    "launch_call: when it is called; ready: when an opportunity has all data; the rest a moment after it has "
    "happened: bounced is one mail, all_bounced the last address, unsubscribed the end of the outreach by an "
    "opt-out";

inline constexpr rest::Input kAutomationInputs[] = {
    {.key = "conditions", .type = rest::Type::array, .max = intake::kMaxConditions, .doc = kConditionsDoc},
    {.key = "actions", .type = rest::Type::array, .max = intake::kMaxActions, .doc = kActionsDoc}};

/// JSON Schemas of what is stored as JSON.
std::vector<Shape> automation_shapes();

/// What an automation says already; one that is new has no trigger, no conditions and no actions.
struct StoredRules {
  std::int64_t project = 0;  ///< 0: of every project
  std::string trigger = {};
  boost::json::array conditions = {};
  boost::json::array actions = {};
};
/// The rules in the body as they are stored. Throws Error::invalid naming the element: also for actions that
/// stay, when they do not go with a new trigger. Tags, milestones and users that the automation named already
/// may be gone: they are left out when it runs.
std::vector<rest::Assignment> checked_rules(Call& call, const rest::Body& body, const StoredRules& stored);

}  // namespace overture::api
