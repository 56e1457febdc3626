// `overture account`, `overture user`, `overture key`: who may use the server.
#include <fmt/format.h>

#include "api/tokens.hpp"
#include "app/accounts.hpp"
#include "app/commands.hpp"
#include "app/password.hpp"
#include "app/secret_key.hpp"
#include "app/store.hpp"
#include "base/crypto.hpp"
#include "intake/counts.hpp"

namespace overture::app {
namespace {

base::Millis now() { return base::SystemClock().now(); }

}  // namespace

int run_account_create(const Config& config, const std::string& name) {
  Store store = open_store(config);
  const std::int64_t id = store.database->write(
      [&](db::Connection& connection) { return create_account(connection, now(), name); });
  fmt::print("Account {} is made (id {}). Its first user:\n", name, id);
  fmt::print(
      "  overture user create --account '{}' --email YOU@EXAMPLE.COM --first-name YOU --last-name YOURS "
      "--role admin\n",
      name);
  return 0;
}

int run_user_create(const Config& config, const UserArguments& arguments) {
  NewUser user{.account_id = 0,
               .email = arguments.email,
               .first_name = arguments.first_name,
               .last_name = arguments.last_name,
               .role = arguments.role,
               .password_hash = {}};
  check_new_user(user);
  Store store = open_store(config);
  // A wrong account is said before the password is asked for.
  user.account_id = store.database->read(
      [&](db::Connection& connection) { return load_account(connection, arguments.account); });
  const base::Secret password = read_password();
  check_password(password.reveal());
  user.password_hash = base::hash_password(password.reveal());
  const std::int64_t id =
      store.database->write([&](db::Connection& connection) { return create_user(connection, now(), user); });
  fmt::print("User {} is made (id {}, role {}). An API key:\n", user.email, id, user.role);
  fmt::print("  overture key create --account '{}' --email {}\n", arguments.account, user.email);
  if (user.role != "admin") {
    fmt::print("It sees no project yet: overture user grant --account '{}' --email {} --project ID\n",
               arguments.account, user.email);
  }
  return 0;
}

int run_user_set(const Config& config, const UserArguments& arguments) {
  Store store = open_store(config);
  store.database->write([&](db::Connection& connection) {
    const std::int64_t account = load_account(connection, arguments.account);
    set_user_status(connection, account, load_user(connection, account, arguments.email), arguments.status);
  });
  fmt::print("User {} is {}.\n", arguments.email, arguments.status);
  return 0;
}

int run_user_grant(const Config& config, const UserArguments& arguments) {
  Store store = open_store(config);
  const bool added = store.database->write([&](db::Connection& connection) {
    const std::int64_t account = load_account(connection, arguments.account);
    return grant_project(connection, account, load_user(connection, account, arguments.email),
                         arguments.project);
  });
  fmt::print("User {} {} project {}.\n", arguments.email, added ? "now sees" : "already saw",
             arguments.project);
  return 0;
}

int run_key_create(const Config& config, const UserArguments& arguments) {
  const api::TokenKeys keys(load_secret_key(config).reveal());
  Store store = open_store(config);
  const api::MadeToken made = store.database->write([&](db::Connection& connection) {
    const std::int64_t account = load_account(connection, arguments.account);
    const std::int64_t user = load_user(connection, account, arguments.email);
    const api::MadeToken token = api::create_token(
        connection, keys, {.account = account, .user = user, .name = arguments.key_name, .now = now()});
    intake::note_change(connection, account);
    return token;
  });
  fmt::print("{}\n", made.token);
  fmt::print(stderr, "This is the API key of {}, shown this once. Send it as `Authorization: Bearer KEY`.\n",
             arguments.email);
  return 0;
}

}  // namespace overture::app
