// The wire side of a PostgreSQL connection: connecting, waiting with a deadline, transactions.
#include <poll.h>

#include <algorithm>

#include "db/engines.hpp"
#include "db/postgres_connection.hpp"

namespace overture::db {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kKeptStatements = 200;
// Statements that cost the server nothing: when they take longer, it is not there.
constexpr base::Millis kControlLimit = 2 * base::kSecond;
// A commit may wait for a standby. It is never cancelled: that would make it visible before it is safe.
constexpr base::Millis kCommitLimit = 10 * base::kSecond;
// The server stops a statement by itself at its limit; only when it does not, we do.
constexpr base::Millis kGrace = 2 * base::kSecond;

std::chrono::steady_clock::time_point after(base::Millis limit) {
  if (limit <= 0) return std::chrono::steady_clock::time_point::max();
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(limit);
}

std::string milliseconds(base::Millis limit) { return std::to_string(std::max<base::Millis>(limit, 0)); }

}  // namespace

PostgresConnection::PostgresConnection(PostgresEndpoint& endpoint, Mode mode, int counter_slot)
    : endpoint_(endpoint), mode_(mode), counter_slot_(counter_slot), statements_(kKeptStatements) {
  connect();
}

void PostgresConnection::connect() {
  statements_.clear();
  handle_.reset();
  handle_ = endpoint_.connect();
  PQsetnonblocking(handle_.get(), 1);
  server_limit_ = session_limit_ = 0;
  std::string setup =
      "SET client_min_messages = warning; SET standard_conforming_strings = on; SET TimeZone = 'UTC';"
      // A program that froze must not hold its locks for ever.
      "SET idle_in_transaction_session_timeout = '2min'; SET statement_timeout = 0;"
      // Acknowledged is durable; a stricter setting of the server (remote_apply) stays.
      "SELECT set_config('synchronous_commit', 'on', false)"
      " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');";
  if (mode_ == Mode::reading) setup += "SET default_transaction_read_only = on;";
  run_text(setup, kControlLimit);
}

void PostgresConnection::connect_if_lost() {
  if (handle_ == nullptr || PQstatus(handle_.get()) != CONNECTION_OK) connect();
}

void PostgresConnection::begin() {
  connect_if_lost();
  limit_ = server_limit_ = kWriteDeadline;
  run_text("BEGIN; SET LOCAL statement_timeout = " + milliseconds(kWriteDeadline), kControlLimit);
}

void PostgresConnection::commit() {
  const PostgresResult result = run_text("SET LOCAL statement_timeout = 0; COMMIT", kCommitLimit);
  server_limit_ = session_limit_;
  // The answer to COMMIT of a transaction that had failed.
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
    throw base::Error(base::ErrorCode::internal, {}, "a write went on after a statement of it had failed");
  }
}

void PostgresConnection::roll_back() noexcept {
  server_limit_ = session_limit_;
  if (handle_ == nullptr) return;
  const PGTransactionStatusType status = PQtransactionStatus(handle_.get());
  if (status == PQTRANS_IDLE) return;
  try {
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
      run_text("ROLLBACK", kControlLimit);
      return;
    }
  } catch (const std::exception&) {
    // It is given up below; the server rolls back when it notices.
  }
  handle_.reset();
}

void PostgresConnection::apply_limit() {
  if (limit_ == server_limit_) return;
  const bool inside = in_transaction();
  run_text((inside ? "SET LOCAL statement_timeout = " : "SET statement_timeout = ") + milliseconds(limit_),
           kControlLimit);
  server_limit_ = limit_;
  if (!inside) session_limit_ = limit_;
}

PostgresResult PostgresConnection::run_text(const std::string& text, base::Millis limit) {
  if (handle_ == nullptr || PQsendQuery(handle_.get(), text.c_str()) == 0) fail_lost();
  return finish(text, limit);
}

void PostgresConnection::run_script(std::string_view script) {
  apply_limit();
  run_text(std::string(script), limit_ > 0 ? limit_ + kGrace : 0);
  // What failed since the savepoint is undone, and with it forgotten.
  if (script.starts_with("ROLLBACK TO") && failure_ == PostgresFailure::statement) forget_failure();
}

PostgresResult PostgresConnection::finish(std::string_view sql, base::Millis limit) {
  const Time deadline = after(limit);
  flush(deadline);
  PostgresResult last;
  PostgresResult failed;
  for (;;) {
    while (PQisBusy(handle_.get()) != 0) wait(Wait::input, deadline);
    PostgresResult result(PQgetResult(handle_.get()));
    if (result == nullptr) break;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
      if (failed == nullptr) failed = std::move(result);
    } else {
      last = std::move(result);
      if (status == PGRES_COPY_IN) break;
    }
  }
  if (failed != nullptr) fail(failed.get(), sql);
  if (last == nullptr) fail_lost();
  return last;
}

void PostgresConnection::flush(Time deadline) {
  for (;;) {
    const int left = PQflush(handle_.get());
    if (left < 0) fail_lost();
    if (left == 0) return;
    wait(Wait::output, deadline);
  }
}

void PostgresConnection::wait(Wait what, Time deadline) {
  pollfd socket{PQsocket(handle_.get()), POLLIN, 0};
  // While we send, the server may have to tell us something before it reads on.
  if (what == Wait::output) socket.events = POLLIN | POLLOUT;
  int timeout = -1;
  if (deadline != Time::max()) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, base::kDay));
  }
  const int ready = ::poll(&socket, 1, timeout);
  if (ready == 0 && timeout >= 0 && std::chrono::steady_clock::now() >= deadline) {
    note(PostgresFailure::timed_out);
    handle_.reset();
    throw base::Error(base::ErrorCode::unavailable, "The database took too long", "postgresql: no answer");
  }
  if (ready > 0 && (socket.revents & ~POLLOUT) != 0 && PQconsumeInput(handle_.get()) == 0) fail_lost();
}

void PostgresConnection::fail(const PGresult* result, std::string_view sql) {
  const char* text = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string state = text == nullptr ? "" : text;
  constexpr std::string_view kReadOnly = "25006";
  if (mode_ == Mode::reading && state == kReadOnly) {
    note(PostgresFailure::statement);
    throw base::Error(base::ErrorCode::internal, {}, "a read tries to write: " + std::string(sql));
  }
  const base::Error error = postgres_error(result, sql);
  const bool stale = is_stale_statement(result);
  note(stale ? PostgresFailure::conflict : postgres_failure(state));
  if (stale || failure_ == PostgresFailure::lost) handle_.reset();
  throw error;
}

void PostgresConnection::fail_lost() {
  const base::Error error = postgres_error(handle_.get(), "The database cannot be reached");
  note(PostgresFailure::lost);
  handle_.reset();
  throw error;
}

void PostgresConnection::note(PostgresFailure failure) { failure_ = std::max(failure_, failure); }

}  // namespace overture::db
