// API keys of the caller: shown once, when they are made.
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name", .sql = "o.name", .fixed = true},
    {.path = "client_id", .sql = "o.client_id", .fixed = true},
    {.path = "read_only", .type = Type::boolean, .sql = "o.read_only", .fixed = true},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "expires_at", .type = Type::time, .sql = "o.expires_at", .nullable = true, .fixed = true},
    {.path = "last_used_at", .type = Type::time, .sql = "o.last_used_at"},
};
constexpr rest::Resource kApiKeys{.name = "ApiKey",
                                  .not_found = "API key not found",
                                  .from = "tokens o",
                                  .table = "tokens",
                                  .fields = kFields};

/// What the answer that makes a key has beyond these.
constexpr Field kSecretFields[] = {
    {.path = "key", .doc = "for the Authorization header, after Bearer; never shown again"},
    {.path = "client_key", .doc = "for the Authorization header, beside X-Client-Id; never shown again"}};

Form made_form() {
  static const std::vector<Field> fields = [] {
    std::vector<Field> all(std::begin(kFields), std::end(kFields));
    all.insert(all.end(), std::begin(kSecretFields), std::end(kSecretFields));
    return all;
  }();
  return {.name = "NewApiKey", .fields = fields};
}

constexpr rest::Input kInputs[] = {{.key = "name", .required = true, .max = 100},
                                   {.key = "expires_at", .type = Type::time},
                                   {.key = "read_only", .type = Type::boolean, .doc = "may only GET"}};

const rest::View& view() {
  static const rest::View made(kApiKeys, rest::kEveryView);
  return made;
}

db::Sql own_living_keys(const Call& call) {
  return db::Sql("o.user_id = ? AND o.kind = 'api_key' AND o.revoked_at IS NULL", call.scope().user);
}

std::string list_keys(Call& call) { return list(call, view(), own_living_keys(call)); }

std::string create_key(Call& call) {
  rest::Body body(call.body(), kInputs);
  NewToken token{.account = call.scope().account,
                 .user = call.scope().user,
                 .name = body.text("name"),
                 .read_only = body.boolean("read_only", false),
                 .now = call.now};
  if (body.given("expires_at")) {
    token.expires_at = body.integer("expires_at");
    if (*token.expires_at <= call.now) throw Error::invalid("expires_at", "must lie in the future");
  }
  MadeToken made = create_token(call.db(), call.services.tokens, token);
  std::string out = show_written(call, view(), made.id);
  out.pop_back();
  out += ",\"key\":";
  rest::write_string(out, made.token);
  out += ",\"client_key\":";
  rest::write_string(out, made.client_key);
  return out + "}";
}

std::string delete_key(Call& call) {
  std::int64_t id = call.id(0, kApiKeys.not_found);
  std::int64_t revoked = call.db().execute(
      db::Sql("UPDATE tokens SET revoked_at = ? WHERE account_id = ? AND user_id = ? AND id = ? AND "
              "kind = 'api_key' AND revoked_at IS NULL",
              call.now, call.scope().account, call.scope().user, id));
  if (revoked == 0) throw Error(ErrorCode::not_found, std::string(kApiKeys.not_found));
  return nothing();
}

}  // namespace

void add_api_key_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/api_keys", Permission::signed_in, Lane::read, list_keys)
                       .about("Users", "List your API keys")
                       .lists(view()));
  routes.push_back(Route(post, "/api/api_keys", Permission::signed_in, Lane::write, create_key)
                       .about("Users", "Make an API key; the key is in this answer only")
                       .answers(made_form())
                       .takes(kInputs));
  routes.push_back(Route(delete_, "/api/api_keys/{id}", Permission::signed_in, Lane::write, delete_key)
                       .about("Users", "Revoke an API key"));
}

}  // namespace overture::api
