// What the rules name has to be there, and the caller's to see.
#include "api/automation_rules.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <initializer_list>

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

bool has_text(const boost::json::object& object, std::string_view key, std::string_view text) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() && std::string_view(value->get_string()) == text;
}

bool has_id(const boost::json::object& object, std::string_view key, std::int64_t id) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_int64() && value->get_int64() == id;
}

/// Whether one of the stored rules has `kind` under `kind_key` and the id under one of `id_keys`. They are
/// read as they are: rules that cannot be run any more must not keep better ones from being stored.
bool stood_there(const boost::json::array& stored, std::string_view kind_key, std::string_view kind,
                 std::initializer_list<std::string_view> id_keys, std::int64_t id) {
  return std::any_of(stored.begin(), stored.end(), [&](const boost::json::value& rule) {
    if (!rule.is_object() || !has_text(rule.get_object(), kind_key, kind)) return false;
    return std::any_of(id_keys.begin(), id_keys.end(),
                       [&](std::string_view key) { return has_id(rule.get_object(), key, id); });
  });
}

/// Refused, unless `may_be_gone`; returns whether it is there.
bool require_unless_gone(Call& call, const rest::Resource& resource, std::int64_t id, const std::string& name,
                         bool may_be_gone) {
  if (may_be_gone && !can_see(call, resource, id)) return false;
  require_reference(call, resource, id, name);
  return true;
}

void require_tag(Call& call, std::int64_t tag, const std::string& name, bool may_be_gone) {
  if (!require_unless_gone(call, kTags, tag, name, may_be_gone)) return;
  require_tag_type(call, tag, "opportunity", name);
}

/// `launches`: the milestone follows a launch.
void require_milestone(Call& call, std::int64_t id, const std::string& name, bool may_be_gone,
                       bool launches) {
  if (!require_unless_gone(call, kMilestones, id, name, may_be_gone)) return;
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

void check_conditions(Call& call, std::span<const intake::AutomationCondition> conditions,
                      const boost::json::array& stored) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const intake::AutomationCondition& condition = conditions[i];
    if (condition.id == 0) continue;
    const std::string name = "conditions[" + std::to_string(i) + "]" + (condition.is ? ".is" : ".is_not");
    const bool stood = stood_there(stored, "field", condition.field, {"is", "is_not"}, condition.id);
    require_unless_gone(call, condition.field == "tag" ? kTags : kMilestones, condition.id, name, stood);
  }
}

void check_actions(Call& call, std::string_view trigger, const StoredRules& stored,
                   std::span<const intake::AutomationAction> actions) {
  intake::check_actions(trigger, actions);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const intake::AutomationAction& action = actions[i];
    if (action.id == 0) continue;
    const std::string name = "actions[" + std::to_string(i) + "].";
    const std::string_view key = action.type == "set_milestone" ? "milestone"
                                 : action.type == "add_task"    ? "assigned_to"
                                                                : "tag";
    const bool stood = stood_there(stored.actions, "type", action.type, {key}, action.id);
    if (action.type == "set_milestone") {
      require_milestone(call, action.id, name + "milestone", stood, intake::is_launching(trigger));
    } else if (action.type == "add_task") {
      if (!stood) require_assignee(call, action.id, stored.project, name + "assigned_to");
    } else {
      require_tag(call, action.id, name + "tag", stood);
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
    check_conditions(call, intake::parse_conditions(body.array("conditions")), stored.conditions);
    assignments.push_back({"conditions", boost::json::serialize(body.array("conditions"))});
  }
  const bool is_new = stored.trigger.empty();
  if (!is_new && !body.given("actions") && !body.given("trigger_event")) return assignments;
  const boost::json::array& actions = body.given("actions") ? body.array("actions") : stored.actions;
  check_actions(call, body.given("trigger_event") ? body.text("trigger_event") : stored.trigger, stored,
                intake::parse_actions(actions));
  if (body.given("actions")) assignments.push_back({"actions", boost::json::serialize(actions)});
  return assignments;
}

}  // namespace overture::api
