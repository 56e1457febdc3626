// What only a server has: it goes away and comes back, and transactions meet each other.
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "base/text.hpp"
#include "each_engine.hpp"
#include "support/postgres_server.hpp"

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

class Postgres : public EachEngine {
 protected:
  void SetUp() override {
    EachEngine::SetUp();
    create("CREATE TABLE things (id {id}, name TEXT NOT NULL {primary_key:id})");
  }
  static void add(Database& database, const std::string& name) {
    database.write([&](Connection& connection) {
      connection.execute(Sql("INSERT INTO things (name) VALUES (?)", name));
    });
  }
  static void kill_own_backend(Connection& connection) {
    connection.execute(Sql("SELECT pg_terminate_backend(pg_backend_pid())"));
  }
};
INSTANTIATE_TEST_SUITE_P(Db, Postgres, testing::Values(Engine::postgres), engine_name);

TEST_P(Postgres, ADatabaseWithAnotherLocaleIsRefused) {
  for (const char* options : {"TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
                              "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"}) {
    const std::string url = test::PostgresServer::shared().make_database(options);
    try {
      Database::open({.url = url});
      ADD_FAILURE() << "accepted " << options;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unavailable);
      EXPECT_NE(
          error.message().find("CREATE DATABASE overture TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' "
                               "LC_CTYPE 'C.UTF-8'"),
          std::string::npos);
    }
    test::PostgresServer::shared().drop_database(url);
  }
}

TEST_P(Postgres, LowerIsOurLowerForEveryLetter) {
  std::string all;
  for (char32_t letter = 1; letter <= 0x10FFFF; ++letter) {
    if (letter < 0xD800 || letter > 0xDFFF) base::append_utf8(all, letter);
  }
  const std::string theirs = database().read(
      [&](Connection& connection) { return connection.text(Sql("SELECT lower(CAST(? AS TEXT))", all)); });
  EXPECT_TRUE(theirs == base::lower(all));
}

TEST_P(Postgres, DeadlocksAreTriedAgain) {
  add(database(), "a");
  add(database(), "b");
  std::atomic<int> attempts = 0;
  std::atomic<int> inside = 0;
  const auto both = [&](int first, int second) {
    database().write([&](Connection& connection) {
      ++attempts;
      connection.execute(Sql("UPDATE things SET name = name || '1' WHERE id = ?", first));
      ++inside;
      for (int i = 0; i < 200 && inside < 2; ++i) std::this_thread::sleep_for(5ms);
      connection.execute(Sql("UPDATE things SET name = name || '2' WHERE id = ?", second));
    });
  };
  std::thread other([&] { both(2, 1); });
  both(1, 2);
  other.join();
  EXPECT_GE(attempts, 3);
  EXPECT_EQ(count("things WHERE length(name) = 3"), 2);
}

TEST_P(Postgres, AWriteWhoseConnectionBreaksBeforeItsCommitIsTriedAgain) {
  int attempts = 0;
  database().write([&](Connection& connection) {
    connection.execute(Sql("INSERT INTO things (name) VALUES ('once')"));
    if (++attempts == 1) kill_own_backend(connection);
  });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(count("things"), 1);
}

TEST_P(Postgres, AWriteWhoseConnectionBreaksInItsCommitIsNot) {
  create(
      "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
      " PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED"
      " FOR EACH ROW EXECUTE FUNCTION die()");
  int attempts = 0;
  const auto write = [&] {
    database().write([&](Connection& connection) {
      ++attempts;
      connection.execute(Sql("INSERT INTO things (name) VALUES ('once')"));
    });
  };
  EXPECT_EQ(error_of(write), ErrorCode::unavailable);
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Postgres, AReadWhoseConnectionBreaksIsTriedOnce) {
  add(database(), "a");
  const auto others = Database::open(options());
  for (int round = 0; round < 3; ++round) {
    others->write([](Connection& connection) {
      connection.execute(
          Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
              " AND datname = current_database()"));
    });
    EXPECT_EQ(count("things"), 1);
    add(database(), "more");
    database().write(
        [](Connection& connection) { connection.execute(Sql("DELETE FROM things WHERE id > 1")); });
  }
}

TEST_P(Postgres, PreparedStatementsSurviveAChangeOfTheSchema) {
  const auto all = [&] {
    return database().read(
        [](Connection& connection) { return connection.text(Sql("SELECT * FROM things")); });
  };
  for (int i = 0; i < 8; ++i) EXPECT_EQ(all(), "");
  database().write(
      [](Connection& connection) { connection.run_script("ALTER TABLE things ADD COLUMN extra TEXT"); });
  for (int i = 0; i < 8; ++i) EXPECT_EQ(all(), "");
}

