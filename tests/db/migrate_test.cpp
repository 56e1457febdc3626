// The schema comes up whole from any interruption, once, and never goes back.
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>

#include <thread>

#include "db/dialect.hpp"
#include "db/migrations.hpp"
#include "each_engine.hpp"

namespace overture::db {
namespace {

const std::vector<Migration> kSteps{
    {1, "0001_first.sql",
     "CREATE TABLE first (id {id}, name TEXT NOT NULL {primary_key:id});\n"
     "CREATE INDEX first_by_name ON first (name);\n"
     "INSERT INTO first (name) VALUES ('{}');\n"},
    {2, "0002_second.sql",
     "CREATE TABLE second (a BIGINT NOT NULL, b BIGINT NOT NULL, PRIMARY KEY (a, b)) {without_rowid};\n"
     "INSERT INTO second VALUES (1, 2);\n"
     "ALTER TABLE first ADD COLUMN extra BIGINT NOT NULL DEFAULT 7;\n"
     "UPDATE first SET extra = 8;\n"},
};

/// Kills the process, as kill -9 does, before the statement with this number (counted from 0).
class DyingConnection final : public Connection {
 public:
  DyingConnection(Connection& real, int& left) : real_(real), left_(left) {}
  Engine engine() const override { return real_.engine(); }
  RowsPtr query(const Sql& sql) override {
    step();
    return real_.query(sql);
  }
  std::int64_t execute(const Sql& sql) override {
    step();
    return real_.execute(sql);
  }
  void run_script(std::string_view script) override {
    while (!script.empty()) {
      const auto end = script.find(";\n");
      step();
      real_.run_script(script.substr(0, end));
      script.remove_prefix(end == std::string_view::npos ? script.size() : end + 2);
    }
  }
  void insert(const BulkInsert& rows) override { real_.insert(rows); }
  std::int64_t reserve_ids(Literal table, std::int64_t many) override {
    return real_.reserve_ids(table, many);
  }
  void lock(std::string_view name, bool exclusive) override {
    step();
    real_.lock(name, exclusive);
  }
  void set_deadline(base::Millis limit) override { real_.set_deadline(limit); }
  int counter_slot() const override { return real_.counter_slot(); }

 private:
  void step() {
    if (left_-- == 0) _exit(77);
  }
  Connection& real_;
  int& left_;
};

class DyingDatabase final : public Database {
 public:
  DyingDatabase(Database& real, int statements) : real_(real), left_(statements) {}
  Engine engine() const override { return real_.engine(); }
  void write_async(WriteWork work, WriteDone done) override {
    real_.write_async(
        [this, work = std::move(work)](Connection& connection) {
          DyingConnection dying(connection, left_);
          work(dying);
        },
        std::move(done));
  }
  void backup(const std::string&) override {}

 protected:
  Connection& borrow() override { throw base::Error(base::ErrorCode::internal); }
  void give_back(Connection&) noexcept override {}

