// Personalization fields of account, project and campaign, and their values on opportunities.
#include "api/field_values.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "api/stage_rights.hpp"
#include "base/error.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr std::string_view kTypes[] = {"text", "textarea", "url"};

constexpr rest::Input kLabel{.key = "label", .max = 100};
constexpr rest::Input kDescription{.key = "description", .clearable = true, .max = 1000};
constexpr rest::Input kType{.key = "type", .allowed = kTypes};
constexpr rest::Input kRequired{.key = "required", .type = Type::boolean};

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "token",
     .sql = "o.token",
     .lowered = true,
     .column = "token",
     .create = {.key = "token", .required = true, .max = 64, .normalise = normalise_token}},
    {.path = "label", .sql = "o.label", .column = "label", .create = kLabel, .update = kLabel},
    {.path = "description",
     .sql = "o.description",
     .column = "description",
     .create = kDescription,
     .update = kDescription},
    {.path = "type", .sql = "o.type", .column = "type", .create = kType, .update = kType},
    {.path = "required",
     .type = Type::boolean,
     .sql = "o.required",
     .column = "required",
     .create = kRequired,
     .update = kRequired},
    {.path = "is_system", .type = Type::boolean, .sql = "o.is_system", .fixed = true},
    {.path = "campaign.id",
     .type = Type::integer,
     .sql = "c.id",
     .join = "c",
     .nullable_object = true,
     .only_in_search = true},
    {.path = "campaign.name", .sql = "c.name", .join = "c"},
    {.path = "campaign.status", .sql = "c.status", .join = "c"},
    {.path = "project.id",
     .type = Type::integer,
     .sql = "NULLIF(o.project_id, 0)",
     .views = rest::kNoView,
     .only_in_search = true},
};
constexpr rest::Join kJoins[] = {
    {"c", "LEFT JOIN campaigns c ON c.account_id = o.account_id AND c.id = o.campaign_id"}};

/// Where a new field belongs.
constexpr rest::Input kPlaces[] = {
    {.key = "project", .type = Type::integer, .doc = "for this project only"},
    {.key = "campaign", .type = Type::integer, .doc = "for this campaign only"}};

constexpr Field kValueFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "personalization_field.id", .type = Type::integer, .sql = "o.field_id", .fixed = true},
    {.path = "personalization_field.token", .sql = "f.token", .join = "f"},
    {.path = "value", .sql = "o.value"},
};
constexpr rest::Join kValueJoins[] = {
    {"f", "JOIN personalization_fields f ON f.account_id = o.account_id AND f.id = o.field_id"}};
constexpr rest::Resource kValues{.name = "PersonalizationFieldValue",
                                 .not_found = "Personalization field value not found",
                                 .from = "personalization_values o",
                                 .table = "personalization_values",
                                 .joins = kValueJoins,
                                 .fields = kValueFields};

