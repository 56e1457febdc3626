// Making and removing the databases of the suite.
#include "each_engine.hpp"

#include <unistd.h>

#include "db/dialect.hpp"
#include "support/postgres_server.hpp"

namespace overture::db {

void EachEngine::SetUp() {
  if (on_sqlite()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "overture-db-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    url_ = "sqlite:" + path();
  } else {
    url_ = test::PostgresServer::shared().make_database();
  }
  reopen();
}

void EachEngine::TearDown() {
  close();
  if (on_sqlite()) {
    std::filesystem::remove_all(directory_);
  } else {
    test::PostgresServer::shared().drop_database(url_);
  }
}

Options EachEngine::options() const { return {.url = url_}; }

void EachEngine::create(std::string_view script) {
  database().write(
      [&](Connection& connection) { connection.run_script(translate_schema(script, connection.engine())); });
}

std::int64_t EachEngine::count(Literal table) {
  Sql sql("SELECT count(*) FROM ");
  sql << table;
  return database().read([&](Connection& connection) { return connection.integer(sql); });
}

std::string engine_name(const testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::sqlite ? "sqlite" : "postgres";
}

}  // namespace overture::db
