// Automations: stored rules. automation_launch.cpp calls them.
#include "intake/automations.hpp"

#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr std::string_view kConditionsDoc =
    "all have to hold: {\"field\", \"is\"} or {\"field\", \"is_not\"}; field: milestone (id or null), tag "
    "(id), "
    "workflow_status, stage_status";
constexpr std::string_view kActionsDoc =
    "{\"type\": \"launch\"} has to be there; {\"type\": \"set_milestone\", \"milestone\": id of an open one} "
    "and "
    "{\"type\": \"add_tag\", \"tag\": id} follow for what was launched";
constexpr std::string_view kTriggerDoc =
    "launch_call: when it is called; ready: also by itself, when an opportunity has all data";

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name",
     .sql = "o.name",
     .column = "name",
     .create = {.key = "name", .required = true, .max = 100},
     .update = {.key = "name", .filled = true, .max = 100}},
    {.path = "description",
     .sql = "o.description",
     .column = "description",
     .create = {.key = "description", .max = 1000, .doc = "what it is for"},
     .update = {.key = "description", .clearable = true, .max = 1000, .doc = "what it is for"}},
    {.path = "project.id",
     .type = Type::integer,
     .sql = "p.id",
     .join = "p",
     .nullable_object = true,
     .fixed = true},
    {.path = "project.name", .sql = "p.name", .join = "p"},
    {.path = "campaign.id",
     .type = Type::integer,
     .sql = "c.id",
     .join = "c",
     .nullable_object = true,
     .fixed = true},
    {.path = "campaign.name", .sql = "c.name", .join = "c"},
    {.path = "trigger_event",
     .sql = "o.trigger_event",
     .column = "trigger_event",
     .create =
         {.key = "trigger_event", .required = true, .allowed = intake::kTriggerEvents, .doc = kTriggerDoc},
     .update = {.key = "trigger_event", .allowed = intake::kTriggerEvents, .doc = kTriggerDoc}},
    {.path = "conditions", .type = Type::array, .sql = "o.conditions", .doc = kConditionsDoc},
    {.path = "actions", .type = Type::array, .sql = "o.actions", .doc = kActionsDoc},
    {.path = "is_active",
     .type = Type::boolean,
     .sql = "o.is_active",
     .column = "is_active",
     .create = {.key = "is_active", .type = Type::boolean},
     .update = {.key = "is_active", .type = Type::boolean}},
    OVERTURE_USER_REF("created_by", "u"),
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Join kJoins[] = {
    {"p", "LEFT JOIN projects p ON p.account_id = o.account_id AND p.id = o.project_id"},
    {"c", "LEFT JOIN campaigns c ON c.account_id = o.account_id AND c.id = o.campaign_id"},
    {"u", OVERTURE_USER_JOIN("u", "o.created_by")},
};

constexpr rest::Input kRules[] = {
    {.key = "conditions", .type = Type::array, .max = intake::kMaxConditions, .doc = kConditionsDoc},
    {.key = "actions", .type = Type::array, .max = intake::kMaxActions, .doc = kActionsDoc}};
constexpr rest::Input kPlaces[] = {
    {.key = "project", .type = Type::integer, .doc = "for this project only; without it for all (admins)"},
    {.key = "campaign", .type = Type::integer, .doc = "for this campaign only"}};

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

/// The rules of intake::parse_conditions and parse_actions.
std::vector<Shape> shapes() {
  static const std::string conditions = schema_of_rules(
      "field", intake::kConditionFields,
      R"("is": {"type": ["integer", "string", "null"]}, "is_not": {"type": ["integer", "string", "null"]}},
         "required": ["field"], "oneOf": [{"required": ["is"]}, {"required": ["is_not"]}])");
  static const std::string actions = schema_of_rules(
      "type", intake::kActionTypes,
      R"("milestone": {"type": "integer"}, "tag": {"type": "integer"}}, "required": ["type"])");
  return {{.path = "conditions", .schema = conditions}, {.path = "actions", .schema = actions}};
}

const rest::View& view() {
  static const rest::View made(kAutomations, rest::kEveryView);
  return made;
}

std::vector<rest::Input> inputs(bool creating) {
  std::vector<rest::Input> all = rest::inputs_of(kAutomations, creating);
  all.insert(all.end(), std::begin(kRules), std::end(kRules));
  if (creating) all.insert(all.end(), std::begin(kPlaces), std::end(kPlaces));
  return all;
}

void require_milestone(Call& call, std::int64_t id, const std::string& name, bool open) {
  require_reference(call, kMilestones, id, name);
  if (!open) return;
  bool is_open =
      call.db().exists(db::Sql("SELECT 1 FROM milestones WHERE account_id = ? AND id = ? AND kind = 'open'",
                               call.scope().account, id));
  if (!is_open) throw Error::invalid(name, "must be an open milestone: others stop the outreach");
}

