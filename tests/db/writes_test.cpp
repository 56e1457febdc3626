// What a write promises: all or nothing, durable when it returns, alone responsible for its failures.
#include <atomic>
#include <set>
#include <thread>

#include "each_engine.hpp"

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

class Writes : public EachEngine {
 protected:
  void SetUp() override {
    EachEngine::SetUp();
    create(
        "CREATE TABLE things (id {id}, name TEXT NOT NULL {primary_key:id});"
        "CREATE UNIQUE INDEX things_by_name ON things (name)");
  }
  static void add(Connection& connection, const std::string& name) {
    connection.execute(Sql("INSERT INTO things (name) VALUES (?)", name));
  }
};
ON_EACH_ENGINE(Writes);

TEST_P(Writes, GiveResultsAndRethrow) {
  const auto id = database().write([](Connection& connection) {
    return connection.integer(Sql("INSERT INTO things (name) VALUES ('a') RETURNING id"));
  });
  EXPECT_EQ(id, 1);
  const auto fail = [&] {
    database().write([](Connection& connection) {
      add(connection, "b");
      throw Error(ErrorCode::not_found);
    });
  };
  EXPECT_EQ(error_of(fail), ErrorCode::not_found);
  EXPECT_THROW(database().write([](Connection&) { throw std::length_error("any other"); }),
               std::length_error);
  EXPECT_EQ(count("things"), 1);
}

TEST_P(Writes, OneThatFailsInAGroupLeavesTheOthers) {
  // The first holds the writer up, so that the rest stand in line and are committed together.
  std::promise<void> go;
  std::atomic<int> done = 0;
  std::atomic<int> failed = 0;
  std::promise<void> all;
  constexpr int kJobs = 40;
  const auto finish = [&](std::exception_ptr error) {
    if (error) ++failed;
    if (++done == kJobs + 1) all.set_value();
  };
  database().write_async([future = go.get_future().share()](Connection&) { future.wait(); }, finish);
  for (int i = 0; i < kJobs; ++i) {
    database().write_async(
        [i](Connection& connection) {
          add(connection, "first " + std::to_string(i));
          if (i % 4 == 0) throw Error(ErrorCode::not_found);
          if (i % 4 == 1) add(connection, "first " + std::to_string(i));
          add(connection, "second " + std::to_string(i));
        },
        finish);
  }
  go.set_value();
  all.get_future().get();
  EXPECT_EQ(failed, kJobs / 2);
  EXPECT_EQ(count("things"), kJobs);
  EXPECT_EQ(count("things WHERE name LIKE 'first %'"), kJobs / 2);
}

TEST_P(Writes, AFailureCannotBeSwallowed) {
  const auto swallow = [&] {
    database().write([](Connection& connection) {
      add(connection, "a");
      try {
        connection.execute(Sql("INSERT INTO nothing VALUES (1)"));
      } catch (const Error&) {
      }
    });
  };
  EXPECT_EQ(error_of(swallow), ErrorCode::internal);
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Writes, ASavepointTakesAFailureBack) {
  database().write([](Connection& connection) {
    add(connection, "a");
    connection.run_script("SAVEPOINT attempt");
    try {
      add(connection, "a");
      FAIL() << "added twice";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::conflict);
      connection.run_script("ROLLBACK TO attempt");
    }
    add(connection, "b");
  });
  EXPECT_EQ(count("things"), 2);
}

TEST_P(Writes, AnInterruptedWriteFailsAlone) {
  const Literal endless =
      "INSERT INTO things (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
      " WHERE i < 2000000000) SELECT 'endless' || i FROM n WHERE i > 1000000000";
  std::promise<void> go;
  std::vector<std::promise<void>> results(3);
  const auto into = [](std::promise<void>& result) {
    return [&result](std::exception_ptr error) { error ? result.set_exception(error) : result.set_value(); };
  };
  database().write_async(
      [future = go.get_future().share()](Connection& connection) {
        future.wait();
        add(connection, "before");
      },
      into(results[0]));
  database().write_async(
      [&](Connection& connection) {
        connection.set_deadline(100);
        connection.execute(Sql(endless));
      },
      into(results[1]));
  database().write_async([](Connection& connection) { add(connection, "after"); }, into(results[2]));
  go.set_value();
  EXPECT_NO_THROW(results[0].get_future().get());
  EXPECT_EQ(error_of([&] { results[1].get_future().get(); }), ErrorCode::unavailable);
  EXPECT_NO_THROW(results[2].get_future().get());
  EXPECT_EQ(count("things"), 2);
}

TEST_P(Writes, ManyThreadsReadAndWrite) {
  constexpr int kThreads = 32;
  constexpr int kRounds = 40;
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < kRounds; ++round) {
        const std::string name = std::to_string(t) + "/" + std::to_string(round);
        const auto id = database().write([&](Connection& connection) {
          return connection.integer(Sql("INSERT INTO things (name) VALUES (?) RETURNING id", name));
        });
        const auto seen = database().read([&](Connection& connection) {
          return connection.text(Sql("SELECT name FROM things WHERE id = ?", id));
        });
        if (seen != name) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(count("things"), kThreads * kRounds);
}

TEST_P(Writes, ClosingFinishesWhatIsQueued) {
  std::atomic<int> done = 0;
  for (int i = 0; i < 200; ++i) {
    database().write_async([i](Connection& connection) { add(connection, std::to_string(i)); },
                           [&](std::exception_ptr error) { done += error ? 1000 : 1; });
  }
  close();
  EXPECT_EQ(done, 200);
  reopen();
  EXPECT_EQ(count("things"), 200);
}

TEST_P(Writes, TooManyWaitingAreRefused) {
  std::promise<void> go;
  const auto gate = go.get_future().share();
  std::atomic<int> refused = 0;
  std::atomic<int> succeeded = 0;
  constexpr int kSent = 11'000;
  for (int i = 0; i < kSent; ++i) {
    database().write_async([gate](Connection&) { gate.wait(); },
                           [&](std::exception_ptr error) { ++(error ? refused : succeeded); });
  }
  // Up to a group of 512 is with the writer already, or one for each writer.
  EXPECT_GT(refused, 0);
  EXPECT_LE(refused, 1000);
  go.set_value();
  close();
  EXPECT_EQ(refused + succeeded, kSent);
  reopen();
}

TEST_P(Writes, LocksKeepOthersOut) {
  create(
      "CREATE TABLE sums (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);"
      "INSERT INTO sums VALUES ('a', 0)");
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        database().write([](Connection& connection) {
          connection.lock("sums/a");
          const auto n = connection.integer(Sql("SELECT n FROM sums WHERE name = 'a'"));
          connection.execute(Sql("UPDATE sums SET n = ? WHERE name = 'a'", n + 1));
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count("sums WHERE n = 160"), 1);
}

TEST_P(Writes, SlotsTellWritersApart) {
  std::set<int> slots;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        database().write([&](Connection& connection) {
          const std::lock_guard guard(mutex);
          slots.insert(connection.counter_slot());
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(slots.size(), on_sqlite() ? 1U : 4U);
  EXPECT_GE(*slots.begin(), 0);
  EXPECT_LE(*slots.rbegin(), 7);
}

}  // namespace
}  // namespace overture::db
