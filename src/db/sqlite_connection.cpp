// Statements on one SQLite connection: prepared once per text, bound, stepped under a deadline.
#include "db/sqlite_connection.hpp"

namespace overture::db {

using base::Error;
using base::ErrorCode;

namespace {

const Sql kBegin("BEGIN");

Sql insert_sql(const BulkInsert& rows) {
  Sql sql("INSERT INTO ");
  sql << rows.table << " (";
  Sql places;
  for (std::size_t i = 0; i < rows.columns.size(); ++i) {
    if (i > 0) {
      sql << ", ";
      places << ", ";
    }
    sql << rows.columns[i];
    places << "?";
  }
  sql << ") VALUES (" << places << ")";
  return sql;
}

}  // namespace

/// Reads straight from the columns of the statement; gives the statement back when it goes.
class SqliteRows final : public Rows {
 public:
  SqliteRows(SqliteConnection& connection, SqliteStatement& statement, std::unique_ptr<SqliteStatement> own,
             bool has_row)
      : connection_(connection),
        statement_(statement),
        own_(std::move(own)),
        handle_(statement.handle()),
        has_row_(has_row) {}
  ~SqliteRows() override { SqliteConnection::finish(statement_); }

  bool next() override {
    if (first_) {
      first_ = false;
    } else if (has_row_) {
      // Until it is known: step() may throw, and next() must not step over the end.
      has_row_ = false;
      has_row_ = connection_.step(statement_);
    }
    return has_row_;
  }
  bool is_null(int column) const override { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(handle_, column); }
  double number(int column) const override { return sqlite3_column_double(handle_, column); }
  std::string_view text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }

 private:
  SqliteConnection& connection_;
  SqliteStatement& statement_;
  std::unique_ptr<SqliteStatement> own_;
  sqlite3_stmt* handle_;
  bool first_ = true;
  bool has_row_;
};

RowsPtr SqliteConnection::query(const Sql& sql) {
  std::unique_ptr<SqliteStatement> own;
  SqliteStatement& statement = prepare(sql.text(), own);
  bind(statement, sql.params(), true);
  start(statement);
  // The first row is fetched now: a change happens, and a failure shows, here and not at next(), on both
  // engines.
  const bool has_row = step(statement);
  return std::make_unique<SqliteRows>(*this, statement, std::move(own), has_row);
}

std::int64_t SqliteConnection::execute(const Sql& sql) {
  std::unique_ptr<SqliteStatement> own;
  SqliteStatement& statement = prepare(sql.text(), own);
  bind(statement, sql.params(), false);
  return run(statement);
}

void SqliteConnection::run_script(std::string_view script) {
  if (forget_to_begin()) execute(kBegin);
  running_deadline_ = deadline_from_now();
  const int code = sqlite3_exec(handle_, std::string(script).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, script);
  // What failed since the savepoint is undone, and with it forgotten.
  if (script.starts_with("ROLLBACK TO") && failure_ == SqliteFailure::statement) forget_failure();
}

void SqliteConnection::insert(const BulkInsert& rows) {
  if (rows.rows() == 0) return;
  const Sql sql = insert_sql(rows);
  std::unique_ptr<SqliteStatement> own;
  SqliteStatement& statement = prepare(sql.text(), own);
  const std::span<const Value> values = rows.values;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    bind(statement, values.subspan(row * rows.columns.size(), rows.columns.size()), false);
    run(statement);
  }
}

std::int64_t SqliteConnection::reserve_ids(Literal table, std::int64_t count) {
  // sqlite_sequence holds the highest id that was ever given, so ids of deleted rows are not given again.
  static constexpr Literal kRaise = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ? RETURNING seq";
  std::int64_t last = integer(Sql(kRaise, count, table.view()), -1);
  if (last < 0) {
    execute(Sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table.view(), count));
    last = count;
  }
  return last - count + 1;
}

SqliteStatement& SqliteConnection::prepare(const std::string& sql, std::unique_ptr<SqliteStatement>& own) {
  if (forget_to_begin()) execute(kBegin);
  auto* kept = statements_.find(sql);
  if (kept != nullptr && !(*kept)->busy) return **kept;

  sqlite3_stmt* handle = nullptr;
  const unsigned flags = kept == nullptr ? SQLITE_PREPARE_PERSISTENT : 0;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size() + 1), flags, &handle, &rest);
  if (code != SQLITE_OK) fail(code, sql);
  auto statement = std::make_unique<SqliteStatement>(handle);
  if (handle == nullptr || std::string_view(rest).find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw Error(ErrorCode::internal, {}, "not exactly one statement: " + sql);
  }
  if (kept != nullptr) {
    own = std::move(statement);
    return *own;
  }
  return *statements_.add(sql, std::move(statement), [](const auto& old) { return !old->busy; });
}

void SqliteConnection::bind(SqliteStatement& statement, std::span<const Value> values, bool copied) {
  sqlite3_stmt* handle = statement.handle();
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(handle)) != values.size()) {
    throw Error(ErrorCode::internal, {}, "wrong number of parameters: " + std::string(statement.sql()));
  }
  int index = 0;
  for (const Value& value : values) {
    ++index;
    int code = SQLITE_OK;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      code = sqlite3_bind_int64(handle, index, *integer);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      if (text->find('\0') != std::string::npos) {
        throw Error(ErrorCode::invalid_value, "Text must not contain the character NUL");
      }
      code = sqlite3_bind_text64(handle, index, text->data(), text->size(),
                                 copied ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* number = std::get_if<double>(&value)) {
      code = sqlite3_bind_double(handle, index, *number);
    } else {
      code = sqlite3_bind_null(handle, index);
    }
    if (code != SQLITE_OK) fail(code, statement.sql());
  }
}

void SqliteConnection::start(SqliteStatement& statement) {
  statement.busy = true;
  statement.deadline = deadline_from_now();
}

bool SqliteConnection::step(SqliteStatement& statement) {
  running_deadline_ = statement.deadline;
  const int code = sqlite3_step(statement.handle());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  try {
    fail(code, statement.sql());
  } catch (...) {
    finish(statement);
    throw;
  }
}

void SqliteConnection::finish(SqliteStatement& statement) noexcept {
  sqlite3_reset(statement.handle());
  statement.busy = false;
}

std::int64_t SqliteConnection::run(SqliteStatement& statement) {
  const sqlite3_int64 before = sqlite3_total_changes64(handle_);
  start(statement);
  while (step(statement)) {
  }
  finish(statement);
  // sqlite3_changes64() keeps the number of an earlier statement when this one changes no rows by nature.
  return sqlite3_total_changes64(handle_) == before ? 0 : sqlite3_changes64(handle_);
}

SqliteStatement::Time SqliteConnection::deadline_from_now() const {
  if (limit_ <= 0) return SqliteStatement::Time::max();
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_);
}

int SqliteConnection::deadline_passed(void* connection) {
  const auto deadline = static_cast<const SqliteConnection*>(connection)->running_deadline_;
  return deadline != SqliteStatement::Time::max() && std::chrono::steady_clock::now() > deadline ? 1 : 0;
}

void SqliteConnection::roll_back() noexcept {
  running_deadline_ = SqliteStatement::Time::max();
  if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteConnection::fail(int result_code, std::string_view sql) {
  const SqliteFailure reach = sqlite_failure(result_code);
  if (reach > failure_) failure_ = reach;
  if (reach == SqliteFailure::broken) broken_ = true;
  throw sqlite_error(handle_, result_code, sql);
}

}  // namespace overture::db
