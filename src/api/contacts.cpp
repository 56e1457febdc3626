// The address book: contacts of the account, as far as the caller's projects know them.
#include "api/crud.hpp"
#include "api/readiness.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "intake/opportunity.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

#define GRANTED_OPPORTUNITY                                                                             \
  "EXISTS (SELECT 1 FROM project_access pa JOIN opportunities go ON go.account_id = pa.account_id AND " \
  "go.project_id = pa.project_id WHERE pa.account_id = ? AND pa.user_id = ? AND go.id = "

#define OWN_OPPORTUNITY                                                                                     \
  "EXISTS (SELECT 1 FROM campaign_collaborators cc JOIN opportunities oo ON oo.account_id = cc.account_id " \
  "AND oo.campaign_id = cc.campaign_id WHERE cc.account_id = ? AND cc.user_id = ? AND oo.id = "

constexpr Field kLinkId[] = {{.path = "", .type = Type::integer, .sql = "x.opportunity_id"}};
constexpr rest::Child kOpportunityIds{.from = "opportunity_contacts x",
                                      .parent = "x.contact_id",
                                      .order = "x.opportunity_id",
                                      .fields = kLinkId,
                                      .scalar = true,
                                      .restricted = GRANTED_OPPORTUNITY "x.opportunity_id)",
                                      .collaborating = OWN_OPPORTUNITY "x.opportunity_id)"};

constexpr Field kOpportunityId[] = {{.path = "id", .type = Type::integer, .sql = "x.opportunity_id"}};
constexpr rest::Child kByOpportunity{.from = "opportunity_contacts x",
                                     .parent = "x.contact_id",
                                     .fields = kOpportunityId,
                                     .restricted = GRANTED_OPPORTUNITY "x.opportunity_id)",
                                     .collaborating = OWN_OPPORTUNITY "x.opportunity_id)"};

#define WITH_OPPORTUNITY \
  "opportunity_contacts x JOIN opportunities y ON y.account_id = x.account_id AND y.id = x.opportunity_id"
constexpr Field kCampaignId[] = {{.path = "id", .type = Type::integer, .sql = "y.campaign_id"}};
constexpr rest::Child kByCampaign{.from = WITH_OPPORTUNITY,
                                  .parent = "x.contact_id",
                                  .fields = kCampaignId,
                                  .restricted = GRANTED_OPPORTUNITY "x.opportunity_id)",
                                  .collaborating = OWN_OPPORTUNITY "x.opportunity_id)"};
constexpr Field kProjectId[] = {{.path = "id", .type = Type::integer, .sql = "y.project_id"}};
constexpr rest::Child kByProject{.from = WITH_OPPORTUNITY,
                                 .parent = "x.contact_id",
                                 .fields = kProjectId,
                                 .restricted = GRANTED_OPPORTUNITY "x.opportunity_id)",
                                 .collaborating = OWN_OPPORTUNITY "x.opportunity_id)"};

constexpr rest::Views kOne = 1;
constexpr rest::Views kMany = 2;

constexpr rest::Input kFirstName{.key = "first_name", .clearable = true};
constexpr rest::Input kLastName{.key = "last_name", .clearable = true};

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "enhancement.age", .sql = "o.age"},
    {.path = "enhancement.location", .sql = "o.location"},
    {.path = "enhancement.organization_name", .sql = "o.organization_name"},
    {.path = "enhancement.organization_title", .sql = "o.organization_title"},
    {.path = "email", .sql = "o.email", .lowered = true},
    {.path = "first_name", .sql = "o.first_name", .column = "first_name", .update = kFirstName},
    {.path = "last_name", .sql = "o.last_name", .column = "last_name", .update = kLastName},
    {.path = "opportunity_ids", .type = Type::rows, .child = &kOpportunityIds},
    {.path = "is_unsubscribed", .type = Type::boolean, .sql = "o.is_unsubscribed"},
    {.path = "unsubscribed_date", .type = Type::time, .sql = "o.unsubscribed_date"},
    {.path = "unsubscribed_by", .type = Type::integer, .sql = "o.unsubscribed_by", .nullable = true},
    {.path = "unsubscribed_via_communication",
     .type = Type::integer,
     .sql = "o.unsubscribed_via_communication",
     .nullable = true},
    {.path = "last_communication_date",
     .type = Type::time,
     .sql = "o.last_communication_date",
     .views = kOne},
    {.path = "campaign", .type = Type::rows, .views = rest::kNoView, .child = &kByCampaign},
    {.path = "opportunity", .type = Type::rows, .views = rest::kNoView, .child = &kByOpportunity},
    {.path = "project", .type = Type::rows, .views = rest::kNoView, .child = &kByProject},
};

const rest::View& one_view() {
  static const rest::View made(kContacts, kOne);
  return made;
}

std::string list_contacts(Call& call) { return list(call, contact_view()); }
std::string get_contact(Call& call) { return show(call, one_view(), call.id(0, kContacts.not_found)); }

std::string update_contact(Call& call) {
  std::int64_t id = call.id(0, kContacts.not_found);
  require(call, kContacts, id);
  rest::Body body = checked_body(call, kContacts, false);
  std::vector<rest::Assignment> assignments = rest::assignments_of(kContacts, body, false);
  if (!assignments.empty()) {
    call.db().execute(rest::make_update(kContacts.table, assignments, call.scope().account, id));
    intake::touch_opportunities_of_contact(call.db(), call.scope().account, id, call.now);
    settle_readiness_of_contact(call, id);
  }
  return show_written(call, contact_view(), id);
}

}  // namespace

const rest::Resource kContacts{
    .name = "Contact",
    .not_found = "Account contact not found",
    .from = "contacts o",
    .table = "contacts",
    .fields = kFields,
    .restricted =
        "EXISTS (SELECT 1 FROM opportunity_contacts gc JOIN opportunities go ON go.account_id = "
        "gc.account_id "
        "AND go.id = gc.opportunity_id JOIN project_access pa ON pa.account_id = go.account_id AND "
        "pa.project_id = go.project_id WHERE pa.account_id = ? AND pa.user_id = ? AND "
        "gc.account_id = o.account_id AND gc.contact_id = o.id)",
    .collaborating =
        "EXISTS (SELECT 1 FROM opportunity_contacts oc JOIN opportunities oo ON "
        "oo.account_id = oc.account_id AND oo.id = oc.opportunity_id JOIN campaign_collaborators cc ON "
        "cc.account_id = oo.account_id AND cc.campaign_id = oo.campaign_id JOIN project_access pa ON "
        "pa.account_id = cc.account_id AND pa.user_id = cc.user_id AND pa.project_id = oo.project_id "
        "WHERE cc.account_id = ? AND cc.user_id = ? AND oc.account_id = o.account_id AND oc.contact_id = "
        "o.id)",
    .counter = "contacts",
};

const rest::View& contact_view() {
  static const rest::View made(kContacts, kMany);
  return made;
}

void add_contact_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/contacts/{id}", Permission::signed_in, Lane::read, get_contact)
                       .documented(3, "Address Book", "Show one contact")
                       .answers(one_view(), "ContactDetails"));
  routes.push_back(Route(get, "/api/contacts", Permission::signed_in, Lane::read, list_contacts)
                       .documented(4, "Address Book", "List contacts")
                       .lists(contact_view()));
  routes.push_back(Route(put, "/api/contacts/{id}", Permission::personalize, Lane::write, update_contact)
                       .documented(5, "Address Book", "Change the names of a contact")
                       .answers(contact_view())
                       .takes(rest::inputs_of(kContacts, false)));
}

}  // namespace overture::api
