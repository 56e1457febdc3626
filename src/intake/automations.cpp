// Rules are checked when they are stored and read by the same functions when they are run.
#include "intake/automations.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <span>

#include "base/error.hpp"
#include "intake/opportunity.hpp"
#include "intake/references.hpp"
#include "intake/stage.hpp"

namespace overture::intake {
namespace {

namespace json = boost::json;
using base::Error;

std::string choices_of(std::span<const std::string_view> allowed) {
  std::string text;
  for (std::string_view choice : allowed) text.append(text.empty() ? "" : ", ").append(choice);
  return text;
}

std::string choice(const json::object& object, const std::string& name, std::string_view key,
                   std::span<const std::string_view> allowed) {
  const json::value* value = object.if_contains(key);
  std::string text =
      value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string())) : "";
  if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
    throw Error::invalid(name + "." + std::string(key), "must be one of " + choices_of(allowed));
  }
  return text;
}

std::int64_t id_of(const json::value* value, const std::string& name) {
  if (value == nullptr || !value->is_int64() || value->get_int64() < 1)
    throw Error::invalid(name, "must be an id");
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

bool holds(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
           const AutomationCondition& condition) {
  bool found = false;
  if (condition.field == "tag") {
    found = connection.exists(
        db::Sql("SELECT 1 FROM opportunity_tags WHERE account_id = ? AND opportunity_id = ? AND tag_id = ?",
                account, opportunity, condition.id));
  } else {
    db::RowsPtr rows =
        connection.query(db::Sql("SELECT milestone_id, workflow_status, stage_status FROM opportunities "
                                 "WHERE account_id = ? AND id = ?",
                                 account, opportunity));
    if (!rows->next()) return false;
    if (condition.field == "milestone") {
      found = rows->integer(0) == condition.id;
    } else {
      found = rows->text(condition.field == "workflow_status" ? 1 : 2) == condition.text;
    }
  }
  return found == condition.is;
}

bool is_meant(db::Connection& connection, std::int64_t account, const Automation& automation,
              std::int64_t opportunity) {
  db::Sql place("SELECT 1 FROM opportunities WHERE account_id = ? AND id = ?", account, opportunity);
  if (automation.project > 0) place << db::Sql(" AND project_id = ?", automation.project);
  if (automation.campaign > 0) place << db::Sql(" AND campaign_id = ?", automation.campaign);
  if (!connection.exists(place)) return false;
  return std::all_of(automation.conditions.begin(), automation.conditions.end(),
                     [&](const AutomationCondition& condition) {
                       return holds(connection, account, opportunity, condition);
                     });
}

/// What a milestone or tag was removed from in the meantime is left as it is.
void follow_up(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
               const AutomationAction& action, base::Millis now) {
  hold_references(connection, account);
  if (action.type == "set_milestone") {
    bool there = connection.exists(db::Sql(
        "SELECT 1 FROM milestones WHERE account_id = ? AND id = ? AND kind = 'open'", account, action.id));
    if (there) set_milestone(connection, account, opportunity, action.id, {}, now);
  } else if (action.type == "add_tag") {
    std::int64_t added = connection.execute(db::Sql(
        "INSERT INTO opportunity_tags (account_id, opportunity_id, tag_id, tagged_at) "
        "SELECT account_id, ?, id, ? FROM tags WHERE account_id = ? AND id = ? AND type = 'opportunity' "
        "ON CONFLICT (account_id, opportunity_id, tag_id) DO NOTHING",
        opportunity, now, account, action.id));
    if (added > 0) touch_opportunity(connection, account, opportunity, now);
  }
}

/// Of a row that ends with project_id, campaign_id, conditions, actions.
Automation read_automation(const db::Rows& rows, int first) {
  Automation automation;
  automation.project = rows.integer(first);
  automation.campaign = rows.integer(first + 1);
  automation.conditions = parse_conditions(json::parse(rows.text(first + 2)).as_array());
  automation.actions = parse_actions(json::parse(rows.text(first + 3)).as_array());
  return automation;
}

}  // namespace

std::vector<AutomationCondition> parse_conditions(const json::array& array) {
  if (array.size() > kMaxConditions) {
    throw Error::invalid("conditions",
                         "must not have more than " + std::to_string(kMaxConditions) + " elements");
  }
  std::vector<AutomationCondition> conditions;
  for (std::size_t i = 0; i < array.size(); ++i) {
    std::string name = "conditions[" + std::to_string(i) + "]";
    conditions.push_back(parse_condition(object_at(array, i, name), name));
  }
  return conditions;
}

std::vector<AutomationAction> parse_actions(const json::array& array) {
  if (array.size() > kMaxActions) {
    throw Error::invalid("actions", "must not have more than " + std::to_string(kMaxActions) + " elements");
  }
  std::vector<AutomationAction> actions;
  bool launches = false;
  for (std::size_t i = 0; i < array.size(); ++i) {
    std::string name = "actions[" + std::to_string(i) + "]";
    const json::object& object = object_at(array, i, name);
    AutomationAction action{choice(object, name, "type", kActionTypes), 0};
    if (action.type == "launch") {
      launches = true;
    } else {
      std::string_view key = action.type == "add_tag" ? "tag" : "milestone";
      action.id = id_of(object.if_contains(key), name + "." + std::string(key));
    }
    actions.push_back(std::move(action));
  }
  if (!launches) throw Error::invalid("actions", "must hold {\"type\": \"launch\"}");
  return actions;
}

Automation load_automation(db::Connection& connection, std::int64_t account, std::int64_t id) {
  db::RowsPtr rows = connection.query(db::Sql(
      "SELECT project_id, campaign_id, conditions, actions FROM automations WHERE account_id = ? AND id = ?",
      account, id));
  if (!rows->next()) throw Error(base::ErrorCode::not_found, "Automation not found");
  return read_automation(*rows, 0);
}

LaunchResult run_automation(db::Connection& connection, std::int64_t account, const Automation& automation,
                            std::int64_t opportunity, std::optional<std::int64_t> user, base::Millis now) {
  if (!is_meant(connection, account, automation, opportunity)) {
    return {LaunchStatus::skipped, "does not meet the conditions of the automation"};
  }
  LaunchResult result = launch(connection, account, opportunity, user, now);
  if (result.status != LaunchStatus::queued && result.status != LaunchStatus::review) return result;
  for (const AutomationAction& action : automation.actions) {
    follow_up(connection, account, opportunity, action, now);
  }
  return result;
}

void run_automations_when_ready(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                                base::Millis now) {
  std::vector<Automation> automations;
  {
    db::RowsPtr rows = connection.query(db::Sql(
        "SELECT project_id, campaign_id, conditions, actions FROM automations WHERE account_id = ? AND "
        "trigger_event = 'ready' AND is_active = 1 ORDER BY id",
        account));
    while (rows->next()) automations.push_back(read_automation(*rows, 0));
  }
  for (const Automation& automation : automations) {
    LaunchStatus status = run_automation(connection, account, automation, opportunity, {}, now).status;
    if (status == LaunchStatus::queued || status == LaunchStatus::review) return;
  }
}

}  // namespace overture::intake
