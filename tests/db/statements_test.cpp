// Statements, values and rows mean the same on both engines.
#include <cmath>
#include <limits>

#include "each_engine.hpp"

namespace overture::db {
namespace {

using base::ErrorCode;

class Statements : public EachEngine {
 protected:
  void SetUp() override {
    EachEngine::SetUp();
    create(
        "CREATE TABLE things (id {id}, whole BIGINT, number DOUBLE PRECISION, name TEXT {primary_key:id});"
        "CREATE UNIQUE INDEX things_by_name ON things (name)");
  }
  std::vector<std::string> texts(const Sql& sql) {
    return database().read([&](Connection& connection) {
      std::vector<std::string> found;
      for (RowsPtr rows = connection.query(sql); rows->next();) found.emplace_back(rows->text(0));
      return found;
    });
  }
  void add_names(const std::vector<std::string>& names) {
    database().write([&](Connection& connection) {
      for (const auto& name : names) connection.execute(Sql("INSERT INTO things (name) VALUES (?)", name));
    });
  }
};
ON_EACH_ENGINE(Statements);

TEST_P(Statements, ValuesComeBackAsTheyWere) {
  constexpr auto kSmallest = std::numeric_limits<std::int64_t>::min();
  constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
  const std::string name = "O'Neil \"quoted\" \\ ? $1 %s äöü 😀\n\ttab";
  database().write([&](Connection& connection) {
    const Literal insert = "INSERT INTO things (whole, number, name) VALUES (?, ?, ?)";
    EXPECT_EQ(connection.execute(Sql(insert, kSmallest, 0.1, name)), 1);
    EXPECT_EQ(connection.execute(Sql(insert, kLargest, 1e300, "")), 1);
    EXPECT_EQ(connection.execute(Sql(insert, nullptr, nullptr, nullptr)), 1);
  });
  database().read([&](Connection& connection) {
    RowsPtr rows = connection.query(Sql("SELECT whole, number, name, id FROM things ORDER BY id"));
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->integer(0), kSmallest);
    EXPECT_EQ(rows->number(1), 0.1);
    EXPECT_EQ(rows->text(2), name);
    EXPECT_EQ(rows->integer(3), 1);
    EXPECT_FALSE(rows->is_null(2));
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->integer(0), kLargest);
    EXPECT_EQ(rows->number(1), 1e300);
    EXPECT_EQ(rows->text(2), "");
    EXPECT_FALSE(rows->is_null(2));
    ASSERT_TRUE(rows->next());
    for (int column = 0; column < 3; ++column) {
      EXPECT_TRUE(rows->is_null(column));
      EXPECT_EQ(rows->integer(column), 0);
      EXPECT_EQ(rows->number(column), 0);
      EXPECT_EQ(rows->text(column), "");
    }
    EXPECT_FALSE(rows->next());
    EXPECT_FALSE(rows->next());
  });
}

TEST_P(Statements, SixtyFourBitsInArithmetic) {
  const std::int64_t now = 1'700'000'000'000;
  database().read([&](Connection& connection) {
    EXPECT_EQ(connection.integer(Sql("SELECT ? + 1000", now)), now + 1000);
    EXPECT_EQ(connection.integer(Sql("SELECT 1 WHERE ? > 5", now)), 1);
    EXPECT_EQ(connection.integer(Sql("SELECT count(*) FROM things WHERE whole < ? - ?", now, 5)), 0);
  });
}

TEST_P(Statements, QuestionMarksInQuotesAreText) {
  database().read([&](Connection& connection) {
    EXPECT_EQ(connection.text(Sql("SELECT 'a?''?b' || CAST(? AS TEXT) -- why?\n", "c")), "a?'?bc");
  });
}

TEST_P(Statements, LowerKnowsAllLetters) {
  database().read([&](Connection& connection) {
    EXPECT_EQ(connection.text(Sql("SELECT lower(CAST(? AS TEXT))", "ÄÖÜ ÉÑ ΣΊΣΥΦΟΣ ЖЩ Åb İ ẞ")),
              "äöü éñ σίσυφοσ жщ åb i ß");
    EXPECT_TRUE(connection.query(Sql("SELECT 1 WHERE lower(NULL) IS NULL"))->next());
  });
}

TEST_P(Statements, LikeIsCaseSensitiveAndEscapes) {
  add_names({"abc", "ABC", "a%c", "a_c", "a\\c", "ä%"});
  const Literal like = "SELECT name FROM things WHERE name LIKE ? ESCAPE '\\' ORDER BY name";
  EXPECT_EQ(texts(Sql(like, "ab%")), (std::vector<std::string>{"abc"}));
  EXPECT_EQ(texts(Sql(like, "a\\%c")), (std::vector<std::string>{"a%c"}));
  EXPECT_EQ(texts(Sql(like, "a\\_c")), (std::vector<std::string>{"a_c"}));
  EXPECT_EQ(texts(Sql(like, "a\\\\c")), (std::vector<std::string>{"a\\c"}));
  EXPECT_EQ(texts(Sql(like, "a_c")), (std::vector<std::string>{"a%c", "a\\c", "a_c", "abc"}));
  EXPECT_EQ(texts(Sql(like, "_\\%")), (std::vector<std::string>{"ä%"}));
}