TEST_P(Postgres, StatementTimeoutFollowsTheDeadline) {
  const auto timeout = [](Connection& connection) {
    return connection.text(Sql("SELECT current_setting('statement_timeout')"));
  };
  database().read([&](Connection& connection) {
    EXPECT_EQ(timeout(connection), "10s");
    connection.set_deadline(1234);
    EXPECT_EQ(timeout(connection), "1234ms");
  });
  database().read([&](Connection& connection) { EXPECT_EQ(timeout(connection), "10s"); });
  for (int round = 0; round < 8; ++round) {
    database().write([&](Connection& connection) {
      EXPECT_EQ(timeout(connection), "1min");
      connection.set_deadline(0);
      EXPECT_EQ(timeout(connection), "0");
    });
    EXPECT_THROW(database().write([&](Connection& connection) {
      connection.set_deadline(77);
      EXPECT_EQ(timeout(connection), "77ms");
      throw std::runtime_error("no");
    }),
                 std::runtime_error);
  }
}

TEST_P(Postgres, SharedLocksLetEachOtherIn) {
  std::promise<void> first_in;
  std::promise<void> second_in;
  std::promise<void> finished;
  database().write_async(
      [&](Connection& connection) {
        connection.lock("things", false);
        first_in.set_value();
        second_in.get_future().wait();
      },
      [&](std::exception_ptr) { finished.set_value(); });
  first_in.get_future().wait();
  database().write([&](Connection& connection) { connection.lock("things", false); });
  second_in.set_value();
  finished.get_future().wait();
}

TEST_P(Postgres, BackupIsForPgDump) {
  EXPECT_EQ(error_of([&] { database().backup("/tmp/x"); }), ErrorCode::not_implemented);
}

/// On a server of its own, which each test leaves running.
class PostgresOutage : public testing::Test {
 protected:
  static void SetUpTestSuite() { own_server = std::make_unique<test::PostgresServer>(); }
  static void TearDownTestSuite() { own_server.reset(); }

  static inline std::unique_ptr<test::PostgresServer> own_server;
  test::PostgresServer& server_ = *own_server;
  std::unique_ptr<Database> database_ = Database::open({.url = server_.make_migrated_database()});

  ErrorCode read() {
    return error_of(
        [&] { database_->read([](Connection& connection) { connection.integer(Sql("SELECT 1")); }); });
  }
  ErrorCode write() {
    return error_of([&] {
      database_->write(
          [](Connection& connection) { connection.execute(Sql("DELETE FROM settings WHERE name = 'x'")); });
    });
  }
};

TEST_F(PostgresOutage, ARestartIsNotNoticed) {
  std::atomic<bool> stop = false;
  std::atomic<int> failures = 0;
  std::atomic<int> successes = 0;
  std::vector<std::thread> clients;
  for (int c = 0; c < 6; ++c) {
    clients.emplace_back([&, c] {
      while (!stop) {
        try {
          if (c % 2 == 0) {
            database_->read([](Connection& connection) { connection.integer(Sql("SELECT 1")); });
          } else {
            database_->write([](Connection& connection) {
              connection.execute(Sql("DELETE FROM settings WHERE name = 'x'"));
            });
          }
          ++successes;
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ErrorCode::unavailable) << error.what();
          ++failures;
        }
      }
    });
  }
  std::this_thread::sleep_for(200ms);
  server_.halt();
  server_.resume();
  const auto back = Steady::now();
  const int before = successes;
  while (successes < before + 20 && Steady::now() - back < 5s) std::this_thread::sleep_for(10ms);
  stop = true;
  for (auto& client : clients) client.join();
  EXPECT_GE(successes, before + 20) << "not healed within 5 s";
  // At most the commits that were under way.
  EXPECT_LE(failures, 3);
}

TEST_F(PostgresOutage, WhileItIsAwayAllFailSoonAndItHeals) {
  server_.halt();
  const auto down = Steady::now();
  std::vector<std::thread> clients;
  for (int c = 0; c < 40; ++c) {
    clients.emplace_back([&, c] { EXPECT_EQ(c % 2 == 0 ? read() : write(), ErrorCode::unavailable); });
  }
  for (auto& client : clients) client.join();
  EXPECT_LT(Steady::now() - down, 3500ms);
  // It is known to be away now: nobody waits any more.
  const auto again = Steady::now();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(i % 2 == 0 ? read() : write(), ErrorCode::unavailable);
  EXPECT_LT(Steady::now() - again, 1s);

  server_.resume();
  const auto back = Steady::now();
  bool healed = false;
  while (!healed && Steady::now() - back < 5s) {
    try {
      database_->write([](Connection& connection) { connection.integer(Sql("SELECT 1")); });
      database_->read([](Connection& connection) { connection.integer(Sql("SELECT 1")); });
      healed = true;
    } catch (const Error&) {
      std::this_thread::sleep_for(20ms);
    }
  }
  EXPECT_TRUE(healed);
}

TEST_F(PostgresOutage, OpeningWithoutAServerSaysSo) {
  const std::string url = server_.make_database();
  server_.halt();
  EXPECT_EQ(error_of([&] { Database::open({.url = url}); }), ErrorCode::unavailable);
  server_.resume();
}

}  // namespace
}  // namespace overture::db