constexpr rest::Input kValueInputs[] = {
    {.key = "personalization_field", .type = Type::integer, .required = true},
    {.key = "value", .max = 50'000, .doc = "null empties it"}};

const rest::View& view() {
  static const rest::View made(kPersonalizationFields, rest::kEveryView);
  return made;
}
const rest::View& value_view() {
  static const rest::View made(kValues, rest::kEveryView);
  return made;
}

std::vector<rest::Input> create_inputs() {
  std::vector<rest::Input> inputs = rest::inputs_of(kPersonalizationFields, true);
  inputs.insert(inputs.end(), std::begin(kPlaces), std::end(kPlaces));
  return inputs;
}

std::int64_t number_parameter(const Call& call, std::string_view name) {
  const std::string* text = call.query.find(name);
  if (text == nullptr) return 0;
  std::optional<std::int64_t> number = rest::parse_integer(*text);
  if (!number) throw Error::invalid(name, "must be a number");
  return *number;
}

/// Fields of the account, of the project, and of its campaigns (or the one that is named).
std::string list_fields(Call& call) {
  if (call.query.find("project.id") == nullptr) throw Error(ErrorCode::missing_parameters);
  std::int64_t project = number_parameter(call, "project.id");
  std::int64_t campaign = number_parameter(call, "campaign.id");
  db::Sql place("(o.project_id = 0 OR (o.project_id = ? AND o.campaign_id = 0)", project);
  if (campaign > 0) {
    place << db::Sql(" OR (o.project_id = ? AND o.campaign_id = ?))", project, campaign);
  } else {
    place << db::Sql(" OR o.project_id = ?)", project);
  }
  if (!can_see(call, kProjects, project)) place = db::Sql("1 = 0");
  return list(call, view(), place);
}

std::string list_values(Call& call) { return list_of_opportunity(call, value_view()); }

std::string create_field(Call& call) {
  rest::Body body(call.body(), create_inputs());
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
  bool taken = call.db().exists(
      db::Sql("SELECT 1 FROM personalization_fields WHERE account_id = ? AND project_id IN (0, ?) AND "
              "campaign_id IN (0, ?) AND token = ?",
              call.scope().account, project, campaign, body.text("token")));
  if (taken) throw Error(ErrorCode::conflict, "There is a personalization field with this token already");
  std::vector<rest::Assignment> more{{"project_id", project}, {"campaign_id", campaign}};
  if (!body.given("label")) more.push_back({"label", body.text("token")});
  return show_written(call, view(), insert(call, kPersonalizationFields, body, std::move(more)));
}

/// The id in the path, of a field that may be changed.
std::int64_t own_field(Call& call) {
  std::int64_t id = call.id(0, kPersonalizationFields.not_found);
  require(call, kPersonalizationFields, id);
  bool system = call.db().exists(
      db::Sql("SELECT 1 FROM personalization_fields WHERE account_id = ? AND id = ? AND is_system = 1",
              call.scope().account, id));
  if (system) throw Error(ErrorCode::conflict, "System fields cannot be changed");
  return id;
}

std::string update_field(Call& call) {
  std::int64_t id = own_field(call);
  update(call, kPersonalizationFields, checked_body(call, kPersonalizationFields, false), id);
  return show_written(call, view(), id);
}

std::string delete_field(Call& call) {
  delete_field_everywhere(call, "personalization_fields", "personalization_values", own_field(call));
  return nothing();
}

std::string add_value(Call& call) {
  std::int64_t opportunity = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, opportunity);
  require_personalizing(call, opportunity);
  rest::Body body(call.body(), kValueInputs);
  std::int64_t field = require_reference(call, kPersonalizationFields, body.integer("personalization_field"),
                                         "personalization_field");
  bool fits = call.db().exists(db::Sql(
      "SELECT 1 FROM personalization_fields f JOIN opportunities o ON o.account_id = f.account_id WHERE "
      "f.account_id = ? AND f.id = ? AND o.id = ? AND f.project_id IN (0, o.project_id) AND "
      "f.campaign_id IN (0, o.campaign_id)",
      call.scope().account, field, opportunity));
  if (!fits) throw Error::invalid("personalization_field", "is a field of another project or campaign");
  std::int64_t id = write_field_value(call, "personalization_values", opportunity, field, body.text("value"));
  return show_written(call, value_view(), id);
}

}  // namespace

const rest::Resource kPersonalizationFields{
    .name = "PersonalizationField",
    .not_found = "Personalization field not found",
    .from = "personalization_fields o",
    .table = "personalization_fields",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "(o.project_id = 0 OR o.project_id IN " OVERTURE_GRANTED_PROJECTS ")",
    .collaborating = "(o.campaign_id = 0 OR o.campaign_id IN " OVERTURE_OWN_CAMPAIGNS ")",
};

void add_personalization_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view values = "/api/opportunities/{opportunity}/personalization";
  routes.push_back(Route(post, values, Permission::personalize, Lane::write, add_value)
                       .documented(29, "Opportunities", "Fill a personalization field of an opportunity")
                       .answers(value_view())
                       .takes(kValueInputs));
  routes.push_back(
      Route(get, values, Permission::signed_in, Lane::read, list_values)
          .documented(38, "Opportunities", "List the personalization field values of an opportunity")
          .lists(value_view()));
  routes.push_back(Route(get, "/api/personalization", Permission::signed_in, Lane::read, list_fields)
                       .documented(39, "Opportunities", "List the personalization fields of a project")
                       .lists(view())
                       .asks({{.name = "project.id", .type = Type::integer, .required = true},
                              {.name = "campaign.id", .type = Type::integer}}));
  routes.push_back(Route(post, "/api/personalization", Permission::member, Lane::write, create_field)
                       .about("Opportunities", "Create a personalization field")
                       .answers(view())
                       .takes(create_inputs()));
  routes.push_back(Route(put, "/api/personalization/{id}", Permission::member, Lane::write, update_field)
                       .about("Opportunities", "Change a personalization field")
                       .answers(view())
                       .takes(rest::inputs_of(kPersonalizationFields, false)));
  routes.push_back(Route(delete_, "/api/personalization/{id}", Permission::member, Lane::write, delete_field)
                       .about("Opportunities", "Delete a personalization field with its values"));
}

}  // namespace overture::api
