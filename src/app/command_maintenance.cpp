// `overture migrate`, `overture maintenance`, `overture sending`: the state of the installation.
#include <fmt/format.h>

#include "app/commands.hpp"
#include "app/store.hpp"
#include "base/clock.hpp"
#include "intake/runs.hpp"

namespace overture::app {
namespace {

/// What waits goes on at once.
void wake_every_account(db::Connection& connection) {
  std::vector<std::int64_t> accounts;
  {
    db::RowsPtr rows = connection.query(db::Sql("SELECT id FROM accounts ORDER BY id"));
    while (rows->next()) accounts.push_back(rows->integer(0));
  }
  for (const std::int64_t account : accounts) {
    intake::wake_account(connection, account, base::SystemClock().now());
  }
}

}  // namespace

int run_migrate(const Config& config) {
  int steps = 0;
  const Store store = open_store(config, 1, &steps);
  if (steps == 0) {
    fmt::print("{} is up to date (schema {}).\n", config.database_name(), db::latest_schema_version());
  } else {
    fmt::print("{} is now at schema {} ({} {} taken).\n", config.database_name(), db::latest_schema_version(),
               steps, steps == 1 ? "step" : "steps");
  }
  return 0;
}

int run_maintenance(const Config& config, bool on) {
  Store store = open_existing_store(config);
  store.database->write(
      [on](db::Connection& connection) { write_fact(connection, kMaintenance, on ? "on" : "off"); });
  fmt::print("{}",
             on ? "Maintenance is on: every request is answered with 503 until `overture maintenance off`.\n"
                : "Maintenance is off.\n");
  return 0;
}

int run_sending(const Config& config, bool on) {
  Store store = open_existing_store(config);
  store.database->write([on](db::Connection& connection) {
    write_fact(connection, kSendingPaused, on ? "0" : "1");
    if (on) wake_every_account(connection);
  });
  fmt::print("{}", on ? "Sending is on.\n"
                      : "Sending is paused: no mail and no webhook leaves until `overture sending on`.\n");
  return 0;
}

}  // namespace overture::app
