#include "app/demo.hpp"

#include "app/accounts.hpp"
#include "base/crypto.hpp"

namespace overture::app {

DemoLogin ensure_demo(db::Database& database, const base::Clock& clock) {
  const DemoLogin login{.account = "demo", .email = "demo@example.com", .password = "overture-demo"};
  const bool there = database.read([&](db::Connection& connection) {
    return connection.exists(db::Sql("SELECT 1 FROM accounts WHERE name = ?", login.account));
  });
  if (there) return login;
  const std::string hash = base::hash_password(login.password);
  database.write([&](db::Connection& connection) {
    const base::Millis now = clock.now();
    const std::int64_t account = create_account(connection, now, login.account);
    const std::int64_t user = create_user(connection, now,
                                          {.account_id = account,
                                           .email = login.email,
                                           .first_name = "Demo",
                                           .last_name = "Admin",
                                           .role = "admin",
                                           .password_hash = hash});
    connection.execute(
        db::Sql("INSERT INTO projects (id, account_id, name, created_by, created_at) VALUES (?, ?, ?, ?, ?)",
                connection.reserve_ids("projects", 1), account, "First Project", user, now));
  });
  return login;
}

}  // namespace overture::app
