// `overture config` and `overture version`: what this program is and how it is set.
#include <fmt/format.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include "app/commands.hpp"
#include "app/version.hpp"
#include "db/database.hpp"

namespace overture::app {

int run_config(const Settings& settings) {
  const Config config = make_config(settings);
  for (const Setting& setting : all_settings()) {
    const Settings::Entry& entry = settings.at(setting.name);
    std::string shown = entry.text;
    if (setting.name == "database") {
      shown = without_password(shown);
    } else if (setting.secret && !shown.empty()) {
      shown = "***";
    }
    fmt::print("{:<16} {:<36} {}\n", setting.name, shown.empty() ? "-" : shown, origin_name(entry.origin));
  }
  fmt::print("\nconfiguration file: {}\n", settings.file().empty() ? "none" : settings.file().string());
  fmt::print("database in use: {}\n", config.database_name());
  return 0;
}

int run_version() {
  fmt::print("overture {} (schema {}, SQLite {}, libpq {}.{})\n", kVersion, db::latest_schema_version(),
             sqlite3_libversion(), PQlibVersion() / 10000, PQlibVersion() % 10000);
  return 0;
}

}  // namespace overture::app
