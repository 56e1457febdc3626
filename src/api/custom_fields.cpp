// Custom fields of the account and their values on opportunities.
#include "api/field_values.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "api/stage_rights.hpp"
#include "base/error.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr std::string_view kTypes[] = {"text",     "textarea",    "number",   "currency", "date",
                                       "dropdown", "multiselect", "checkbox", "url",      "user"};

constexpr rest::Input kName{.key = "name", .required = true, .max = 100};
constexpr rest::Input kNewName{.key = "name", .filled = true, .max = 100};
constexpr rest::Input kLabel{.key = "label", .max = 100, .doc = "the name where it is left out"};
constexpr rest::Input kDescription{.key = "description", .clearable = true, .max = 1000};
constexpr rest::Input kGroup{.key = "group_name", .clearable = true, .max = 100};
constexpr rest::Input kToken{.key = "token", .required = true, .max = 64, .normalise = normalise_token};
constexpr rest::Input kType{.key = "type", .allowed = kTypes};
constexpr rest::Input kCurrency{.key = "currency", .clearable = true, .max = 3};
constexpr rest::Input kChoices{.key = "choices", .type = Type::strings, .max = 500};
constexpr rest::Input flag(std::string_view key) { return {.key = key, .type = Type::boolean}; }

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name", .sql = "o.name", .column = "name", .create = kName, .update = kNewName},
    {.path = "label", .sql = "o.label", .column = "label", .create = kLabel, .update = kLabel},
    {.path = "description",
     .sql = "o.description",
     .column = "description",
     .create = kDescription,
     .update = kDescription},
    {.path = "group_name", .sql = "o.group_name", .column = "group_name", .create = kGroup, .update = kGroup},
    {.path = "token", .sql = "o.token", .lowered = true, .column = "token", .create = kToken},
    {.path = "token_with_prefix", .sql = "'cf.' || o.token", .lowered = true},
    {.path = "type", .sql = "o.type", .column = "type", .create = kType, .update = kType},
    {.path = "type_icon", .sql = "o.type"},
    {.path = "currency", .sql = "o.currency", .column = "currency", .create = kCurrency, .update = kCurrency},
    {.path = "choices",
     .type = Type::strings,
     .sql = "o.choices",
     .column = "choices",
     .create = kChoices,
     .update = kChoices},
    {.path = "is_required_milestone_change",
     .type = Type::boolean,
     .sql = "o.is_required_milestone_change",
     .column = "is_required_milestone_change",
     .create = flag("is_required_milestone_change"),
     .update = flag("is_required_milestone_change")},
    {.path = "is_required_opp_details",
     .type = Type::boolean,
     .sql = "o.is_required_opp_details",
     .column = "is_required_opp_details",
     .create = flag("is_required_opp_details"),
     .update = flag("is_required_opp_details")},
    {.path = "is_required_personalization",
     .type = Type::boolean,
     .sql = "o.is_required_personalization",
     .column = "is_required_personalization",
     .create = flag("is_required_personalization"),
     .update = flag("is_required_personalization")},
    {.path = "opportunity_usage",
     .type = Type::boolean,
     .sql = "o.opportunity_usage",
     .column = "opportunity_usage",
     .create = flag("opportunity_usage"),
     .update = flag("opportunity_usage")},
};

constexpr Shape kShapes[] = {{.path = "type_icon", .allowed = kTypes}};

constexpr Field kValueFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "custom_field.id", .type = Type::integer, .sql = "o.field_id", .fixed = true},
    {.path = "custom_field.name", .sql = "f.name", .join = "f"},
    {.path = "custom_field.token", .sql = "f.token", .join = "f"},
    {.path = "value", .sql = "o.value"},
};
constexpr rest::Join kValueJoins[] = {
    {"f", "JOIN custom_fields f ON f.account_id = o.account_id AND f.id = o.field_id"}};
