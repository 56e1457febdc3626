// What the rules name has to be there, and the caller's to see.
#include "api/automation_rules.hpp"

#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/resources.hpp"
#include "api/tagging.hpp"
#include "base/error.hpp"
#include "intake/tasks.hpp"

namespace overture::api {
namespace {

using base::Error;

/// JSON Schema of an array of objects whose `key` is one of `names`.
std::string schema_of_rules(std::string_view key, std::span<const std::string_view> names,
                            std::string_view rest) {
  std::string allowed;
  for (std::string_view name : names)
    allowed.append(allowed.empty() ? "\"" : ", \"").append(name).append("\"");
  return R"({"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {")" +
         std::string(key) + R"(": {"type": "string", "enum": [)" + allowed + "]}, " + std::string(rest) +
         "}}";
}

void require_tag(Call& call, std::int64_t tag, const std::string& name) {
  require_reference(call, kTags, tag, name);
  require_tag_type(call, tag, "opportunity", name);
}

/// `launches`: the milestone follows a launch.
void require_milestone(Call& call, std::int64_t id, const std::string& name, bool launches) {
  require_reference(call, kMilestones, id, name);
  if (!launches) return;
  bool is_open =
      call.db().exists(db::Sql("SELECT 1 FROM milestones WHERE account_id = ? AND id = ? AND kind = 'open'",
                               call.scope().account, id));
  if (!is_open) throw Error::invalid(name, "must be an open milestone: others stop the outreach");
}

void require_assignee(Call& call, std::int64_t user, std::int64_t project, const std::string& name) {
  if (intake::may_have_tasks(call.db(), call.scope().account, user, project)) return;
  throw Error::invalid(
      name, project == 0 ? "must be an active user" : "must be an active user who sees the project");
}

void check_conditions(Call& call, std::span<const intake::AutomationCondition> conditions) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const intake::AutomationCondition& condition = conditions[i];
    if (condition.id == 0) continue;
    const std::string name = "conditions[" + std::to_string(i) + "]" + (condition.is ? ".is" : ".is_not");
    require_reference(call, condition.field == "tag" ? kTags : kMilestones, condition.id, name);
  }
}

void check_actions(Call& call, std::string_view trigger, std::int64_t project,
                   std::span<const intake::AutomationAction> actions) {
  intake::check_actions(trigger, actions);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const intake::AutomationAction& action = actions[i];
    if (action.id == 0) continue;
    const std::string name = "actions[" + std::to_string(i) + "].";
    if (action.type == "set_milestone") {
      require_milestone(call, action.id, name + "milestone", intake::is_launching(trigger));
    } else if (action.type == "add_task") {
      require_assignee(call, action.id, project, name + "assigned_to");
    } else {
      require_tag(call, action.id, name + "tag");
    }
  }
}

}  // namespace

std::vector<Shape> automation_shapes() {
  static const std::string conditions = schema_of_rules(
      "field", intake::kConditionFields,
      R"("is": {"type": ["integer", "string", "null"]}, "is_not": {"type": ["integer", "string", "null"]}},
         "required": ["field"], "oneOf": [{"required": ["is"]}, {"required": ["is_not"]}])");
  static const std::string actions = schema_of_rules(
      "type", intake::kActionTypes,
      R"("milestone": {"type": "integer"}, "tag": {"type": "integer"}, "name": {"type": "string"},
         "description": {"type": ["string", "null"]}, "due_in_days": {"type": ["integer", "null"]},
         "assigned_to": {"type": ["integer", "null"]}, "content": {"type": "string"}}, "required": ["type"])");
  return {{.path = "conditions", .schema = conditions}, {.path = "actions", .schema = actions}};
}

std::vector<rest::Assignment> checked_rules(Call& call, const rest::Body& body, const StoredRules& stored) {
  std::vector<rest::Assignment> assignments;
  if (body.given("conditions")) {
    check_conditions(call, intake::parse_conditions(body.array("conditions")));
    assignments.push_back({"conditions", boost::json::serialize(body.array("conditions"))});
  }
  const bool is_new = stored.trigger.empty();
  if (!is_new && !body.given("actions") && !body.given("trigger_event")) return assignments;
  const boost::json::array& actions = body.given("actions") ? body.array("actions") : stored.actions;
  check_actions(call, body.given("trigger_event") ? body.text("trigger_event") : stored.trigger,
                stored.project, intake::parse_actions(actions));
  if (body.given("actions")) assignments.push_back({"actions", boost::json::serialize(actions)});
  return assignments;
}

}  // namespace overture::api
