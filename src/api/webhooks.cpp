// Webhooks: addresses that are told of events. Their secret is shown once, when it is made.
#include "api/webhooks.hpp"

#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "api/web_address.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "events/event.hpp"
#include "events/signature.hpp"
#include "events/webhook.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr std::int64_t kMostWebhooks = 100;
constexpr std::size_t kMostCharacters = 2000;

constexpr std::string_view kTypesDoc = "what it is told; empty: everything";
constexpr std::string_view kSecretDoc =
    "whsec_ and the base64 of 24 to 64 bytes; made by the server where it is left out";

std::string normalise_url(std::string_view key, std::string text) {
  return checked_web_address(key, std::move(text));
}

constexpr rest::Input kUrl{
    .key = "url",
    .required = true,
    .max = kMostCharacters,
    .normalise = normalise_url,
    .doc = "http or https; on the public Internet, unless the server is set otherwise"};
constexpr rest::Input kNewUrl{
    .key = "url", .filled = true, .max = kMostCharacters, .normalise = normalise_url};
constexpr rest::Input kDescription{.key = "description", .clearable = true, .max = 1000};
constexpr rest::Input kEventTypes{
    .key = "event_types", .type = Type::strings, .max = 20, .allowed = events::kKindNames, .doc = kTypesDoc};

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "url", .sql = "o.url", .column = "url", .create = kUrl, .update = kNewUrl},
    {.path = "description",
     .sql = "o.description",
     .column = "description",
     .create = kDescription,
     .update = kDescription},
    {.path = "project.id",
     .type = Type::integer,
     .sql = "p.id",
     .join = "p",
     .nullable_object = true,
     .fixed = true},
    {.path = "project.name", .sql = "p.name", .join = "p"},
    {.path = "event_types",
     .type = Type::strings,
     .sql = "o.event_types",
     .column = "event_types",
     .create = kEventTypes,
     .update = kEventTypes,
     .doc = kTypesDoc},
    {.path = "is_active", .type = Type::boolean, .sql = "o.is_active"},
    {.path = "trouble",
     .sql = "CASE WHEN o.is_active = 0 THEN NULLIF(o.off_why, '') WHEN NOT " OVERTURE_MAKER_MAY_HEAR(
         "o") " THEN '" OVERTURE_MAKER_MAY_NOT_HEAR "' END",
     .nullable = true,
     .doc = "why it is not told anything, unless a person has switched it off"},
    {.path = "failing_since",
     .type = Type::time,
     .sql = "o.failing_since",
     .doc = "the first of the failures in a row"},
    {.path = "old_secret_until",
     .type = Type::time,
     .sql = "o.old_secret_until",
     .doc = "how long the secret before signs too"},
    OVERTURE_USER_REF("created_by", "u"),
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "updated_at", .type = Type::time, .sql = "o.updated_at"},
};
constexpr rest::Join kJoins[] = {
    {"p", "LEFT JOIN projects p ON p.account_id = o.account_id AND p.id = o.project_id"},
    {"u", OVERTURE_USER_JOIN("u", "o.created_by")},
};

constexpr rest::Input kMore[] = {{.key = "secret", .filled = true, .doc = kSecretDoc},
                                 {.key = "project",
                                  .type = Type::integer,
                                  .doc = "only events of this project; without it of all (admins)"}};
constexpr rest::Input kChanges[] = {
    {.key = "is_active", .type = Type::boolean, .doc = "false: what waits is given up"},
    {.key = "rotate_secret",
     .type = Type::boolean,
     .doc = "a new secret, shown in this answer only; the old one signs too for 24 hours, and "
            "until they are over another change is refused (409)"},
    {.key = "secret",
     .filled = true,
     .doc = "the new secret, instead of one that the server makes; the same holds for it"}};

/// What an answer has beyond these when a secret was made.
constexpr Field kSecretField{.path = "secret", .doc = "behind webhook-signature; never shown again"};

Form form_with_secret() {
  static const std::vector<Field> fields = [] {
    std::vector<Field> all(std::begin(kFields), std::end(kFields));
    all.push_back(kSecretField);
    return all;
  }();
  return {.name = "NewWebhook", .fields = fields};
}

const rest::View& view() {
  static const rest::View made(kWebhooks, rest::kEveryView);
  return made;
}

std::vector<rest::Input> inputs(bool creating) {
  std::vector<rest::Input> all = rest::inputs_of(kWebhooks, creating);
  if (creating) {
    all.insert(all.end(), std::begin(kMore), std::end(kMore));
  } else {
    all.insert(all.end(), std::begin(kChanges), std::end(kChanges));
  }
  return all;
}

/// As it was sent, or a new one.
std::string secret_of(const rest::Body& body) {
  if (!body.given("secret")) return events::make_secret();
  std::string secret = body.text("secret");
  if (!events::parse_secret(secret)) {
    throw Error::invalid("secret", "must be whsec_ and the base64 of 24 to 64 bytes");
  }
  return secret;
}

void store_secret(Call& call, std::int64_t id, const std::string& secret) {
  const std::int64_t account = call.scope().account;
  call.db().execute(db::Sql(
      "UPDATE webhooks SET sealed_secret = ? WHERE account_id = ? AND id = ?",
      call.services.sealer.seal(events::parse_secret(secret).value(), events::secret_place(account, id)),
      account, id));
}

