// The caller as a user: Get My Profile, and the change of names and password.
#include "api/profile.hpp"
#include "api/crud.hpp"
#include "api/passwords.hpp"
#include "api/resources.hpp"
#include "base/crypto.hpp"
#include "base/error.hpp"
#include "intake/counts.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "first_name", .sql = "o.first_name"},
    {.path = "last_name", .sql = "o.last_name"},
    {.path = "id", .type = Type::integer, .sql = "o.id", .quoted = true},
    {.path = "display_name", .sql = "trim(o.first_name || ' ' || o.last_name)"},
    {.path = "email", .sql = "o.email"},
    {.path = "account.name", .sql = "a.name", .join = "a"},
};
constexpr rest::Join kJoins[] = {{"a", "JOIN accounts a ON a.id = o.account_id"}};
constexpr rest::Resource kProfile{.name = "Profile",
                                  .not_found = "User not found",
                                  .from = "users o",
                                  .table = "users",
                                  .joins = kJoins,
                                  .fields = kFields};

constexpr rest::Input kInputs[] = {
    {.key = "first_name", .filled = true, .max = 100},
    {.key = "last_name", .filled = true, .max = 100},
    {.key = "password", .filled = true, .max = 1024, .doc = "a new one, 8 to 1024 characters"},
    {.key = "old_password", .max = 1024, .doc = "needed to change the password"}};

/// Guessing is slowed down as it is at log-in.
void check_old_password(Call& call, const std::string& password) {
  if (password.empty()) throw Error::invalid("old_password", "is needed to change the password");
  std::string name = "me\n" + std::to_string(call.scope().user);
  if (call.services.login_guard.try_now(name, call.now) > 0) {
    throw Error(ErrorCode::rate_limited, "Too many wrong passwords; try again later");
  }
  std::string hash = call.services.database.read([&](db::Connection& connection) {
    return connection.text(db::Sql("SELECT password_hash FROM users WHERE account_id = ? AND id = ?",
                                   call.scope().account, call.scope().user));
  });
  if (!base::verify_password(password, hash)) throw Error::invalid("old_password", "is not your password");
  call.services.login_guard.succeeded(name);
}

/// With a new password, everything that was signed in with the old one is signed out, keys too; this
/// request's own token stays.
std::string update_profile(Call& call) {
  rest::Body body(call.body(), kInputs);
  std::string hash;
  if (body.given("password")) {
    check_password_length("password", body.text("password"));
    check_old_password(call, body.text("old_password"));
    hash = base::hash_password(body.text("password"));
  }
  std::int64_t account = call.scope().account;
  std::int64_t user = call.scope().user;
  return call.services.database.write([&](db::Connection& connection) {
    call.connection = &connection;
    std::vector<rest::Assignment> changes;
    if (body.given("first_name")) changes.push_back({"first_name", body.text("first_name")});
    if (body.given("last_name")) changes.push_back({"last_name", body.text("last_name")});
    if (!hash.empty()) {
      changes.push_back({"password_hash", hash});
      connection.execute(
          db::Sql("UPDATE tokens SET revoked_at = ? WHERE account_id = ? AND user_id = ? AND id <> ? "
                  "AND revoked_at IS NULL",
                  call.now, account, user, call.caller.token));
    }
    if (!changes.empty()) {
      connection.execute(rest::make_update("users", changes, account, user));
      intake::bump_names_version(connection, account);
      intake::note_change(connection, account);
    }
    return show_written(call, profile_view(), user);
  });
}

std::string get_profile(Call& call) { return show(call, profile_view(), call.scope().user); }

}  // namespace

const rest::View& profile_view() {
  static const rest::View made(kProfile, rest::kEveryView);
  return made;
}

void add_profile_routes(Routes& routes) {
  routes.push_back(Route(http::Method::get, "/api/me", Permission::signed_in, Lane::read, get_profile)
                       .documented(51, "Users", "Show your own profile")
                       .answers(profile_view()));
  routes.push_back(Route(http::Method::put, "/api/me", Permission::signed_in, Lane::password, update_profile)
                       .about("Users", "Change your names, or your password with the old one")
                       .answers(profile_view())
                       .takes(kInputs));
}

}  // namespace overture::api
