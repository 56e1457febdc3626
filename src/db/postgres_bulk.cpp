// Many rows at once: COPY, and ids for them ahead of time.
#include <chrono>

#include "db/engines.hpp"
#include "db/postgres_connection.hpp"

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kChunk = 64 * 1024;
constexpr int kAttemptsBesideOthers = 20;

}  // namespace

void PostgresConnection::insert(const BulkInsert& rows) {
  if (rows.rows() == 0) return;
  for (const Value& value : rows.values) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && text->find('\0') != std::string::npos) {
      throw Error(ErrorCode::invalid_value, "Text must not contain the character NUL");
    }
  }
  apply_limit();
  std::string copy = "COPY " + std::string(rows.table.view()) + " (";
  for (std::size_t i = 0; i < rows.columns.size(); ++i) {
    if (i > 0) copy += ", ";
    copy += rows.columns[i].view();
  }
  copy += ") FROM STDIN";
  const base::Millis limit = limit_ > 0 ? limit_ + 2 * base::kSecond : 0;
  const Time deadline =
      limit > 0 ? std::chrono::steady_clock::now() + std::chrono::milliseconds(limit) : Time::max();
  run_text(copy, limit);
  copy_rows(rows, deadline);
  while (true) {
    const int ended = PQputCopyEnd(handle_.get(), nullptr);
    if (ended < 0) fail_lost();
    if (ended > 0) break;
    wait(Wait::output, deadline);
  }
  finish(copy, limit);
}

void PostgresConnection::copy_rows(const BulkInsert& rows, Time deadline) {
  std::string data;
  data.reserve(kChunk + kChunk / 4);
  const std::size_t width = rows.columns.size();
  const std::size_t whole = rows.rows() * width;
  for (std::size_t i = 0; i < whole; ++i) {
    append_copy_field(data, rows.values[i]);
    data += (i + 1) % width == 0 ? '\n' : '\t';
    if (data.size() >= kChunk) {
      put_copy_data(data, deadline);
      data.clear();
    }
  }
  put_copy_data(data, deadline);
}

void PostgresConnection::put_copy_data(const std::string& data, Time deadline) {
  for (;;) {
    const int put = PQputCopyData(handle_.get(), data.data(), static_cast<int>(data.size()));
    if (put < 0) fail_lost();
    if (put > 0) break;
    wait(Wait::output, deadline);
  }
  // Not left to libpq, which would keep all that the server does not take yet in memory.
  flush(deadline);
}

// A sequence gives ids one by one and to whoever asks, and nothing can add to it atomically: setval() after a
// look at it may give ids twice. So the ids are drawn, which takes a third of a microsecond each, and drawn
// again when somebody else got one in between. Others that reserve wait for each other (a lock for this
// statement only), so that is rare; and as a last resort the table is closed to other writers until this
// transaction ends.
std::int64_t PostgresConnection::reserve_ids(Literal table, std::int64_t count) {
  static constexpr Literal kDraw =
      "WITH turn AS MATERIALIZED (SELECT pg_advisory_lock(?)),"
      " drawn AS MATERIALIZED (SELECT nextval(CAST(pg_get_serial_sequence(?, 'id') AS regclass)) AS id"
      " FROM turn, generate_series(1, ?))"
      " SELECT min(id), max(id), pg_advisory_unlock(?) FROM drawn";
  if (count <= 0) throw Error(ErrorCode::internal, {}, "reserve_ids: nothing to reserve");
  const std::int64_t turn = lock_number("reserve_ids/" + std::string(table.view()));
  const Sql draw(kDraw, turn, table.view(), count, turn);
  for (int attempt = 0;; ++attempt) {
    if (attempt == kAttemptsBesideOthers) {
      run_script("LOCK TABLE " + std::string(table.view()) + " IN SHARE ROW EXCLUSIVE MODE");
    }
    try {
      const RowsPtr rows = query(draw);
      rows->next();
      const std::int64_t first = rows->integer(0);
      if (rows->integer(1) - first + 1 == count) return first;
    } catch (...) {
      // Stopped in the middle it may hold its turn for as long as the connection lives.
      handle_.reset();
      throw;
    }
    if (attempt > kAttemptsBesideOthers)
      throw Error(ErrorCode::internal, {}, "reserve_ids: no consecutive ids");
  }
}

}  // namespace overture::db