/// It signs too until receivers know the new one. The one before that was promised the same: while it signs,
/// this throws conflict. What was sealed with a lost key signs nothing, and there is nothing to wait for.
void keep_old_secret(Call& call, std::int64_t id) {
  const std::int64_t account = call.scope().account;
  const base::Sealer& sealer = call.services.sealer;
  std::string sealed;
  try {
    const std::string old =
        sealer.open(call.db().text(db::Sql(
                        "SELECT sealed_secret FROM webhooks WHERE account_id = ? AND id = ?", account, id)),
                    events::secret_place(account, id));
    sealed = sealer.seal(old, events::old_secret_place(account, id));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
  }
  const db::Value until =
      sealed.empty() ? db::Value(db::Null{}) : db::Value(call.now + events::kOldSecretLife);
  db::Sql sql(
      "UPDATE webhooks SET sealed_old_secret = ?, old_secret_until = ? WHERE account_id = ? AND id = ?",
      sealed, until, account, id);
  if (!sealed.empty()) sql << db::Sql(" AND COALESCE(old_secret_until, 0) <= ?", call.now);
  if (call.db().execute(sql) > 0) return;
  const base::Millis signs_until = call.db().integer(
      db::Sql("SELECT old_secret_until FROM webhooks WHERE account_id = ? AND id = ?", account, id));
  throw Error(ErrorCode::conflict, "The secret before this one signs until " + base::rfc3339(signs_until) +
                                       "; it can be changed again then");
}

std::string shown_with(Call& call, std::int64_t id, const std::string& secret) {
  std::string out = show_written(call, view(), id);
  out.pop_back();
  out += ",\"secret\":";
  rest::write_string(out, secret);
  return out + "}";
}

std::string list_webhooks(Call& call) { return list(call, view()); }

std::string create_webhook(Call& call) {
  const rest::Body body(call.body(), inputs(true));
  const std::string secret = secret_of(body);
  std::int64_t project = 0;
  if (body.given("project")) project = require_reference(call, kProjects, body.integer("project"), "project");
  if (project == 0 && call.scope().restricted) {
    throw Error::invalid("project", "is needed: only admins make webhooks for all projects");
  }
  const std::int64_t there =
      call.db().integer(db::Sql("SELECT COUNT(*) FROM webhooks WHERE account_id = ?", call.scope().account));
  if (there >= kMostWebhooks) throw Error(ErrorCode::conflict, "An account has at most 100 webhooks");
  const std::int64_t id =
      insert(call, kWebhooks, body,
             {{"project_id", project}, {"created_by", call.scope().user}, {"updated_at", call.now}});
  store_secret(call, id, secret);
  return shown_with(call, id, secret);
}

void set_active(Call& call, std::int64_t id, bool active) {
  const std::int64_t account = call.scope().account;
  const bool before = call.db().exists(
      db::Sql("SELECT 1 FROM webhooks WHERE account_id = ? AND id = ? AND is_active = 1", account, id));
  if (active == before) return;
  if (active) {
    events::switch_on(call.db(), account, id);
  } else {
    events::switch_off(call.db(), account, id, "");
  }
}

std::string update_webhook(Call& call) {
  const std::int64_t id = webhook_in_path(call);
  const rest::Body body(call.body(), inputs(false));
  const bool rotates = body.given("secret") || body.boolean("rotate_secret", false);
  const std::string secret = rotates ? secret_of(body) : std::string();
  update(call, kWebhooks, body, id, {{"updated_at", call.now}});
  if (body.given("is_active")) set_active(call, id, body.boolean("is_active", true));
  if (!rotates) return show_written(call, view(), id);
  keep_old_secret(call, id);
  store_secret(call, id, secret);
  return shown_with(call, id, secret);
}

std::string delete_webhook(Call& call) {
  const std::int64_t id = webhook_in_path(call);
  events::remove_webhook(call.db(), call.scope().account, id);
  return nothing();
}

}  // namespace

const rest::Resource kWebhooks{.name = "Webhook",
                               .not_found = "Webhook not found",
                               .from = "webhooks o",
                               .table = "webhooks",
                               .joins = kJoins,
                               .fields = kFields,
                               .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS};

std::int64_t webhook_in_path(Call& call) {
  const std::int64_t id = call.id(0, kWebhooks.not_found);
  require(call, kWebhooks, id);
  return id;
}

std::int64_t active_webhook_in_path(Call& call) {
  const std::int64_t id = webhook_in_path(call);
  const bool active = call.db().exists(db::Sql(
      "SELECT 1 FROM webhooks WHERE account_id = ? AND id = ? AND is_active = 1", call.scope().account, id));
  if (!active) throw Error(ErrorCode::conflict, "This webhook is switched off");
  if (!events::maker_may_hear(call.db(), call.scope().account, id)) {
    throw Error(ErrorCode::conflict, OVERTURE_MAKER_MAY_NOT_HEAR);
  }
  return id;
}

void add_webhook_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/webhooks", Permission::member, Lane::read, list_webhooks)
                       .about("Webhooks", "List webhooks")
                       .lists(view()));
  routes.push_back(Route(post, "/api/webhooks", Permission::member, Lane::write, create_webhook)
                       .about("Webhooks", "Make a webhook; its secret is in this answer only")
                       .answers(form_with_secret())
                       .takes(inputs(true)));
  routes.push_back(Route(put, "/api/webhooks/{id}", Permission::member, Lane::write, update_webhook)
                       .about("Webhooks", "Change a webhook, switch it on or off, or give it another secret")
                       .answers(view())
                       .answers(form_with_secret())
                       .takes(inputs(false)));
  routes.push_back(Route(delete_, "/api/webhooks/{id}", Permission::member, Lane::write, delete_webhook)
                       .about("Webhooks", "Delete a webhook and what it was sent"));
}

}  // namespace overture::api
