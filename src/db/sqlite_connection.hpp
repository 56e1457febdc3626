// One connection to a SQLite file, with its prepared statements.
#pragma once
#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/lru_cache.hpp"
#include "db/connection.hpp"
#include "db/sqlite_error.hpp"

namespace overture::db {

/// A prepared statement that knows whether somebody is still reading from it.
class SqliteStatement {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit SqliteStatement(sqlite3_stmt* handle) : handle_(handle) {}
  ~SqliteStatement() { sqlite3_finalize(handle_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  sqlite3_stmt* handle() const { return handle_; }
  std::string_view sql() const { return sqlite3_sql(handle_); }

  bool busy = false;
  Time deadline = Time::max();

 private:
  sqlite3_stmt* handle_;
};

class SqliteConnection final : public Connection {
 public:
  enum class Mode { reading, writing };

  /// Opens (writing: creates, readable by the owner only) the file and makes it a WAL database.
  SqliteConnection(std::string path, std::size_t page_cache_kib, Mode mode);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Engine engine() const override { return Engine::sqlite; }
  RowsPtr query(const Sql& sql) override;
  std::int64_t execute(const Sql& sql) override;
  void run_script(std::string_view script) override;
  void insert(const BulkInsert& rows) override;
  std::int64_t reserve_ids(Literal table, std::int64_t count) override;
  void lock(std::string_view, bool) override {}
  void set_deadline(base::Millis per_statement) override { limit_ = per_statement; }
  int counter_slot() const override { return 0; }

  /// The next statement begins a transaction. To begin and end one takes more time than a short read, and
  /// many readers find that they need not read.
  void begin_when_used() { to_begin_ = true; }
  /// Whether there was no statement since begin_when_used(); then nothing has begun, nor will.
  bool forget_to_begin() { return std::exchange(to_begin_, false); }

  /// The furthest reaching failure since the last call of forget_failure().
  SqliteFailure failure() const { return failure_; }
  void forget_failure() { failure_ = SqliteFailure::none; }
  /// After input/output errors a connection is closed, never used again.
  bool broken() const { return broken_; }
  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  /// Ends a transaction that may or may not be open, whatever state it is in.
  void roll_back() noexcept;
  sqlite3* handle() { return handle_; }

 private:
  friend class SqliteRows;

  void configure(std::size_t page_cache_kib, Mode mode);
  /// A statement for `sql` that nobody is using. When the kept one is in use, a new one is left in `own`.
  SqliteStatement& prepare(const std::string& sql, std::unique_ptr<SqliteStatement>& own);
  /// `copied`: the values need not live longer than this call.
  void bind(SqliteStatement& statement, std::span<const Value> values, bool copied);
  void start(SqliteStatement& statement);
  /// Whether there is a row. Resets the statement before it throws.
  bool step(SqliteStatement& statement);
  static void finish(SqliteStatement& statement) noexcept;
  std::int64_t run(SqliteStatement& statement);
  SqliteStatement::Time deadline_from_now() const;
  [[noreturn]] void fail(int result_code, std::string_view sql);
  static int deadline_passed(void* connection);

  sqlite3* handle_ = nullptr;
  base::LruCache<std::unique_ptr<SqliteStatement>> statements_;
  base::Millis limit_ = 0;
  SqliteStatement::Time running_deadline_ = SqliteStatement::Time::max();
  SqliteFailure failure_ = SqliteFailure::none;
  bool broken_ = false;
  bool to_begin_ = false;
};

/// Once per process, before the first connection: no locks inside SQLite, each connection has one thread.
void configure_sqlite_library();

}  // namespace overture::db
