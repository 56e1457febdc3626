// Replies that people have written to inbound mails, sent or waiting for their time.
#include "api/sent_replies.hpp"

#include "api/closed_lists.hpp"
#include "api/communication_refs.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "outreach/mails.hpp"
#include "outreach/reply.hpp"
#include "outreach/review.hpp"
#include "outreach/settle.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Views kMany = 1;
constexpr rest::Views kOne = 2;

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
    {.path = "status", .sql = OVERTURE_REPLY_STATUS("o"), .views = kOne},
    {.path = "failure",
     .sql = "COALESCE((SELECT b.trouble FROM outbox b WHERE b.account_id = o.account_id AND b.kind = 'reply' "
            "AND "
            "b.mail_id = o.id AND b.state = 'unknown'), o.failure)",
     .views = kOne,
     .doc = "why it was not sent, or is not known to be; empty when all is well"},
    {.path = "inbound_email.id",
     .type = Type::integer,
     .sql = "NULLIF(o.inbound_email_id, 0)",
     .views = kOne,
     .nullable_object = true},
    {.path = "message_id", .sql = "o.message_id", .views = kOne, .doc = "without brackets"},
    {.path = "body_text", .sql = "o.body_text", .views = kOne},
    {.path = "body_html", .sql = "o.body_html", .views = kOne},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .views = kOne, .fixed = true},
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
  static const rest::View made(kSentReplies, kMany);
  return made;
}

constexpr Shape kShapes[] = {{.path = "status", .allowed = kReplyStatuses}};

std::string list_sent_replies(Call& call) { return list(call, view()); }
std::string get_sent_reply(Call& call) {
  return show(call, sent_reply_view(), call.id(0, kSentReplies.not_found));
}

std::string cancel(Call& call) {
  const std::int64_t id = call.id(0, kSentReplies.not_found);
  require(call, kSentReplies, id);
  outreach::cancel_reply(call.db(), call.scope().account, id);
  return nothing();
}

constexpr std::string_view kOutcomes[] = {"sent", "not_sent"};
constexpr rest::Input kResolveInputs[] = {
    {.key = "outcome",
     .required = true,
     .allowed = kOutcomes,
     .doc = "sent: it was; not_sent: it surely was not, so it is sent again"}};

std::string resolve(Call& call) {
  const std::int64_t id = call.id(0, kSentReplies.not_found);
  require(call, kSentReplies, id);
  const rest::Body body(call.body(), kResolveInputs);
  const std::int64_t account = call.scope().account;
  const std::optional<base::Millis> at =
      outreach::find_unknown_since(call.db(), account, outreach::kReplyMail, id);
  if (!at) throw base::Error(base::ErrorCode::conflict, "The fate of this reply is known");
  outreach::settle_unknown(call.db(), account, outreach::kReplyMail, id, body.text("outcome") == "sent", *at,
                           call.now);
  return show_written(call, sent_reply_view(), id);
}

}  // namespace

const rest::View& sent_reply_view() {
  static const rest::View made(kSentReplies, kOne);
  return made;
}

void add_sent_reply_routes(Routes& routes) {
  routes.push_back(
      Route(http::Method::get, "/api/sent_replies", Permission::signed_in, Lane::read, list_sent_replies)
          .documented(24, "Emails", "List the replies that were sent or are scheduled")
          .lists(view())
          .asks({{.name = "sent_at_from", .doc = "a date, or two with a | between them"},
                 {.name = "sent_at_to", .doc = "a date, or two with a | between them"}}));
  constexpr std::string_view one = "/api/sent_replies/{id}";
  using enum http::Method;
  routes.push_back(Route(get, one, Permission::signed_in, Lane::read, get_sent_reply)
                       .about("Emails", "Show one reply with its text")
                       .answers(sent_reply_view(), "SentReplyDetails")
                       .shaped(kShapes));
  routes.push_back(Route(delete_, one, Permission::member, Lane::write, cancel)
                       .about("Emails", "Cancel a reply that waits"));
  routes.push_back(Route(post, "/api/sent_replies/{id}/resolve", Permission::member, Lane::write, resolve)
                       .about("Emails", "Say whether a reply was sent of which nobody knows")
                       .answers(sent_reply_view(), "SentReplyDetails")
                       .shaped(kShapes)
                       .takes(kResolveInputs));
}

}  // namespace overture::api
