// Log-in and access tokens.
#include "api/authentication.hpp"
#include "api/crud.hpp"
#include "api/profile.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;

constexpr rest::Input kAccessInputs[] = {
    {.key = "refresh_token", .max = 4096, .doc = "an API key or refresh token"},
    {.key = "refesh_token", .max = 4096, .doc = "the same, as log-in spells it"}};

constexpr rest::Input kLoginInputs[] = {{.key = "email", .required = true},
                                        {.key = "password", .required = true, .max = 1024},
                                        {.key = "account_name", .required = true}};

constexpr rest::Field kAccessFields[] = {
    {.path = "access_token", .doc = "for the Authorization header, after Bearer"},
    {.path = "expires_in", .type = rest::Type::integer, .quoted = true, .doc = "seconds"}};
constexpr Form kAccess{.name = "AccessToken", .fields = kAccessFields};

constexpr rest::Field kLoginFields[] = {
    {.path = "access_token", .doc = "for the Authorization header, after Bearer"},
    {.path = "refesh_token", .doc = "the same as refresh_token, in the documented spelling"},
    {.path = "refresh_token", .doc = "for further access tokens"},
    {.path = "expires_in", .type = rest::Type::integer, .quoted = true, .doc = "seconds"},
    {.path = "client_payload", .type = rest::Type::array},
    {.path = "profile", .type = rest::Type::object}};
constexpr Form kLogin{.name = "LogIn", .fields = kLoginFields};
constexpr Shape kLoginShapes[] = {
    {.path = "client_payload", .schema = R"({"type": "array", "maxItems": 0})"},
    {.path = "profile", .schema = R"({"$ref": "#/components/schemas/Profile"})"}};

std::string get_access_token(Call& call) {
  rest::Body body(call.body(), kAccessInputs);
  std::string token = body.text(body.given("refresh_token") ? "refresh_token" : "refesh_token");
  if (token.empty()) throw Error(ErrorCode::missing_parameters);
  std::string client_id;
  check_lasting_token(call.db(), base::trim(token), call.now, client_id);
  std::string out = "{\"access_token\":";
  rest::write_string(out, call.services.tokens.make_access_token(client_id, call.now));
  return out + ",\"expires_in\":\"1800\"}";
}

struct User {
  std::int64_t account = 0;
  std::int64_t id = 0;
  std::string password_hash;
  bool active = false;
};

User find_user(db::Database& database, const std::string& account, const std::string& email) {
  return database.read([&](db::Connection& connection) {
    User user;
    db::RowsPtr rows = connection.query(db::Sql(
        "SELECT u.account_id, u.id, u.password_hash, u.status, a.status FROM users u JOIN accounts a ON "
        "a.id = u.account_id WHERE lower(a.name) = ? AND u.email = ?",
        account, email));
    if (rows->next()) {
      user.account = rows->integer(0);
      user.id = rows->integer(1);
      user.password_hash = rows->text(2);
      user.active = rows->text(3) == "active" && rows->text(4) == "active";
    }
    return user;
  });
}

std::string get_refresh_token(Call& call) {
  rest::Body body(call.body(), kLoginInputs);
  std::string account = base::lower(base::trim(body.text("account_name")));
  std::string email = base::lower(base::trim(body.text("email")));
  std::string name = account + "\n" + email;
  if (call.services.login_guard.try_now(name, call.now) > 0) {
    throw Error(ErrorCode::rate_limited, "Too many failed log-ins; try again later");
  }
  db::Database& database = call.services.database;
  User user = find_user(database, account, email);
  // An empty hash takes as long to check as a real one.
  bool matches = base::verify_password(body.text("password"), user.password_hash);
  if (!matches || user.id == 0) throw Error(ErrorCode::invalid_credentials);
  call.services.login_guard.succeeded(name);
  if (!user.active) throw Error(ErrorCode::inactive);

  MadeToken refresh = database.write([&](db::Connection& connection) {
    return create_token(
        connection, call.services.tokens,
        {.account = user.account, .user = user.id, .kind = "refresh", .name = "log-in", .now = call.now});
  });
  rest::Scope scope{.account = user.account, .user = user.id, .restricted = true};
  std::string profile = database.read([&](db::Connection& connection) {
    return rest::load_object(connection, call.services.caches, profile_view(), scope, user.id);
  });
  std::string out = "{\"access_token\":";
  rest::write_string(out, call.services.tokens.make_access_token(refresh.client_id, call.now));
  // The documented spelling and the right one.
  for (std::string_view key : {",\"refesh_token\":", ",\"refresh_token\":"}) {
    out += key;
    rest::write_string(out, refresh.token);
  }
  return out + ",\"expires_in\":\"1800\",\"client_payload\":[],\"profile\":" + profile + "}";
}

std::string revoke(Call& call) {
  call.db().execute(db::Sql("UPDATE tokens SET revoked_at = ? WHERE id = ?", call.now, call.caller.token));
  return nothing();
}

}  // namespace

void add_auth_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(post, "/api/auth/access_token", Permission::anyone, Lane::read, get_access_token)
                       .documented(1, "Auth", "Exchange an API key or refresh token for an access token")
                       .answers(kAccess)
                       .takes(kAccessInputs)
                       .needs_one_of({"refresh_token", "refesh_token"})
                       .costs(0));
  routes.push_back(
      Route(post, "/api/auth/refresh_token", Permission::anyone, Lane::password, get_refresh_token)
          .documented(2, "Auth", "Log in: a refresh token and the first access token")
          .answers(kLogin)
          .shaped(kLoginShapes)
          .takes(kLoginInputs)
          .costs(0));
  routes.push_back(Route(post, "/api/auth/revoke", Permission::signed_in, Lane::write, revoke)
                       .about("Auth", "Revoke the API key or refresh token behind this request")
                       .costs(0));
}

}  // namespace overture::api
