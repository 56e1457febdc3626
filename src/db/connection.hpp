// What both engines offer: statements, rows, bulk insertion, locks. Engines are sqlite.cpp and postgres.cpp.
#pragma once
#include <memory>
#include <span>

#include "base/clock.hpp"
#include "db/sql.hpp"

namespace overture::db {

enum class Engine { sqlite, postgres };

/// The rows of one running statement. Columns count from 0. Text is valid until the next call of next().
class Rows {
 public:
  virtual ~Rows() = default;
  virtual bool next() = 0;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;   ///< 0 for null
  virtual double number(int column) const = 0;          ///< 0 for null
  virtual std::string_view text(int column) const = 0;  ///< empty for null
};

using RowsPtr = std::unique_ptr<Rows>;

/// Many rows for one table: values row by row, `columns` long each.
struct BulkInsert {
  Literal table;
  std::span<const Literal> columns;
  std::vector<Value> values;
  std::size_t rows() const { return columns.empty() ? 0 : values.size() / columns.size(); }
};

/// One connection, used by one thread at a time. Failures throw base::Error: `unavailable` when the database
/// cannot be reached, is full or the deadline ran out, `conflict` when a unique index refuses a row,
/// `internal` for a broken statement. A statement that failed ends its write transaction on both engines:
/// what catches the error must let it go on, or go back to a savepoint with run_script("ROLLBACK TO …").
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Engine engine() const = 0;

  /// Runs a statement and returns its rows; the statement is prepared once per text.
  /// The Sql must outlive nothing: values are copied. The rows must not outlive the work they were read in.
  /// Runs up to the first row at once: a failure or change does not wait for next().
  virtual RowsPtr query(const Sql& sql) = 0;
  /// Runs a statement for its effect; returns the number of rows changed.
  virtual std::int64_t execute(const Sql& sql) = 0;
  /// Runs several statements without parameters (migrations, BEGIN, SAVEPOINT).
  virtual void run_script(std::string_view script) = 0;

  /// Inserts all rows at once: a prepared statement in a loop on SQLite, COPY on PostgreSQL.
  virtual void insert(const BulkInsert& rows) = 0;
  /// The first of `count` consecutive ids of `table` (its column is `id {id}`) that nobody else will use.
  /// Inside a write only.
  virtual std::int64_t reserve_ids(Literal table, std::int64_t count) = 0;

  /// Serialises writers that touch the same thing until the transaction ends; shared holders exclude only
  /// exclusive ones. Nothing to do on SQLite, where there is one writer. `name` is hashed.
  virtual void lock(std::string_view name, bool exclusive = true) = 0;

  /// Statements that run longer fail with `unavailable`. 0 = no limit.
  virtual void set_deadline(base::Millis per_statement) = 0;

  /// A number that tells the writers of one database apart, 0…7; counters have one row for each,
  /// so that concurrent writers do not wait for each other's counter rows.
  virtual int counter_slot() const = 0;

  // Conveniences over query().
  bool exists(const Sql& sql) { return query(sql)->next(); }
  /// The first column of the first row; `otherwise` when there is none or it is null.
  std::int64_t integer(const Sql& sql, std::int64_t otherwise = 0) {
    RowsPtr rows = query(sql);
    return rows->next() && !rows->is_null(0) ? rows->integer(0) : otherwise;
  }
  std::string text(const Sql& sql) {
    RowsPtr rows = query(sql);
    return rows->next() ? std::string(rows->text(0)) : std::string();
  }
};

/// Appends `<expression> IN (all of ids)` with the ids bound as one parameter, so that the text
/// (and the prepared statement) is the same for any number of them.
void append_in(Sql& sql, Engine engine, Literal expression, std::span<const std::int64_t> ids);

}  // namespace overture::db
