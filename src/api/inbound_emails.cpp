// The inbox: what came in, matched to opportunities where that was possible; people read, archive, snooze and
// match. Answering and making opportunities of mails is in inbound_actions.cpp.
#include "api/inbound_emails.hpp"

#include "api/closed_lists.hpp"
#include "api/communication_refs.hpp"
#include "api/crud.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "mail/sanitize.hpp"
#include "outreach/correct.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Views kMany = 1;
constexpr rest::Views kStored = 2;  ///< of one mail, as rows have it
constexpr rest::Views kShown = 4;   ///< with what is made of it
constexpr rest::Views kOne = kStored | kShown;

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
    {.path = "reply_text",
     .sql = "COALESCE(s.reply_text, '')",
     .join = "s",
     .views = kOne,
     .doc = "what is new in it: without quotations and signature"},
    {.path = "attachments",
     .type = Type::array,
     .sql = "COALESCE(s.attachments, '[]')",
     .join = "s",
     .views = kOne},
    {.path = "suggestions",
     .type = Type::array,
     .sql = "COALESCE(s.suggestions, '[]')",
     .join = "s",
     .views = kOne,
     .doc = "ids of opportunities that it may belong to, where nobody can be sure"},
    {.path = "matched_by",
     .sql = "COALESCE(s.matched_by, '')",
     .join = "s",
     .views = kOne,
     .doc = "what told where it belongs; empty for nothing"},
    {.path = "problem",
     .sql = "COALESCE(s.problem, '')",
     .join = "s",
     .views = kOne,
     .doc = "what could not be read of it; empty for nothing"},
    {.path = "body_html",
     .sql = "o.body_html",
     .views = kShown,
     .doc = "fit to be shown: without scripts, and pictures only when asked for"},
};
constexpr rest::Join kJoins[] = {
    OVERTURE_COMMUNICATION_JOINS,
    {"c", OVERTURE_CONTACT_JOIN},
    {"s", "LEFT JOIN inbound_sources s ON s.account_id = o.account_id AND s.inbound_email_id = o.id"}};

}  // namespace

const rest::Resource kInboundEmails{
    .name = "InboundEmail",
    .not_found = "Inbound email not found",
    .from = "inbound_emails o",
    .table = "inbound_emails",
    .joins = kJoins,
    .fields = kFields,
    .restricted = OVERTURE_RESTRICTED_MAIL,
    .collaborating = "o.campaign_id IN " OVERTURE_OWN_CAMPAIGNS,
};

namespace {

constexpr std::string_view kClasses[] = {"human", "auto_reply", "bounce", "unsubscribe"};
constexpr std::string_view kAttachmentsSchema =
    R"({"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"},
        "content_type": {"type": "string"}, "size": {"type": "integer"}},
        "required": ["name", "content_type", "size"], "additionalProperties": false}})";
constexpr std::string_view kIdsSchema = R"({"type": "array", "items": {"type": "integer"}})";
constexpr Shape kShapes[] = {{.path = "status", .allowed = kInboundStatuses},
                             {.path = "class", .allowed = kClasses},
                             {.path = "attachments", .schema = kAttachmentsSchema},
                             {.path = "suggestions", .schema = kIdsSchema}};

const rest::View& view() {
  static const rest::View made(kInboundEmails, kMany);
  return made;
}
const rest::View& one_view() {
  static const rest::View made(kInboundEmails, kStored);
  return made;
}

constexpr std::string_view kStatuses[] = {"read", "archived", "snoozed"};
constexpr rest::Input kInputs[] = {
    {.key = "status", .filled = true, .allowed = kStatuses, .doc = "read, archived or snoozed"},
    {.key = "snooze_until",
     .type = Type::time,
     .doc = "when a snoozed mail comes back; by itself it snoozes"},
    {.key = "opportunity", .type = Type::integer, .doc = "id of the opportunity that this mail belongs to"},
    {.key = "class",
     .filled = true,
     .allowed = kClasses,
     .doc = "what kind of mail it is, where that was found out wrongly: what followed from the wrong one is "
            "taken back where nothing else speaks for it, and what follows from the right one is done"},
    {.key = "unsubscribe",
     .type = Type::boolean,
     .doc = "true: its sender is put on the do-not-email list, and the outreach to its site ends"},
};

std::string list_inbound_emails(Call& call) { return list(call, view()); }
std::string get_inbound_email(Call& call) {
  return show_inbound_email(call, call.id(0, kInboundEmails.not_found));
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

void correct(Call& call, std::int64_t id, const rest::Body& body) {
  const std::int64_t account = call.scope().account;
  const std::int64_t user = call.scope().user;
  outreach::Correction correction{.kind = body.text("class"),
                                  .unsubscribes = body.boolean("unsubscribe", false),
                                  .user = user,
                                  .is_admin = call.caller.role == Role::admin};
  if (body.given("opportunity")) {
    correction.opportunity =
        require_reference(call, kOpportunities, body.integer("opportunity"), "opportunity");
  }
  for (std::string& entry : outreach::correct(call.db(), {account, id}, correction, call.now)) {
    call.after.push_back([account, user, entry = std::move(entry)] {
      base::log_info("unsubscribe entry removed", {{"account", account}, {"user", user}, {"entry", entry}});
    });
  }
}

std::string update_inbound_email(Call& call) {
  std::int64_t id = call.id(0, kInboundEmails.not_found);
  require(call, kInboundEmails, id);
  rest::Body body(call.body(), kInputs);
  correct(call, id, body);
  if (body.given("status") || body.given("snooze_until")) set_status(call, id, body);
  return show_inbound_email(call, id);
}

}  // namespace

Route showing_inbound_email(Route&& route) {
  Route shown = std::move(route).answers(Form{"InboundEmailDetails", kFields, kShown}).shaped(kShapes);
  shown.answer = &one_view();
  return shown;
}

std::string show_inbound_email(Call& call, std::int64_t id) {
  std::string object = show(call, one_view(), id);
  const std::string html = call.db().text(db::Sql(
      "SELECT body_html FROM inbound_emails WHERE account_id = ? AND id = ?", call.scope().account, id));
  object.pop_back();
  object += ",\"body_html\":";
  rest::write_string(object, mail::sanitize_html(html));
  object += '}';
  return object;
}

void add_inbound_email_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/inbound_emails", Permission::signed_in, Lane::read, list_inbound_emails)
                       .documented(22, "Emails", "List the mails that came in")
                       .lists(view())
                       .shaped(kShapes));
  constexpr std::string_view one = "/api/inbound_emails/{id}";
  routes.push_back(showing_inbound_email(Route(get, one, Permission::signed_in, Lane::read, get_inbound_email)
                                             .about("Emails", "Show one mail that came in, with its text")));
  routes.push_back(
      showing_inbound_email(Route(put, one, Permission::member, Lane::write, update_inbound_email)
                                .about("Emails",
                                       "Read, archive or snooze a mail, match it to an opportunity, correct "
                                       "its class, unsubscribe its sender")
                                .takes(kInputs)));
}

}  // namespace overture::api