/// Checked conditions and actions as they are stored.
std::vector<rest::Assignment> rules_of(Call& call, const rest::Body& body, bool creating) {
  std::vector<rest::Assignment> assignments;
  if (body.given("conditions")) {
    auto conditions = intake::parse_conditions(body.array("conditions"));
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      std::string name = "conditions[" + std::to_string(i) + "]" + (conditions[i].is ? ".is" : ".is_not");
      if (conditions[i].field == "tag") require_reference(call, kTags, conditions[i].id, name);
      if (conditions[i].field == "milestone" && conditions[i].id > 0) {
        require_milestone(call, conditions[i].id, name, false);
      }
    }
    assignments.push_back({"conditions", boost::json::serialize(body.array("conditions"))});
  }
  if (body.given("actions") || creating) {
    static const boost::json::array none;
    const boost::json::array& array = body.given("actions") ? body.array("actions") : none;
    auto actions = intake::parse_actions(array);
    for (std::size_t i = 0; i < actions.size(); ++i) {
      std::string name = "actions[" + std::to_string(i) + "]";
      if (actions[i].type == "add_tag") {
        require_reference(call, kTags, actions[i].id, name + ".tag");
        bool fits =
            call.db().exists(db::Sql("SELECT 1 FROM tags WHERE account_id = ? AND id = ? AND "
                                     "type = 'opportunity'",
                                     call.scope().account, actions[i].id));
        if (!fits) throw Error::invalid(name + ".tag", "must be a tag of type opportunity");
      }
      if (actions[i].type == "set_milestone")
        require_milestone(call, actions[i].id, name + ".milestone", true);
    }
    assignments.push_back({"actions", boost::json::serialize(array)});
  }
  return assignments;
}

std::string list_automations(Call& call) { return list(call, view()); }

std::string create_automation(Call& call) {
  rest::Body body(call.body(), inputs(true));
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  if (body.given("project")) project = require_reference(call, kProjects, body.integer("project"), "project");
  if (body.given("campaign")) {
    campaign = require_reference(call, kCampaigns, body.integer("campaign"), "campaign");
    std::int64_t owner = call.db().integer(db::Sql(
        "SELECT project_id FROM campaigns WHERE account_id = ? AND id = ?", call.scope().account, campaign));
    if (project > 0 && project != owner) throw Error::invalid("campaign", "belongs to another project");
    project = owner;
  }
  if (project == 0 && call.scope().restricted) {
    throw Error::invalid("project", "is needed: only admins make automations for all projects");
  }
  std::vector<rest::Assignment> more = rules_of(call, body, true);
  more.push_back({"project_id", project});
  more.push_back({"campaign_id", campaign});
  more.push_back({"created_by", call.scope().user});
  return show_written(call, view(), insert(call, kAutomations, body, std::move(more)));
}

/// The id in the path, of an automation that the caller may change.
std::int64_t own_automation(Call& call) {
  std::int64_t id = call.id(0, kAutomations.not_found);
  require(call, kAutomations, id);
  bool everywhere =
      call.db().exists(db::Sql("SELECT 1 FROM automations WHERE account_id = ? AND id = ? AND project_id = 0",
                               call.scope().account, id));
  if (everywhere && call.scope().restricted) throw Error(ErrorCode::access_denied);
  return id;
}

std::string update_automation(Call& call) {
  std::int64_t id = own_automation(call);
  rest::Body body(call.body(), inputs(false));
  update(call, kAutomations, body, id, rules_of(call, body, false));
  return show_written(call, view(), id);
}

std::string delete_automation(Call& call) {
  std::int64_t id = own_automation(call);
  call.db().execute(
      db::Sql("DELETE FROM automations WHERE account_id = ? AND id = ?", call.scope().account, id));
  return nothing();
}

}  // namespace

const rest::Resource kAutomations{
    .name = "Automation",
    .not_found = "Automation not found",
    .from = "automations o",
    .table = "automations",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "(o.project_id = 0 OR o.project_id IN " OVERTURE_GRANTED_PROJECTS ")"};

void add_automation_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/automations", Permission::member, Lane::read, list_automations)
                       .about("Automations", "List automations")
                       .lists(view())
                       .shaped(shapes()));
  routes.push_back(Route(post, "/api/automations", Permission::member, Lane::write, create_automation)
                       .about("Automations", "Create an automation")
                       .answers(view())
                       .takes(inputs(true))
                       .needs_one_of({"actions"}));
  routes.push_back(Route(put, "/api/automations/{id}", Permission::member, Lane::write, update_automation)
                       .about("Automations", "Change an automation")
                       .answers(view())
                       .takes(inputs(false)));
  routes.push_back(Route(delete_, "/api/automations/{id}", Permission::member, Lane::write, delete_automation)
                       .about("Automations", "Delete an automation"));
}

}  // namespace overture::api
