// Opportunities: their table, lists, one by id, and the move to another milestone.
#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/opportunity_fields.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/opportunity.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Alias kAliases[] = {{"tag_name", "tags.tag.name"}};

constexpr rest::Join kJoins[] = {
    {"p", OVERTURE_PROJECT_JOIN},
    {"c", "JOIN campaigns c ON c.account_id = o.account_id AND c.id = o.campaign_id"},
    {"m", "LEFT JOIN milestones m ON m.account_id = o.account_id AND m.id = o.milestone_id"},
    {"d", "LEFT JOIN domains d ON d.account_id = o.account_id AND d.id = o.domain_id"},
};

constexpr rest::Input kUpdateInputs[] = {
    {.key = "milestone", .type = Type::integer, .doc = "id of a milestone"}};

std::vector<Shape> shapes() {
  return {{.path = "workflow_status", .allowed = workflow_statuses()},
          {.path = "stage_status", .allowed = stage_statuses()},
          {.path = "campaign.status", .allowed = kLifeStatuses},
          {.path = "project.status", .allowed = kLifeStatuses},
          {.path = "tags.tag.type", .allowed = kTagTypes},
          {.path = "tags.type", .allowed = kTagTypes},
          {.path = "link_monitoring_urls", .format = "uri"}};
}

bool asks_for_group(const Call& call, std::string_view name) {
  for (const std::string& group : call.query.list("group")) {
    if (group == name) return true;
  }
  return false;
}

std::string list_opportunities(Call& call) {
  bool contacts = false;
  if (const std::string* text = call.query.find("include_contacts")) {
    std::optional<bool> wanted = rest::parse_boolean(*text);
    if (!wanted) throw base::Error::invalid("include_contacts", "must be true or false");
    contacts = *wanted;
  }
  bool fields = asks_for_group(call, "with_fields_and_metrics");
  OpportunityView shape = fields ? (contacts ? kOpportunityFieldsContacts : kOpportunityFields)
                                 : (contacts ? kOpportunityWithContacts : kOpportunityPlain);
  if (!asks_for_group(call, "by_domain")) return list(call, opportunity_view(shape));
  return list(call, opportunity_view(shape), "COALESCE(d.name, '')", "d");
}

std::string get_opportunity(Call& call) {
  return show(call, opportunity_view(kOpportunityWithContacts), call.id(0, kOpportunities.not_found));
}

/// Custom fields that must be filled before the milestone may change.
void require_filled_fields(Call& call, std::int64_t opportunity) {
  std::string missing = call.db().text(db::Sql(
      "SELECT f.label FROM custom_fields f LEFT JOIN custom_field_values v ON v.account_id = f.account_id "
      "AND "
      "v.opportunity_id = ? AND v.field_id = f.id WHERE f.account_id = ? AND "
      "f.is_required_milestone_change = 1 AND (v.value IS NULL OR v.value = '') ORDER BY f.id LIMIT 1",
      opportunity, call.scope().account));
  if (!missing.empty()) {
    throw base::Error::invalid("milestone", "cannot change before the field \"" + missing + "\" is filled");
  }
}

std::string update_opportunity(Call& call) {
  std::int64_t id = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, id);
  rest::Body body(call.body(), kUpdateInputs);
  if (body.given("milestone")) {
    std::int64_t milestone = require_reference(call, kMilestones, body.integer("milestone"), "milestone");
    require_filled_fields(call, id);
    intake::set_milestone(call.db(), call.scope().account, id, milestone, call.scope().user, call.now);
  }
  return show_written(call, opportunity_view(kOpportunityUpdated), id);
}

}  // namespace

const rest::Resource kOpportunities{
    .name = "Opportunity",
    .not_found = "Opportunity not found",
    .from = "opportunities o",
    .table = "opportunities",
    .joins = kJoins,
    .fields = kOpportunityFieldTable,
    .aliases = kAliases,
    .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS,
    .collaborating = "o.campaign_id IN " OVERTURE_OWN_CAMPAIGNS,
    .version = "o.version",
    .counts_from = "opportunity_counts o",
};

const rest::View& opportunity_view(OpportunityView view) {
  static const rest::View plain(kOpportunities, kOpportunityPlain);
  static const rest::View with_contacts(kOpportunities, kOpportunityWithContacts);
  static const rest::View updated(kOpportunities, kOpportunityUpdated);
  static const rest::View fields(kOpportunities, kOpportunityFields);
  static const rest::View fields_contacts(kOpportunities, kOpportunityFieldsContacts);
  switch (view) {
    case kOpportunityWithContacts:
      return with_contacts;
    case kOpportunityUpdated:
      return updated;
    case kOpportunityFields:
      return fields;
    case kOpportunityFieldsContacts:
      return fields_contacts;
    case kOpportunityPlain:
      break;
  }
  return plain;
}

void add_opportunity_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/opportunities/{id}", Permission::signed_in, Lane::read, get_opportunity)
                       .documented(31, "Opportunities", "Show one opportunity")
                       .answers(opportunity_view(kOpportunityWithContacts), kOpportunityWithContactsName));
  routes.push_back(
      Route(get, "/api/opportunities", Permission::signed_in, Lane::read, list_opportunities)
          .documented(34, "Opportunities", "List opportunities")
          .lists(opportunity_view(kOpportunityPlain))
          .or_answers(opportunity_view(kOpportunityWithContacts), kOpportunityWithContactsName)
          .or_answers(opportunity_view(kOpportunityFields), "OpportunityWithFields")
          .or_answers(opportunity_view(kOpportunityFieldsContacts), "OpportunityWithFieldsAndContacts")
          .shaped(shapes())
          .asks({{.name = "group", .doc = "by_domain, with_fields_and_metrics"},
                 {.name = "include_contacts",
                  .type = Type::boolean,
                  .doc = "show the contacts of each opportunity"},
                 {.name = "tag_name", .doc = "opportunities with a tag of this name"}}));
  routes.push_back(Route(put, "/api/opportunities/{id}", Permission::member, Lane::write, update_opportunity)
                       .documented(41, "Opportunities", "Move an opportunity to a milestone")
                       .answers(opportunity_view(kOpportunityUpdated), "OpportunityUpdated")
                       .takes(kUpdateInputs));
}

}  // namespace overture::api