 private:
  Database& real_;
  int left_;
};

class Migrate : public EachEngine {
 protected:
  int version() {
    return database().read([](Connection& connection) { return schema_version(connection); });
  }
  void expect_whole() {
    EXPECT_EQ(version(), 2);
    EXPECT_EQ(count("first WHERE name = '{}' AND extra = 8"), 1);
    EXPECT_EQ(count("first"), 1);
    EXPECT_EQ(count("second"), 1);
    EXPECT_EQ(count("schema_version"), 2);
  }
};
ON_EACH_ENGINE(Migrate);

TEST_P(Migrate, TakesEachStepOnce) {
  EXPECT_EQ(version(), 0);
  EXPECT_EQ(migrate(database(), {kSteps[0]}), 1);
  EXPECT_EQ(version(), 1);
  EXPECT_EQ(migrate(database(), kSteps), 1);
  EXPECT_EQ(migrate(database(), kSteps), 0);
  expect_whole();
}

TEST_P(Migrate, TheProgramsOwnSchema) {
  EXPECT_EQ(migrate(database()), latest_schema_version());
  EXPECT_GT(latest_schema_version(), 0);
  EXPECT_EQ(migrate(database()), 0);
  EXPECT_EQ(version(), latest_schema_version());
}

TEST_P(Migrate, TextsOfMailsGoToTheirOwnTable) {
  std::vector<Migration> before = program_migrations();
  before.erase(
      std::find_if(before.begin(), before.end(), [](const Migration& each) { return each.version == 26; }),
      before.end());
  migrate(database(), before);
  database().write([](Connection& connection) {
    for (int account = 1; account <= 2; ++account) {
      connection.execute(Sql(
          "INSERT INTO outreach_emails (id, account_id, project_id, campaign_id, opportunity_id, contact_id, "
          "attempt_number, body_text, body_html, status, created_at) VALUES (?, ?, 1, 1, 1, 1, 1, ?, ?, "
          "'sent', 0)",
          account + 6, account, "Hello " + std::to_string(account), "<p>Hello</p>"));
    }
  });
  migrate(database());
  database().read([](Connection& connection) {
    RowsPtr rows = connection.query(
        Sql("SELECT t.id, t.body_text, t.body_html FROM outreach_emails e JOIN outreach_email_texts t ON "
            "t.account_id = e.account_id AND t.id = e.id ORDER BY e.id"));
    for (int account = 1; account <= 2; ++account) {
      ASSERT_TRUE(rows->next());
      EXPECT_EQ(rows->integer(0), account + 6);
      EXPECT_EQ(rows->text(1), "Hello " + std::to_string(account));
      EXPECT_EQ(rows->text(2), "<p>Hello</p>");
    }
    EXPECT_FALSE(rows->next());
  });
}

TEST_P(Migrate, WinsByDeletedMilestonesAreCountedAnew) {
  std::vector<Migration> before = program_migrations();
  before.erase(
      std::find_if(before.begin(), before.end(), [](const Migration& each) { return each.version == 28; }),
      before.end());
  migrate(database(), before);
  database().write([](Connection& connection) {
    connection.execute(
        Sql("INSERT INTO milestones (id, account_id, name, kind, created_at) VALUES (1, 1, 'Yes', 'won', "
            "0)"));
    // Two opportunities for each milestone; those above 1 are deleted.
    std::int64_t opportunity = 0;
    for (const auto& [milestone, name] : std::initializer_list<std::pair<int, std::string_view>>{
             {1, "Old name"}, {77, "Won - Gone"}, {78, "Lost - Gone"}, {79, "Talks"}}) {
      for (int i = 0; i < 2; ++i) {
        connection.execute(
            Sql("INSERT INTO milestone_history (account_id, opportunity_id, project_id, previous_id, new_id, "
                "new_name, changed_at) VALUES (1, ?, 5, 0, ?, ?, 0)",
                ++opportunity, milestone, name));
      }
    }
    connection.execute(
        Sql("INSERT INTO counters (account_id, name, slot, n) VALUES (1, 'milestone_won:5', 0, 9), "
            "(1, 'milestone_won:5', 3, 2), (1, 'milestone_changed:5', 0, 8)"));
  });
  migrate(database());
  database().read([](Connection& connection) {
    const auto sum = [&](std::string_view name) {
      return connection.integer(
          Sql("SELECT CAST(SUM(n) AS BIGINT) FROM counters WHERE account_id = 1 AND name = ?", name));
    };
    EXPECT_EQ(sum("milestone_won:5"), 4);
    EXPECT_EQ(sum("milestone_changed:5"), 8);
    RowsPtr rows = connection.query(Sql("SELECT id, kind FROM deleted_milestones ORDER BY id"));
    for (const auto& [id, kind] :
         std::initializer_list<std::pair<int, std::string_view>>{{77, "won"}, {78, "lost"}, {79, "open"}}) {
      ASSERT_TRUE(rows->next());
      EXPECT_EQ(rows->integer(0), id);
      EXPECT_EQ(rows->text(1), kind);
    }
    EXPECT_FALSE(rows->next());
  });
}

TEST_P(Migrate, KilledBeforeEachStatementAndRepeated) {
  bool finished = false;
  int deaths = 0;
  for (int statements = 0; !finished; ++statements) {
    ASSERT_LT(statements, 100);
    // Each death leaves its mark on the same database; the last run goes through.
    close();
    const pid_t child = fork();
    if (child == 0) {
      const auto own = Database::open(options());
      DyingDatabase dying(*own, statements);
      migrate(dying, kSteps);
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_TRUE(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77) << WEXITSTATUS(status);
    reopen();
    finished = WEXITSTATUS(status) == 0;
    if (finished) break;
    ++deaths;
    // Whole steps only.
    const int reached = version();
    EXPECT_EQ(migrate(database(), kSteps), 2 - reached);
    expect_whole();
    create("DROP TABLE first; DROP TABLE second; DROP TABLE schema_version");
  }
  expect_whole();
  EXPECT_GT(deaths, 12);
}

TEST_P(Migrate, TwoProgramsAtOnce) {
  const auto other = Database::open(options());
  std::atomic<int> steps = 0;
  std::thread thread([&] { steps += migrate(*other, kSteps); });
  steps += migrate(database(), kSteps);
  thread.join();
  EXPECT_EQ(steps, 2);
  expect_whole();
}

TEST_P(Migrate, ABadStepLeavesNothing) {
  const std::vector<Migration> bad{
      kSteps[0], {2, "0002_bad.sql", "CREATE TABLE second (a BIGINT); INSERT INTO nothing VALUES (1)"}};
  EXPECT_EQ(error_of([&] { migrate(database(), bad); }), base::ErrorCode::internal);
  EXPECT_EQ(version(), 1);
  EXPECT_EQ(migrate(database(), kSteps), 1);
  expect_whole();
}

TEST_P(Migrate, ANewerSchemaIsRefused) {
  migrate(database(), kSteps);
  try {
    migrate(database(), {kSteps[0]});
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("newer version"), std::string::npos);
    EXPECT_NE(error.message().find("schema 2"), std::string::npos);
  }
  expect_whole();
}

}  // namespace
}  // namespace overture::db
