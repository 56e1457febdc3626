#include "sim/touched.hpp"

#include <string>

namespace overture::sim {
namespace {

struct Watched {
  const char* table;
  const char* columns;  ///< of which a change is noted
  const char* column;   ///< that leads to the opportunity
};

constexpr Watched kWatched[] = {
    {"outreach_emails", "status, sent_at, bounce", "opportunity_id"},
    {"outreach_runs", "state, run", "opportunity_id"},
    {"opportunities", "workflow_status", "id"},
    {"outbox", "state", "mail_id"},
};

/// Selects the opportunity of a row by its column's value.
std::string opportunity_of(const Watched& watched, const std::string& account, const std::string& value) {
  if (std::string(watched.table) != "outbox") return "SELECT " + value;
  return "SELECT opportunity_id FROM outreach_emails WHERE account_id = " + account + " AND id = " + value;
}

std::string sqlite_trigger(const Watched& watched, const std::string& event, const std::string& row) {
  const std::string name = std::string("sim_") + watched.table + "_" + event.substr(0, 6);
  return "CREATE TRIGGER " + name + " AFTER " + event + " ON " + watched.table +
         " BEGIN INSERT INTO sim_touched (opportunity_id) " +
         opportunity_of(watched, row + ".account_id", row + "." + watched.column) + "; END;";
}

std::string postgres_trigger(const Watched& watched) {
  const std::string table = watched.table;
  const auto of_row = [](const std::string& column) {
    return "COALESCE(NEW." + column + ", OLD." + column + ")";
  };
  return "CREATE FUNCTION sim_touch_" + table +
         "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO sim_touched (opportunity_id) " +
         opportunity_of(watched, of_row("account_id"), of_row(watched.column)) +
         "; RETURN NULL; END $$; CREATE TRIGGER sim_touch AFTER INSERT OR DELETE OR UPDATE OF " +
         watched.columns + " ON " + table + " FOR EACH ROW EXECUTE FUNCTION sim_touch_" + table + "();";
}

}  // namespace

void watch_rows(db::Database& database) {
  const bool is_sqlite = database.engine() == db::Engine::sqlite;
  std::string script = std::string("CREATE TABLE sim_touched (id ") + (is_sqlite ? "INTEGER" : "BIGSERIAL") +
                       " PRIMARY KEY, opportunity_id BIGINT NOT NULL);";
  for (const Watched& watched : kWatched) {
    if (is_sqlite) {
      script += sqlite_trigger(watched, "INSERT", "NEW");
      script += sqlite_trigger(watched, std::string("UPDATE OF ") + watched.columns, "NEW");
      script += sqlite_trigger(watched, "DELETE", "OLD");
    } else {
      script += postgres_trigger(watched);
    }
  }
  database.write([&](db::Connection& connection) { connection.run_script(script); });
}

}  // namespace overture::sim