constexpr rest::Resource kValues{.name = "CustomFieldValue",
                                 .not_found = "Custom field value not found",
                                 .from = "custom_field_values o",
                                 .table = "custom_field_values",
                                 .joins = kValueJoins,
                                 .fields = kValueFields};

constexpr rest::Input kValueInputs[] = {{.key = "custom_field", .type = Type::integer, .required = true},
                                        {.key = "value", .max = 50'000, .doc = "null empties it"}};

const rest::View& view() {
  static const rest::View made(kCustomFields, rest::kEveryView);
  return made;
}
const rest::View& value_view() {
  static const rest::View made(kValues, rest::kEveryView);
  return made;
}

std::string list_fields(Call& call) { return list(call, view()); }
std::string list_values(Call& call) { return list_of_opportunity(call, value_view()); }

std::string create_field(Call& call) {
  rest::Body body = checked_body(call, kCustomFields, true);
  bool taken = call.db().exists(db::Sql("SELECT 1 FROM custom_fields WHERE account_id = ? AND token = ?",
                                        call.scope().account, body.text("token")));
  if (taken) throw base::Error(base::ErrorCode::conflict, "There is a custom field with this token already");
  std::vector<rest::Assignment> more;
  if (!body.given("label")) more.push_back({"label", body.text("name")});
  return show_written(call, view(), insert(call, kCustomFields, body, std::move(more)));
}

std::string update_field(Call& call) {
  std::int64_t id = call.id(0, kCustomFields.not_found);
  require(call, kCustomFields, id);
  update(call, kCustomFields, checked_body(call, kCustomFields, false), id);
  return show_written(call, view(), id);
}

std::string delete_field(Call& call) {
  std::int64_t id = call.id(0, kCustomFields.not_found);
  require(call, kCustomFields, id);
  delete_field_everywhere(call, "custom_fields", "custom_field_values", id);
  return nothing();
}

std::string add_value(Call& call) {
  std::int64_t opportunity = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, opportunity);
  require_personalizing(call, opportunity);
  rest::Body body(call.body(), kValueInputs);
  std::int64_t field = require_reference(call, kCustomFields, body.integer("custom_field"), "custom_field");
  std::int64_t id = write_field_value(call, "custom_field_values", opportunity, field, body.text("value"));
  return show_written(call, value_view(), id);
}

}  // namespace

const rest::Resource kCustomFields{.name = "CustomField",
                                   .not_found = "Custom field not found",
                                   .from = "custom_fields o",
                                   .table = "custom_fields",
                                   .fields = kFields};

void add_custom_field_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view values = "/api/opportunities/{opportunity}/custom_fields";
  routes.push_back(Route(post, values, Permission::personalize, Lane::write, add_value)
                       .documented(27, "Opportunities", "Fill a custom field of an opportunity")
                       .answers(value_view())
                       .takes(kValueInputs));
  routes.push_back(Route(get, "/api/custom_fields", Permission::signed_in, Lane::read, list_fields)
                       .documented(33, "Opportunities", "List the account's custom fields")
                       .lists(view())
                       .shaped(kShapes));
  routes.push_back(Route(get, values, Permission::signed_in, Lane::read, list_values)
                       .documented(35, "Opportunities", "List the custom field values of an opportunity")
                       .lists(value_view()));
  routes.push_back(Route(post, "/api/custom_fields", Permission::admin, Lane::write, create_field)
                       .about("Opportunities", "Create a custom field")
                       .answers(view())
                       .takes(rest::inputs_of(kCustomFields, true)));
  routes.push_back(Route(put, "/api/custom_fields/{id}", Permission::admin, Lane::write, update_field)
                       .about("Opportunities", "Change a custom field")
                       .answers(view())
                       .takes(rest::inputs_of(kCustomFields, false)));
  routes.push_back(Route(delete_, "/api/custom_fields/{id}", Permission::admin, Lane::write, delete_field)
                       .about("Opportunities", "Delete a custom field with its values"));
}

}  // namespace overture::api
