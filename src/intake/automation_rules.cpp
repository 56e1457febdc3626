// Rules are checked when they are stored, and read by the same functions when they are run.
#include "intake/automation_rules.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/text_length.hpp"
#include "rules/stage.hpp"

namespace overture::intake {
namespace {

namespace json = boost::json;
using base::Error;

std::string choice(const json::object& object, const std::string& name, std::string_view key,
                   std::span<const std::string_view> allowed) {
  const json::value* value = object.if_contains(key);
  std::string text =
      value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string())) : "";
  if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
    throw Error::invalid(
        name + "." + std::string(key),
        "must be one of " + base::join(std::vector<std::string>(allowed.begin(), allowed.end()), ", "));
  }
  return text;
}

std::int64_t id_of(const json::value* value, const std::string& name) {
  if (value == nullptr || !value->is_int64() || value->get_int64() < 1)
    throw Error::invalid(name, "must be an id");
  return value->get_int64();
}

/// Null when it is not there, or is null itself.
const json::value* find_given(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

/// At most `max` characters; empty when it is not there.
std::string text_of(const json::object& object, const std::string& name, std::string_view key,
                    std::size_t max) {
  const json::value* value = find_given(object, key);
  if (value == nullptr) return {};
  const std::string path = name + "." + std::string(key);
  if (!value->is_string()) throw Error::invalid(path, "must be text");
  std::string text(std::string_view(value->get_string()));
  if (base::has_nul(text)) throw Error::invalid(path, "must not hold a NUL character");
  if (base::count_code_points(text) > max) {
    throw Error::invalid(path, "must not be longer than " + std::to_string(max) + " characters");
  }
  return text;
}

std::string filled_text_of(const json::object& object, const std::string& name, std::string_view key,
                           std::size_t max) {
  std::string text = text_of(object, name, key, max);
  if (base::trim(text).empty()) throw Error::invalid(name + "." + std::string(key), "must not be empty");
  return text;
}

std::optional<std::int64_t> days_of(const json::object& object, const std::string& name) {
  const json::value* value = find_given(object, "due_in_days");
  if (value == nullptr) return std::nullopt;
  if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > kMaxDueInDays) {
    throw Error::invalid(name + ".due_in_days",
                         "must be a number of days from 0 to " + std::to_string(kMaxDueInDays));
  }
  return value->get_int64();
}

const json::object& object_at(const json::array& array, std::size_t i, const std::string& name) {
  if (!array[i].is_object()) throw Error::invalid(name, "must be an object");
  return array[i].get_object();
}

AutomationCondition parse_condition(const json::object& object, const std::string& name) {
  AutomationCondition condition;
  condition.field = choice(object, name, "field", kConditionFields);
  const json::value* is = object.if_contains("is");
  const json::value* is_not = object.if_contains("is_not");
  if ((is == nullptr) == (is_not == nullptr)) throw Error::invalid(name, "must have either is or is_not");
  condition.is = is != nullptr;
  const json::value* value = condition.is ? is : is_not;
  std::string key = name + (condition.is ? ".is" : ".is_not");
  if (condition.field == "tag") {
    condition.id = id_of(value, key);
  } else if (condition.field == "milestone") {
    if (!value->is_null()) condition.id = id_of(value, key);
  } else {
    if (!value->is_string()) throw Error::invalid(key, "must be text");
    condition.text = std::string_view(value->get_string());
    auto stages = rules::all_stages();
    bool known = std::any_of(stages.begin(), stages.end(), [&](const rules::Stage& stage) {
      return condition.text == (condition.field == "workflow_status" ? stage.workflow : stage.status);
    });
    if (!known) throw Error::invalid(key, "is no " + condition.field);
  }
  return condition;
}

AutomationAction parse_action(const json::object& object, const std::string& name) {
  AutomationAction action{.type = choice(object, name, "type", kActionTypes)};
  if (action.type == "set_milestone") {
    action.id = id_of(object.if_contains("milestone"), name + ".milestone");
  } else if (action.type == "add_tag" || action.type == "remove_tag") {
    action.id = id_of(object.if_contains("tag"), name + ".tag");
  } else if (action.type == "add_task") {
    action.text = filled_text_of(object, name, "name", kMaxTaskName);
    action.description = text_of(object, name, "description", kMaxTaskDescription);
    action.due_in_days = days_of(object, name);
    if (const json::value* user = find_given(object, "assigned_to")) {
      action.id = id_of(user, name + ".assigned_to");
    }
  } else if (action.type == "add_note") {
    action.text = filled_text_of(object, name, "content", kMaxNote);
  }
  return action;
}

std::string element(std::string_view array, std::size_t i) {
  return std::string(array) + "[" + std::to_string(i) + "]";
}

void check_count(std::string_view name, const json::array& array, std::size_t max) {
  if (array.size() > max)
    throw Error::invalid(name, "must not have more than " + std::to_string(max) + " elements");
}

}  // namespace

std::vector<AutomationCondition> parse_conditions(const json::array& array) {
  check_count("conditions", array, kMaxConditions);
  std::vector<AutomationCondition> conditions;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const std::string name = element("conditions", i);
    conditions.push_back(parse_condition(object_at(array, i, name), name));
  }
  return conditions;
}

std::vector<AutomationAction> parse_actions(const json::array& array) {
  check_count("actions", array, kMaxActions);
  std::vector<AutomationAction> actions;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const std::string name = element("actions", i);
    actions.push_back(parse_action(object_at(array, i, name), name));
  }
  return actions;
}

bool Automation::launches() const {
  return std::any_of(actions.begin(), actions.end(),
                     [](const AutomationAction& action) { return action.type == "launch"; });
}

void check_actions(std::string_view trigger, std::span<const AutomationAction> actions) {
  if (!is_launching(trigger)) {
    if (actions.empty()) throw Error::invalid("actions", "must hold an action");
    return;
  }
  bool launches = false;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const std::string& type = actions[i].type;
    if (type == "launch") launches = true;
    if (type == "pause" || type == "stop")
      throw Error::invalid(element("actions", i) + ".type", "must not end what has just been launched");
  }
  if (!launches) throw Error::invalid("actions", "must hold {\"type\": \"launch\"}");
}

}  // namespace overture::intake
