// The inbox: what came in, matched to opportunities where that was possible; people read, archive, snooze and
// match.
#include "api/closed_lists.hpp"
#include "api/communication_refs.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/communications.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Views kMany = 1;
constexpr rest::Views kOne = 2;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "subject", .sql = "o.subject"},
    {.path = "status", .sql = "o.status"},
    {.path = "from_email", .sql = "o.from_email"},
    {.path = "from_name", .sql = "o.from_name"},
    {.path = "to_email", .sql = "o.to_email"},
    {.path = "to_name", .sql = "o.to_name"},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "snooze_until", .type = Type::time, .sql = "o.snooze_until"},
    OVERTURE_EMAIL_ACCOUNT_REF,
    OVERTURE_OPPORTUNITY_REF,
    OVERTURE_PROJECT_REF,
    OVERTURE_HIDDEN_ID("campaign.id", "o.campaign_id"),
    OVERTURE_CONTACT_FIELDS(kOne),
    {.path = "class", .sql = "o.class", .views = kOne},
    {.path = "attempt_number", .type = Type::integer, .sql = "o.attempt_number", .views = kOne},
    {.path = "body_text", .sql = "o.body_text", .views = kOne},
};
constexpr rest::Join kJoins[] = {OVERTURE_COMMUNICATION_JOINS, {"c", OVERTURE_CONTACT_JOIN}};

constexpr rest::Resource kInboundEmails{
    .name = "InboundEmail",
    .not_found = "Inbound email not found",
    .from = "inbound_emails o",
    .table = "inbound_emails",
    .joins = kJoins,
    .fields = kFields,
    .restricted = OVERTURE_RESTRICTED_MAIL,
    .collaborating = "o.campaign_id IN " OVERTURE_OWN_CAMPAIGNS,
};

constexpr std::string_view kClasses[] = {"human", "auto_reply", "bounce", "unsubscribe"};
constexpr Shape kShapes[] = {{.path = "status", .allowed = kInboundStatuses},
                             {.path = "class", .allowed = kClasses}};

const rest::View& view() {
  static const rest::View made(kInboundEmails, kMany);
  return made;
}
const rest::View& one_view() {
  static const rest::View made(kInboundEmails, kOne);
  return made;
}

constexpr std::string_view kStatuses[] = {"read", "archived", "snoozed"};
constexpr rest::Input kInputs[] = {
    {.key = "status", .filled = true, .allowed = kStatuses, .doc = "read, archived or snoozed"},
    {.key = "snooze_until",
     .type = Type::time,
     .doc = "when a snoozed mail comes back; by itself it snoozes"},
    {.key = "opportunity", .type = Type::integer, .doc = "id of the opportunity that this mail belongs to"},
};

std::string list_inbound_emails(Call& call) { return list(call, view()); }
std::string get_inbound_email(Call& call) {
  return show(call, one_view(), call.id(0, kInboundEmails.not_found));
}

/// A mail that belongs nowhere stays among the unmatched until it is matched or put away.
void set_status(Call& call, std::int64_t id, const rest::Body& body) {
  std::string status = body.given("status") ? body.text("status") : std::string("snoozed");
  db::Value until;
  if (status == "snoozed") {
    if (!body.given("snooze_until")) throw base::Error(base::ErrorCode::missing_parameters);
    if (body.integer("snooze_until") <= call.now)
      throw base::Error::invalid("snooze_until", "must be in the future");
    until = body.integer("snooze_until");
  } else if (body.given("snooze_until")) {
    throw base::Error::invalid("snooze_until", "belongs to the status snoozed");
  } else if (status == "read") {
    std::int64_t opportunity =
        call.db().integer(db::Sql("SELECT opportunity_id FROM inbound_emails WHERE account_id = ? AND id = ?",
                                  call.scope().account, id));
    if (opportunity == 0)
      throw base::Error::invalid("status", "read is for mails that belong to an opportunity");
  }
  call.db().execute(
      db::Sql("UPDATE inbound_emails SET status = ?, snooze_until = ? WHERE account_id = ? AND id = ?",
              status, std::move(until), call.scope().account, id));
}

std::string update_inbound_email(Call& call) {
  std::int64_t id = call.id(0, kInboundEmails.not_found);
  require(call, kInboundEmails, id);
  rest::Body body(call.body(), kInputs);
  if (body.given("opportunity")) {
    std::int64_t opportunity =
        require_reference(call, kOpportunities, body.integer("opportunity"), "opportunity");
    intake::match_inbound_email(call.db(), call.scope().account, id, opportunity, call.scope().user,
                                call.now);
  }
  if (body.given("status") || body.given("snooze_until")) set_status(call, id, body);
  return show_written(call, one_view(), id);
}

}  // namespace

void add_inbound_email_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/inbound_emails", Permission::signed_in, Lane::read, list_inbound_emails)
                       .documented(22, "Emails", "List the mails that came in")
                       .lists(view())
                       .shaped(kShapes));
  routes.push_back(
      Route(get, "/api/inbound_emails/{id}", Permission::signed_in, Lane::read, get_inbound_email)
          .about("Emails", "Show one mail that came in, with its text")
          .answers(one_view(), "InboundEmailDetails"));
  routes.push_back(
      Route(put, "/api/inbound_emails/{id}", Permission::member, Lane::write, update_inbound_email)
          .about("Emails", "Read, archive or snooze a mail, or match it to an opportunity")
          .answers(one_view(), "InboundEmailDetails")
          .takes(kInputs));
}

}  // namespace overture::api
