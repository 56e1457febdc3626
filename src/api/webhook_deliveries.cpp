// What webhooks were sent, and how it went; sending it again.
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "api/webhooks.hpp"
#include "base/error.hpp"
#include "events/webhook.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr std::string_view kStates[] = {"pending", "delivered", "failed"};

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "event_id",
     .sql = "o.message_id",
     .fixed = true,
     .doc = "the webhook-id header: of the event, the same on each try and for each webhook"},
    {.path = "event_type", .sql = "o.event_type", .lowered = true, .fixed = true},
    {.path = "state", .sql = "o.state", .lowered = true},
    {.path = "attempts", .type = Type::integer, .sql = "o.attempts"},
    {.path = "response_status",
     .type = Type::integer,
     .sql = "NULLIF(o.response_status, 0)",
     .nullable = true,
     .doc = "of the last answer"},
    {.path = "response", .sql = "NULLIF(o.response, '')", .nullable = true, .doc = "its first 1000 bytes"},
    {.path = "error", .sql = "NULLIF(o.error, '')", .nullable = true, .doc = "why the last try failed"},
    {.path = "payload", .type = Type::object, .sql = "o.payload", .fixed = true, .doc = "the body"},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "next_try_at",
     .type = Type::time,
     .sql = "CASE WHEN o.state = 'pending' THEN o.next_try_at END",
     .doc = "not before then"},
    {.path = "tried_at", .type = Type::time, .sql = "o.tried_at"},
    {.path = "delivered_at", .type = Type::time, .sql = "o.delivered_at"},
};
constexpr rest::Resource kDeliveries{.name = "WebhookDelivery",
                                     .not_found = "Delivery not found",
                                     .from = "webhook_deliveries o",
                                     .table = "webhook_deliveries",
                                     .fields = kFields};

constexpr Shape kShapes[] = {{.path = "state", .allowed = kStates}};

constexpr rest::Input kSince[] = {
    {.key = "since", .type = Type::time, .doc = "what was made before stays as it is; left out: all"}};

constexpr Field kCountFields[] = {
    {.path = "redelivered", .type = Type::integer, .doc = "how many will be sent once more"}};
constexpr Form kCount{.name = "Redelivered", .fields = kCountFields};

const rest::View& view() {
  static const rest::View made(kDeliveries, rest::kEveryView);
  return made;
}

std::string list_deliveries(Call& call) {
  return list(call, view(), db::Sql("o.webhook_id = ?", webhook_in_path(call)));
}

std::string test_webhook(Call& call) {
  const std::int64_t webhook = active_webhook_in_path(call);
  return show_written(call, view(), events::queue_test(call.db(), call.scope().account, webhook, call.now));
}

std::string redeliver_one(Call& call) {
  const std::int64_t webhook = webhook_in_path(call);
  const std::int64_t account = call.scope().account;
  const std::int64_t id = call.id(1, kDeliveries.not_found);
  const bool there = call.db().exists(
      db::Sql("SELECT 1 FROM webhook_deliveries WHERE account_id = ? AND webhook_id = ? AND id = ?", account,
              webhook, id));
  if (!there) throw Error(ErrorCode::not_found, std::string(kDeliveries.not_found));
  if (!events::redeliver(call.db(), account, active_webhook_in_path(call), id, call.now)) {
    throw Error(ErrorCode::conflict, "This delivery is being sent just now");
  }
  return show_written(call, view(), id);
}

std::string redeliver_failed(Call& call) {
  const std::int64_t webhook = active_webhook_in_path(call);
  const rest::Body body(call.body(), kSince);
  std::string out = "{\"redelivered\":";
  rest::write_integer(out, events::redeliver_failed(call.db(), call.scope().account, webhook,
                                                    body.integer("since"), call.now));
  return out + "}";
}

}  // namespace

void add_webhook_delivery_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view all = "/api/webhooks/{webhook}/deliveries";
  constexpr std::string_view one = "/api/webhooks/{webhook}/deliveries/{delivery}/redeliver";
  routes.push_back(Route(post, "/api/webhooks/{webhook}/test", Permission::member, Lane::write, test_webhook)
                       .about("Webhooks", "Send a webhook.test event")
                       .answers(view())
                       .shaped(kShapes));
  routes.push_back(Route(get, all, Permission::member, Lane::read, list_deliveries)
                       .about("Webhooks", "List what a webhook was sent in the last 30 days")
                       .lists(view())
                       .shaped(kShapes));
  routes.push_back(Route(post, one, Permission::member, Lane::write, redeliver_one)
                       .about("Webhooks", "Send something once more, whatever became of it")
                       .answers(view())
                       .shaped(kShapes));
  routes.push_back(
      Route(post, "/api/webhooks/{webhook}/redeliver", Permission::member, Lane::write, redeliver_failed)
          .about("Webhooks", "Send everything once more that has failed")
          .answers(kCount)
          .takes(kSince));
}

}  // namespace overture::api
