// Replies that people have written to inbound mails, sent or waiting for their time.
#include "api/communication_refs.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "subject", .sql = "o.subject"},
    {.path = "from_email", .sql = "o.from_email"},
    {.path = "from_name", .sql = "o.from_name"},
    {.path = "to_email", .sql = "o.to_email"},
    {.path = "to_name", .sql = "o.to_name"},
    {.path = "cc", .sql = "o.cc"},
    {.path = "bcc", .sql = "o.bcc"},
    {.path = "sent_at", .type = Type::time, .sql = "o.sent_at"},
    {.path = "schedule_for", .type = Type::time, .sql = "o.schedule_for"},
    {.path = "stop_schedule_on_communication",
     .type = Type::boolean,
     .sql = "o.stop_schedule_on_communication"},
    OVERTURE_EMAIL_ACCOUNT_REF,
    OVERTURE_OPPORTUNITY_REF,
    OVERTURE_PROJECT_REF,
    OVERTURE_USER_REF("user", "u"),
    OVERTURE_HIDDEN_ID("campaign.id", "o.campaign_id"),
};
constexpr rest::Join kJoins[] = {OVERTURE_COMMUNICATION_JOINS, {"u", OVERTURE_USER_JOIN("u", "o.user_id")}};

constexpr rest::Resource kSentReplies{
    .name = "SentReply",
    .not_found = "Sent reply not found",
    .from = "sent_replies o",
    .table = "sent_replies",
    .joins = kJoins,
    .fields = kFields,
    .restricted = OVERTURE_RESTRICTED_MAIL,
    .collaborating = "o.campaign_id IN " OVERTURE_OWN_CAMPAIGNS,
};

const rest::View& view() {
  static const rest::View made(kSentReplies, rest::kEveryView);
  return made;
}

std::string list_sent_replies(Call& call) { return list(call, view()); }

}  // namespace

void add_sent_reply_routes(Routes& routes) {
  routes.push_back(
      Route(http::Method::get, "/api/sent_replies", Permission::signed_in, Lane::read, list_sent_replies)
          .documented(24, "Emails", "List the replies that were sent or are scheduled")
          .lists(view())
          .asks({{.name = "sent_at_from", .doc = "a date, or two with a | between them"},
                 {.name = "sent_at_to", .doc = "a date, or two with a | between them"}}));
}

}  // namespace overture::api
