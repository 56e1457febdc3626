// One connection to PostgreSQL, with its prepared statements. It survives the connection breaking.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/lru_cache.hpp"
#include "db/connection.hpp"
#include "db/postgres_endpoint.hpp"
#include "db/postgres_error.hpp"
#include "db/postgres_text.hpp"

namespace overture::db {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

class PostgresConnection final : public Connection {
 public:
  enum class Mode { reading, writing };

  /// Connects at once; throws `unavailable`.
  PostgresConnection(PostgresEndpoint& endpoint, Mode mode, int counter_slot);

  Engine engine() const override { return Engine::postgres; }
  RowsPtr query(const Sql& sql) override;
  std::int64_t execute(const Sql& sql) override;
  void run_script(std::string_view script) override;
  void insert(const BulkInsert& rows) override;
  std::int64_t reserve_ids(Literal table, std::int64_t count) override;
  void lock(std::string_view name, bool exclusive) override;
  void set_deadline(base::Millis per_statement) override { limit_ = per_statement; }
  int counter_slot() const override { return counter_slot_; }

  /// Starts a transaction, on a new connection when the old one broke.
  void begin();
  /// Whether the outcome is known: false when the connection broke while the server may have committed.
  void commit();
  /// Undoes what is open; gives up a connection on which that fails.
  void roll_back() noexcept;
  /// The furthest reaching failure since the last call of forget_failure().
  PostgresFailure failure() const { return failure_; }
  void forget_failure() { failure_ = PostgresFailure::none; }
  bool in_transaction() const { return PQtransactionStatus(handle_.get()) != PQTRANS_IDLE; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  enum class Wait { input, output };

  void connect();
  void connect_if_lost();
  PostgresResult run(const Sql& sql);
  PostgresResult run_once(const Sql& sql);
  const std::string& prepare(const Sql& sql);
  void apply_limit();
  /// Runs text without parameters; returns the last result.
  PostgresResult run_text(const std::string& text, base::Millis limit);
  /// Sends what libpq holds back, waits for the answer and returns the last result of it.
  PostgresResult finish(std::string_view sql, base::Millis limit);
  void flush(Time deadline);
  void wait(Wait what, Time deadline);
  void copy_rows(const BulkInsert& rows, Time deadline);
  void put_copy_data(const std::string& data, Time deadline);
  [[noreturn]] void fail(const PGresult* result, std::string_view sql);
  [[noreturn]] void fail_lost();
  void note(PostgresFailure failure);

  PostgresEndpoint& endpoint_;
  const Mode mode_;
  const int counter_slot_;
  PostgresHandle handle_;
  base::LruCache<std::string>
      statements_;  ///< text and parameter types to the name of the prepared statement
  std::uint64_t statements_made_ = 0;
  base::Millis limit_ = 0;
  base::Millis server_limit_ = 0;   ///< statement_timeout as it is now
  base::Millis session_limit_ = 0;  ///< statement_timeout as it is outside of transactions
  PostgresFailure failure_ = PostgresFailure::none;
  // Kept to spare allocations.
  std::string key_;
  std::vector<const char*> values_;
  std::vector<NumberBuffer> numbers_;
};

}  // namespace overture::db
