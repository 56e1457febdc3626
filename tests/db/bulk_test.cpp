// Many rows and many ids at once.
#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>

#include "each_engine.hpp"

namespace overture::db {
namespace {

constexpr Literal kColumns[] = {"id", "whole", "number", "name"};

class Bulk : public EachEngine {
 protected:
  void SetUp() override {
    EachEngine::SetUp();
    create(
        "CREATE TABLE things (id {id}, whole BIGINT, number DOUBLE PRECISION, name TEXT {primary_key:id})");
  }
};
ON_EACH_ENGINE(Bulk);

TEST_P(Bulk, NastyValuesComeBackAsTheyWere) {
  std::vector<std::string> names{
      "",      "\t",      "\n",       "\r\n",       "\\",           "\\N",        "\\.",
      "\\\\N", "a\tb\nc", "'quoted'", "\"double\"", "a\\tb",        "ends in \\", "NULL",
      "?",     "$1",      "äöü 😀",    "\x01\x7f",   "\u2028\u0085", "%s{id}",     "\v\f\b"};
  names.push_back(std::string(200'000, 'x') + "\t\\");
  BulkInsert rows{"things", kColumns, {}};
  std::int64_t id = 0;
  for (const auto& name : names) {
    rows.values.insert(rows.values.end(),
                       {Value(++id), Value(id * -1'000'000'000'000), Value(0.1 * double(id)), Value(name)});
  }
  rows.values.insert(rows.values.end(), {Value(++id), Null{}, Null{}, Null{}});
  EXPECT_EQ(rows.rows(), names.size() + 1);
  database().write([&](Connection& connection) { connection.insert(rows); });

  database().read([&](Connection& connection) {
    RowsPtr found = connection.query(Sql("SELECT whole, number, name FROM things ORDER BY id"));
    for (std::size_t i = 0; i < names.size(); ++i) {
      ASSERT_TRUE(found->next());
      const auto number = static_cast<std::int64_t>(i) + 1;
      EXPECT_EQ(found->integer(0), number * -1'000'000'000'000);
      EXPECT_EQ(found->number(1), 0.1 * double(number));
      EXPECT_EQ(found->text(2), names[i]);
      EXPECT_FALSE(found->is_null(2));
    }
    ASSERT_TRUE(found->next());
    EXPECT_TRUE(found->is_null(0) && found->is_null(1) && found->is_null(2));
    EXPECT_FALSE(found->next());
  });
}

TEST_P(Bulk, NoRowsAreFine) {
  database().write([&](Connection& connection) { connection.insert({"things", kColumns, {}}); });
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Bulk, ABadRowUndoesAll) {
  BulkInsert rows{"things", kColumns, {}};
  for (const std::int64_t id : {1, 2, 1})
    rows.values.insert(rows.values.end(), {Value(id), Null{}, Null{}, Null{}});
  const auto insert = [&] { database().write([&](Connection& connection) { connection.insert(rows); }); };
  EXPECT_EQ(error_of(insert), base::ErrorCode::conflict);
  rows.values.resize(4);
  rows.values[3] = std::string("a\0b", 3);
  EXPECT_EQ(error_of(insert), base::ErrorCode::invalid_value);
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Bulk, ReservedIdsAreNobodyElses) {
  constexpr int kThreads = 6;
  constexpr int kRounds = 15;
  constexpr std::int64_t kBlock = 200;
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < kRounds; ++round) {
        try {
          database().write([&](Connection& connection) {
            if (t % 2 == 0) {  // beside others that insert one by one
              connection.execute(Sql("INSERT INTO things (name) VALUES ('single')"));
              return;
            }
            const auto first = connection.reserve_ids("things", kBlock);
            BulkInsert rows{"things", kColumns, {}};
            for (std::int64_t i = 0; i < kBlock; ++i) {
              rows.values.insert(rows.values.end(), {Value(first + i), Null{}, Null{}, Value("block")});
            }
            connection.insert(rows);
          });
        } catch (const std::exception& error) {
          ++failures;
          ADD_FAILURE() << error.what();
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(count("things"), kThreads / 2 * kRounds * (kBlock + 1));
}

TEST_P(Bulk, IdsOfDeletedRowsAreNotReservedAgain) {
  const auto reserve = [&](std::int64_t many) {
    return database().write([&](Connection& connection) { return connection.reserve_ids("things", many); });
  };
  EXPECT_EQ(reserve(10), 1);
  EXPECT_EQ(reserve(1), 11);
  database().write([](Connection& connection) {
    EXPECT_EQ(connection.integer(Sql("INSERT INTO things (name) VALUES ('x') RETURNING id")), 12);
    connection.execute(Sql("DELETE FROM things"));
  });
  EXPECT_EQ(reserve(5), 13);
  database().write([](Connection& connection) {
    EXPECT_EQ(connection.integer(Sql("INSERT INTO things (name) VALUES ('y') RETURNING id")), 18);
  });
}

TEST_P(Bulk, InAnyNumberOfIds) {
  database().write([](Connection& connection) {
    for (int i = 0; i < 10; ++i) connection.execute(Sql("INSERT INTO things (whole) VALUES (?)", i));
  });
  const auto found = [&](const std::vector<std::int64_t>& ids) {
    Sql sql("SELECT count(*) FROM things WHERE ");
    append_in(sql, GetParam(), "id", ids);
    sql << " AND whole >= ";
    sql.bind(0);
    return database().read([&](Connection& connection) { return connection.integer(sql); });
  };
  EXPECT_EQ(found({}), 0);
  EXPECT_EQ(found({3}), 1);
  EXPECT_EQ(found({1, 10, 11, -5, std::numeric_limits<std::int64_t>::max()}), 2);
  std::vector<std::int64_t> many(100'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int64_t>(i) + 5;
  EXPECT_EQ(found(many), 6);
}

}  // namespace
}  // namespace overture::db
