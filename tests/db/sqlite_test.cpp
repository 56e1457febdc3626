// What only SQLite has: a file, a disk, group commit, backups, other processes beside us.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

#include "db/sqlite_writer.hpp"
#include "each_engine.hpp"

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

class Sqlite : public EachEngine {
 protected:
  void SetUp() override {
    EachEngine::SetUp();
    create("CREATE TABLE things (id {id}, name TEXT)");
  }
  void add(const std::string& name) {
    database().write([&](Connection& connection) {
      connection.execute(Sql("INSERT INTO things (name) VALUES (?)", name));
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Db, Sqlite, testing::Values(Engine::sqlite), engine_name);

TEST_P(Sqlite, WhatWaitsIsCommittedTogether) {
  close();
  std::atomic<int> done = 0;
  {
    SqliteWriter writer(path(), 1024);
    std::promise<void> go;
    const auto gate = go.get_future().share();
    const auto finish = [&](std::exception_ptr error) { done += error ? 1000 : 1; };
    writer.push([gate](Connection&) { gate.wait(); }, finish);
    for (int i = 0; i < 300; ++i) {
      writer.push(
          [](Connection& connection) { connection.execute(Sql("INSERT INTO things (name) VALUES ('x')")); },
          finish);
    }
    EXPECT_EQ(writer.commits(), 0U);
    go.set_value();
    while (done < 301) std::this_thread::yield();
    EXPECT_LE(writer.commits(), 2U);
  }
  EXPECT_EQ(done, 301);
  reopen();
  EXPECT_EQ(count("things"), 300);
}

TEST_P(Sqlite, AGroupIsBoundedInTime) {
  close();
  SqliteWriter writer(path(), 1024);
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i) {
    writer.push([](Connection&) { std::this_thread::sleep_for(std::chrono::milliseconds(60)); },
                [&](std::exception_ptr) { ++done; });
  }
  while (done < 8) std::this_thread::yield();
  EXPECT_GE(writer.commits(), 3U);
}

/// Whether another process finds the shared lock of our connections on the file; without it, that process
/// would take itself for the last user of the database and remove its log.
bool others_see_us(const std::string& path) {
  const pid_t other = ::fork();
  if (other == 0) {
    constexpr off_t kSharedBytes = 0x40000002;  // of SQLite's file format, "pending byte" and what follows
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = kSharedBytes;
    lock.l_len = 510;
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    const bool asked = file >= 0 && ::fcntl(file, F_GETLK, &lock) == 0;
    ::_exit(asked && lock.l_type == F_RDLCK ? 0 : 1);
  }
  int status = 1;
  return ::waitpid(other, &status, 0) == other && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_P(Sqlite, AReadSeesOneSnapshot) {
  add("a");
  database().read([&](Connection& connection) {
    EXPECT_EQ(connection.integer(Sql("SELECT count(*) FROM things")), 1);
    add("b");
    EXPECT_EQ(connection.integer(Sql("SELECT count(*) FROM things")), 1);
  });
  EXPECT_EQ(count("things"), 2);
}

TEST_P(Sqlite, AFullDatabaseFailsClearlyAndHeals) {
  add("before");
  const auto limit_pages = [&](Literal pragma) {
    database().write([&](Connection& connection) { connection.query(Sql(pragma))->next(); });
  };
  limit_pages("PRAGMA max_page_count = 20");
  const auto fill = [&] {
    try {
      add(std::string(1'000'000, 'x'));
    } catch (const Error& error) {
      EXPECT_EQ(error.message(), "The database cannot be written: disk full");
      throw;
    }
  };
  EXPECT_EQ(error_of(fill), ErrorCode::unavailable);
  EXPECT_EQ(count("things"), 1);  // reads go on
  add("small");
  limit_pages("PRAGMA max_page_count = 1073741823");
  add(std::string(1'000'000, 'x'));
  EXPECT_EQ(count("things"), 3);
}

TEST_P(Sqlite, AFullDatabaseFailsTheWholeGroup) {
  database().write(
      [](Connection& connection) { connection.query(Sql("PRAGMA max_page_count = 20"))->next(); });
  std::promise<void> go;
  std::atomic<int> failed = 0;
  std::atomic<int> succeeded = 0;
  const auto finish = [&](std::exception_ptr error) { ++(error ? failed : succeeded); };
  const std::string large(1'000'000, 'x');
  database().write_async([gate = go.get_future().share()](Connection&) { gate.wait(); }, finish);
  for (int i = 0; i < 3; ++i) {
    database().write_async(
        [&, i](Connection& connection) {
          connection.execute(Sql("INSERT INTO things (name) VALUES (?)", i == 1 ? large : "small"));
        },
        finish);
  }
  go.set_value();
  while (failed + succeeded < 4) std::this_thread::yield();
  EXPECT_GE(failed, 3);
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Sqlite, AfterAnInputOutputErrorItIsOpenedAnew) {
  add("before");
  // No file may grow beyond what the log has now: the next write of the log fails as a broken disk would.
  struct stat log {};
  ASSERT_EQ(stat((path() + "-wal").c_str(), &log), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = old;
  small.rlim_cur = static_cast<rlim_t>(log.st_size);
  setrlimit(RLIMIT_FSIZE, &small);
  const auto first = error_of([&] { add("during"); });
  const auto second = error_of([&] { add("during"); });
  setrlimit(RLIMIT_FSIZE, &old);
  EXPECT_EQ(first, ErrorCode::unavailable);
  EXPECT_EQ(second, ErrorCode::unavailable);
  EXPECT_EQ(count("things"), 1);
  add("after");
  EXPECT_EQ(count("things"), 2);
  EXPECT_TRUE(others_see_us(path()));
}

TEST_P(Sqlite, ABackupUnderLoadIsWhole) {
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  for (int i = 0; i < 200; ++i) add(std::string(10'000, 'x'));
  std::thread load([&] {
    while (!stop) {
      add(std::string(1000, 'y'));
      ++written;
    }
  });
  while (written < 20) std::this_thread::yield();
  const int before = written;
  const std::string copy = (directory() / "copy.sqlite").string();
  database().backup(copy);
  stop = true;
  load.join();
  const auto restored = Database::open({.url = "sqlite:" + copy});
  restored->read([&](Connection& connection) {
    EXPECT_EQ(connection.text(Sql("PRAGMA integrity_check")), "ok");
    EXPECT_GE(connection.integer(Sql("SELECT count(*) FROM things")), 200 + before);
  });
  // Never over something else, and nothing is left lying about.
  EXPECT_EQ(error_of([&] { database().backup(copy); }), ErrorCode::conflict);
  EXPECT_EQ(error_of([&] { database().backup((directory() / "no" / "where").string()); }),
            ErrorCode::unavailable);
  for (const auto& entry : std::filesystem::directory_iterator(directory())) {
    EXPECT_EQ(entry.path().string().find(".part"), std::string::npos) << entry.path();
  }
}

TEST_P(Sqlite, AnotherProcessMayWriteBeside) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE; INSERT INTO things (name) VALUES ('theirs')", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  std::thread ours([&] { add("ours"); });  // waits
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  EXPECT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  ours.join();
  sqlite3_close(other);
  EXPECT_EQ(count("things"), 2);
}

TEST_P(Sqlite, AStampTellsOfEveryCommit) {
  add("a");
  const std::optional<Stamp> first = database().stamp();
  ASSERT_TRUE(first);
  EXPECT_EQ(count("things"), 1);
  EXPECT_EQ(database().stamp(), first) << "reading changes nothing";
  add("b");
  const std::optional<Stamp> second = database().stamp();
  EXPECT_NE(second, first);

  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(other, "BEGIN; INSERT INTO things (name) VALUES ('theirs')", nullptr, nullptr, nullptr),
      SQLITE_OK);
  EXPECT_EQ(database().stamp(), second) << "not committed yet";
  ASSERT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  const std::optional<Stamp> third = database().stamp();
  EXPECT_NE(third, second);
  // The log begins anew after this, with counters of frames that were there before.
  ASSERT_EQ(sqlite3_exec(other, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  std::vector<Stamp> seen{*first, *second, *third};
  for (int i = 0; i < 20; ++i) {
    add("c");
    const std::optional<Stamp> now = database().stamp();
    ASSERT_TRUE(now);
    EXPECT_EQ(std::count(seen.begin(), seen.end(), *now), 0);
    seen.push_back(*now);
  }
}

TEST_P(Sqlite, AReadBeginsWithItsFirstStatement) {
  database().read([&](Connection& connection) {
    add("a");
    EXPECT_EQ(connection.integer(Sql("SELECT count(*) FROM things")), 1);
    add("b");
    EXPECT_EQ(connection.integer(Sql("SELECT count(*) FROM things")), 1);
  });
  database().read([](Connection&) {});
  EXPECT_EQ(count("things"), 2);
}

TEST_P(Sqlite, ClosingLeavesOneFileForItsOwnerOnly) {
  add("a");
  struct stat file {};
  ASSERT_EQ(stat(path().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  close();
  EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
  reopen();
  EXPECT_EQ(count("things"), 1);
}

TEST_P(Sqlite, WhatCannotBeOpenedSaysSo) {
  const auto open = [](const std::string& url) { return error_of([&] { Database::open({.url = url}); }); };
  EXPECT_EQ(open("sqlite:/no/such/directory/x.sqlite"), ErrorCode::unavailable);
  EXPECT_EQ(open("sqlite:" + directory().string()), ErrorCode::unavailable);
  EXPECT_EQ(open("sqlite::memory:"), ErrorCode::unavailable);
  EXPECT_EQ(open("mysql://x"), ErrorCode::unavailable);
  const std::string other = (directory() / "text").string();
  std::ofstream(other) << "This is no database, but it is long enough to be taken for the head of one. "
                       << path();
  EXPECT_EQ(open("sqlite:" + other), ErrorCode::unavailable);
}

TEST_P(Sqlite, WaitingForAReaderEnds) {
  close();
  Options few = options();
  few.readers = 1;
  few.read_deadline = 100;
  const auto small = Database::open(few);
  small->read([&](Connection&) {
    EXPECT_EQ(error_of([&] { small->read([](Connection&) {}); }), ErrorCode::unavailable);
  });
  EXPECT_NO_THROW(small->read([](Connection&) {}));
}

}  // namespace
}  // namespace overture::db
