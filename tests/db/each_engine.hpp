// A fresh, empty database for each test, on SQLite and on PostgreSQL: one suite holds both to the same
// behaviour.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "db/database.hpp"

namespace overture::db {

class EachEngine : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override;
  void TearDown() override;

  bool on_sqlite() const { return GetParam() == Engine::sqlite; }
  Database& database() { return *database_; }
  Options options() const;
  void close() { database_.reset(); }
  void reopen() { database_ = Database::open(options()); }

  /// A table with the words of migrations.
  void create(std::string_view script);
  std::int64_t count(Literal table);
  /// The file of the SQLite database.
  std::string path() const { return (directory_ / "test.sqlite").string(); }
  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
  std::string url_;
  std::unique_ptr<Database> database_;
};

/// The code of the error that `action` throws; fails the test when it throws none.
template <class Action>
base::ErrorCode error_of(Action action) {
  try {
    action();
  } catch (const base::Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return {};
}

std::string engine_name(const testing::TestParamInfo<Engine>& info);

#define ON_EACH_ENGINE(suite)                                                                       \
  INSTANTIATE_TEST_SUITE_P(                                                                         \
      Db, suite, testing::Values(::overture::db::Engine::sqlite, ::overture::db::Engine::postgres), \
      ::overture::db::engine_name)

}  // namespace overture::db
