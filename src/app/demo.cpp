// Everything in one write: after a kill there is either all of it or nothing.
#include "app/demo.hpp"

#include "app/demo_write.hpp"
#include "base/crypto.hpp"
#include "intake/counts.hpp"

namespace overture::app {
namespace {

bool has_account(db::Connection& connection, const DemoLogin& login) {
  return connection.exists(db::Sql("SELECT 1 FROM accounts WHERE name = ?", login.account));
}

}  // namespace

DemoLogin ensure_demo(db::Database& database, const base::Clock& clock) {
  const DemoLogin login{.account = "demo", .email = "demo@example.com", .password = "overture-demo"};
  if (database.read([&login](db::Connection& connection) { return has_account(connection, login); }))
    return login;
  const std::string hash = base::hash_password(login.password);
  const base::Millis now = clock.now();
  const DemoWork work = make_demo_work(now);
  database.write([&](db::Connection& connection) {
    // Another server may just have made it: the lock is the one of create_account().
    connection.lock("accounts");
    if (has_account(connection, login)) return;
    const DemoHouse house = write_demo_house(connection, now, login.account, hash);
    const std::int64_t first = write_demo_opportunities(connection, house, work);
    write_demo_trail(connection, house, work, first);
    write_demo_mails(connection, house, work, first, now);
    write_demo_sending(connection, house, now);
    write_demo_tasks(connection, house, work, first, now);
    write_demo_exclusions(connection, house, work, now);
    write_demo_jobs(connection, house, work);
    write_demo_usage(connection, house, now);
    intake::rebuild_counts(connection, house.account);
    intake::note_change(connection, house.account);
  });
  return login;
}

}  // namespace overture::app
