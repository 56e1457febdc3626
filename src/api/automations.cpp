// Automations: stored rules. automation_launch.cpp calls them.
#include <boost/json/parse.hpp>

#include "api/automation_rules.hpp"
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

constexpr rest::Input kPlaces[] = {
    {.key = "project", .type = Type::integer, .doc = "for this project only; without it for all (admins)"},
    {.key = "campaign", .type = Type::integer, .doc = "for this campaign only"}};

const rest::View& view() {
  static const rest::View made(kAutomations, rest::kEveryView);
  return made;
}

std::vector<rest::Input> inputs(bool creating) {
  std::vector<rest::Input> all = rest::inputs_of(kAutomations, creating);
  all.insert(all.end(), std::begin(kAutomationInputs), std::end(kAutomationInputs));
  if (creating) all.insert(all.end(), std::begin(kPlaces), std::end(kPlaces));
  return all;
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
  std::vector<rest::Assignment> more = checked_rules(call, body, {.project = project});
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

StoredRules load_rules(Call& call, std::int64_t id) {
  db::RowsPtr rows = call.db().query(
      db::Sql("SELECT project_id, trigger_event, conditions, actions FROM automations WHERE account_id = ? "
              "AND id = ?",
              call.scope().account, id));
  rows->next();
  return {rows->integer(0), std::string(rows->text(1)), boost::json::parse(rows->text(2)).as_array(),
          boost::json::parse(rows->text(3)).as_array()};
}

std::string update_automation(Call& call) {
  std::int64_t id = own_automation(call);
  rest::Body body(call.body(), inputs(false));
  update(call, kAutomations, body, id, checked_rules(call, body, load_rules(call, id)));
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
                       .shaped(automation_shapes()));
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