TEST_P(Statements, TextIsOrderedByCodePoints) {
  const std::vector<std::string> ordered{"A", "Z", "_", "a",  "a b",    "aB", "ab",
                                         "z", "Ä", "é", "中", "\uFFFD", "😀"};
  add_names({ordered.rbegin(), ordered.rend()});
  EXPECT_EQ(texts(Sql("SELECT name FROM things ORDER BY name")), ordered);
  EXPECT_EQ(texts(Sql("SELECT name FROM things WHERE name > 'z' ORDER BY name LIMIT 2")),
            (std::vector<std::string>{"Ä", "é"}));
}

TEST_P(Statements, TheSameTextMayRunInsideItself) {
  add_names({"a", "b", "c"});
  database().read([&](Connection& connection) {
    const Sql all("SELECT name FROM things ORDER BY name");
    std::string seen;
    for (RowsPtr outer = connection.query(all); outer->next();) {
      for (RowsPtr inner = connection.query(all); inner->next();) {
        (seen += outer->text(0)) += inner->text(0);
      }
      seen += ' ';
    }
    EXPECT_EQ(seen, "aaabac babbbc cacbcc ");
    // Left in the middle, and started again with other values.
    const Literal from = "SELECT name FROM things WHERE name >= ? ORDER BY name";
    EXPECT_EQ(connection.text(Sql(from, "b")), "b");
    EXPECT_EQ(connection.text(Sql(from, "c")), "c");
    EXPECT_EQ(connection.text(Sql(from, "a")), "a");
  });
}

TEST_P(Statements, MoreTextsThanAreKept) {
  database().read([&](Connection& connection) {
    RowsPtr open = connection.query(Sql("SELECT 1 UNION ALL SELECT 2 ORDER BY 1"));
    ASSERT_TRUE(open->next());
    for (int round = 0; round < 2; ++round) {
      Sql sql("SELECT 1");
      for (int i = 1; i <= 300; ++i) {
        sql << " + 1";
        EXPECT_EQ(connection.integer(sql), i + 1);
      }
    }
    ASSERT_TRUE(open->next());
    EXPECT_EQ(open->integer(0), 2);
  });
}

TEST_P(Statements, ChangesHappenAtOnceAndAreCounted) {
  add_names({"a", "b"});
  database().write([&](Connection& connection) {
    EXPECT_EQ(connection.execute(Sql("UPDATE things SET whole = 5")), 2);
    EXPECT_EQ(connection.execute(Sql("UPDATE things SET whole = 6 WHERE name = 'x'")), 0);
    EXPECT_EQ(connection.execute(Sql("SELECT 1")), 0);
    const RowsPtr unread = connection.query(Sql("UPDATE things SET whole = 7 WHERE name = 'a' RETURNING id"));
    EXPECT_EQ(connection.integer(Sql("SELECT whole FROM things WHERE name = 'a'")), 7);
    EXPECT_EQ(connection.integer(Sql("INSERT INTO things (name) VALUES ('c') RETURNING id")), 3);
    EXPECT_EQ(connection.execute(Sql("DELETE FROM things WHERE whole = 5")), 1);
  });
}

TEST_P(Statements, Conveniences) {
  database().read([&](Connection& connection) {
    EXPECT_FALSE(connection.exists(Sql("SELECT 1 FROM things")));
    EXPECT_EQ(connection.integer(Sql("SELECT id FROM things"), -1), -1);
    EXPECT_EQ(connection.integer(Sql("SELECT max(id) FROM things"), -1), -1);
    EXPECT_EQ(connection.text(Sql("SELECT name FROM things")), "");
    EXPECT_EQ(connection.engine(), GetParam());
  });
}

TEST_P(Statements, FailuresHaveTheSameCodes) {
  add_names({"taken"});
  const auto write = [&](const Sql& sql) {
    return error_of([&] { database().write([&](Connection& connection) { connection.execute(sql); }); });
  };
  EXPECT_EQ(write(Sql("INSERT INTO things (name) VALUES ('taken')")), ErrorCode::conflict);
  EXPECT_EQ(write(Sql("INSERT INTO things (id, name) VALUES (1, 'x')")), ErrorCode::conflict);
  EXPECT_EQ(write(Sql("INSERT INTO nothing (name) VALUES ('x')")), ErrorCode::internal);
  EXPECT_EQ(write(Sql("NO SQL")), ErrorCode::internal);
  EXPECT_EQ(write(Sql("SELECT \"no column\"")), ErrorCode::internal);
  EXPECT_EQ(write(Sql("INSERT INTO things (name) VALUES (?)", std::string("a\0b", 3))),
            ErrorCode::invalid_value);
  EXPECT_EQ(write(Sql("SELECT 1; SELECT 2")), ErrorCode::internal);
  const auto wrong_count = [&] {
    database().read([](Connection& connection) { connection.query(Sql("SELECT CAST(? AS BIGINT)")); });
  };
  EXPECT_EQ(error_of(wrong_count), ErrorCode::internal);
  // And all goes on.
  add_names({"next"});
  EXPECT_EQ(count("things"), 2);
}

TEST_P(Statements, ReadersCannotWrite) {
  const auto write = [&] {
    database().read(
        [](Connection& connection) { connection.execute(Sql("INSERT INTO things (name) VALUES ('x')")); });
  };
  EXPECT_THROW(write(), base::Error);
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Statements, DeadlineEndsAStatementAndNothingElse) {
  const Literal endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) "
      "FROM n";
  const auto started = std::chrono::steady_clock::now();
  const auto read = [&] {
    database().read([&](Connection& connection) {
      connection.set_deadline(100);
      connection.integer(Sql(endless));
    });
  };
  EXPECT_EQ(error_of(read), ErrorCode::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(2));
  EXPECT_EQ(count("things"), 0);
}

}  // namespace
}  // namespace overture::db
