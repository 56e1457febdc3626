// The queue's statements. Times come in, nothing here reads a clock.
#include "jobs/queue.hpp"

#include <algorithm>
#include <vector>
#include "base/error.hpp"
#include "db/text_list.hpp"
#include "jobs/doorbell.hpp"
#include "jobs/events.hpp"

namespace overture::jobs {
namespace {

constexpr db::Literal kColumns =
    "id, account_id, kind, state, campaign_id, user_id, payload, total, done, counts, errors, error, "
    "attempts, "
    "run_at, lease_until, lease_token, created_at, started_at, finished_at";

std::optional<base::Millis> time_of(const db::Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return rows.integer(column);
}

/// Of a statement that ends with kColumns.
std::optional<Job> read_job(db::Connection& connection, const db::Sql& sql) {
  const auto rows = connection.query(sql);
  if (!rows->next()) return std::nullopt;
  Job job;
  job.id = rows->integer(0);
  job.account = rows->integer(1);
  job.kind = rows->text(2);
  job.state = parse_state(rows->text(3));
  job.campaign = rows->integer(4);
  job.user = rows->integer(5);
  job.payload = rows->text(6);
  job.total = rows->integer(7);
  job.done = rows->integer(8);
  job.counts = rows->text(9);
  job.errors = rows->text(10);
  job.error = rows->text(11);
  job.attempts = rows->integer(12);
  job.run_at = rows->integer(13);
  job.lease_until = rows->integer(14);
  job.lease_token = rows->integer(15);
  job.created_at = rows->integer(16);
  job.started_at = time_of(*rows, 17);
  job.finished_at = time_of(*rows, 18);
  // The statement runs to its end: what it changed is complete.
  while (rows->next()) {
  }
  return job;
}

/// One job found by `condition` becomes ours. What is claimed: the first due one, or a certain one.
std::optional<Job> take(db::Connection& connection, const db::Sql& condition, base::Millis now,
                        base::Millis lease) {
  db::Sql sql(
      "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_token = lease_token + 1, "
      "lease_until = ?, "
      "started_at = COALESCE(started_at, ?), error = '' WHERE id = (SELECT id FROM jobs WHERE ",
      now + lease, now);
  sql << condition << " ORDER BY run_at, id LIMIT 1";
  // Differs because on PostgreSQL several workers claim at once, and each shall pass by what another is just
  // taking; SQLite has one writer and no row locks.
  if (connection.engine() == db::Engine::postgres) sql << " FOR UPDATE SKIP LOCKED";
  sql << ") RETURNING " << kColumns;
  return read_job(connection, sql);
}

db::Sql due(db::Engine engine, std::span<const std::string> kinds, base::Millis now) {
  db::Sql sql("state = 'queued' AND run_at <= ? AND ", now);
  db::append_in_texts(sql, engine, "kind", kinds);
  return sql;
}

/// Ends jobs that are not over; a new lease_token shuts their workers out. Returns how many there were.
std::int64_t cancel_where(db::Connection& connection, const db::Sql& condition, base::Millis now,
                          std::string_view reason) {
  // The jobs first, as their workers do, so that nobody waits in a circle.
  db::Sql jobs(
      "UPDATE jobs SET state = 'cancelled', error = ?, finished_at = ?, lease_until = 0, "
      "lease_token = lease_token + 1 WHERE ",
      reason, now);
  jobs << condition << " AND state IN ('queued', 'running') RETURNING id, account_id, kind, campaign_id";
  std::vector<std::int64_t> ids;
  std::vector<Job> cancelled;
  {
    const auto rows = connection.query(jobs);
    while (rows->next()) {
      ids.push_back(rows->integer(0));
      Job job;
      job.id = ids.back();
      job.account = rows->integer(1);
      job.kind = rows->text(2);
      job.campaign = rows->integer(3);
      cancelled.push_back(std::move(job));
    }
  }
  if (ids.empty()) return 0;
  for (const Job& job : cancelled) note_finished(connection, job, JobState::cancelled, reason, now);
  db::Sql chunks("DELETE FROM job_chunks WHERE account_id IN (SELECT account_id FROM jobs WHERE ");
  db::append_in(chunks, connection.engine(), "id", ids);
  chunks << ") AND ";
  db::append_in(chunks, connection.engine(), "job_id", ids);
  connection.execute(chunks);
  return static_cast<std::int64_t>(ids.size());
}

void insert_chunks(db::Connection& connection, std::int64_t account, std::int64_t job,
                   std::span<const std::string> chunks) {
  static constexpr db::Literal kChunkColumns[] = {"account_id", "job_id", "position", "payload"};
  // A few at a time: the texts of a whole import would be in memory twice.
  constexpr std::size_t kAtOnce = 16;
  for (std::size_t from = 0; from < chunks.size(); from += kAtOnce) {
    db::BulkInsert rows{"job_chunks", kChunkColumns, {}};
    for (std::size_t i = from; i < std::min(from + kAtOnce, chunks.size()); ++i) {
      rows.values.emplace_back(account);
      rows.values.emplace_back(job);
      rows.values.emplace_back(static_cast<std::int64_t>(i));
      rows.values.emplace_back(chunks[i]);
    }
    connection.insert(rows);
  }
}

std::int64_t insert_job(db::Connection& connection, const NewJob& job) {
  const std::int64_t id = connection.reserve_ids("jobs", 1);
  static constexpr db::Literal kInsert =
      "INSERT INTO jobs (id, account_id, kind, campaign_id, user_id, payload, total, run_at, created_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  connection.execute(db::Sql(kInsert, id, job.account, job.kind, job.campaign, job.user, job.payload,
                             job.total, job.run_at == 0 ? job.now : job.run_at, job.now));
  return id;
}

}  // namespace

std::int64_t enqueue(db::Connection& connection, const NewJob& job, std::span<const std::string> chunks) {
  const std::int64_t id = insert_job(connection, job);
  insert_chunks(connection, job.account, id, chunks);
  wake_runners();
  return id;
}

Job enqueue_claimed(db::Connection& connection, const NewJob& job, base::Millis lease) {
  const std::int64_t id = insert_job(connection, job);
  return take(connection, db::Sql("id = ?", id), job.now, lease).value();
}

Job load_job(db::Connection& connection, std::int64_t account, std::int64_t id) {
  db::Sql sql("SELECT ");
  sql << kColumns << db::Sql(" FROM jobs WHERE id = ? AND account_id = ?", id, account);
  auto job = read_job(connection, sql);
  if (!job) throw base::Error(base::ErrorCode::not_found);
  return std::move(*job);
}

std::optional<Job> find_last_job(db::Connection& connection, std::int64_t account, std::int64_t campaign) {
  db::Sql sql("SELECT ");
  sql << kColumns
      << db::Sql(" FROM jobs WHERE account_id = ? AND campaign_id = ? ORDER BY id DESC LIMIT 1", account,
                 campaign);
  return read_job(connection, sql);
}

std::optional<Job> claim(db::Connection& connection, std::span<const std::string> kinds, base::Millis now,
                         base::Millis lease) {
  return take(connection, due(connection.engine(), kinds, now), now, lease);
}

std::optional<Job> claim_one(db::Connection& connection, std::int64_t id, base::Millis now,
                             base::Millis lease) {
  static constexpr db::Literal kFree =
      "id = ? AND (state = 'queued' OR (state = 'running' AND lease_until < ?))";
  return take(connection, db::Sql(kFree, id, now), now, lease);
}

bool has_due(db::Connection& connection, std::span<const std::string> kinds, base::Millis now) {
  db::Sql sql("SELECT 1 FROM jobs WHERE ");
  sql << due(connection.engine(), kinds, now) << " LIMIT 1";
  return connection.exists(sql);
}

std::int64_t rescue(db::Connection& connection, std::span<const std::string> kinds, base::Millis now) {
  db::Sql sql(
      "UPDATE jobs SET state = 'queued', run_at = ?, lease_token = lease_token + 1 "
      "WHERE state = 'running' AND lease_until < ? AND ",
      now, now);
  db::append_in_texts(sql, connection.engine(), "kind", kinds);
  return connection.execute(sql);
}

bool cancel(db::Connection& connection, std::int64_t account, std::int64_t id, base::Millis now,
            std::string_view reason) {
  return cancel_where(connection, db::Sql("account_id = ? AND id = ?", account, id), now, reason) > 0;
}

std::int64_t cancel_of_campaign(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                                base::Millis now, std::string_view reason) {
  return cancel_where(connection, db::Sql("account_id = ? AND campaign_id = ?", account, campaign), now,
                      reason);
}

bool restart(db::Connection& connection, std::int64_t account, std::int64_t id, base::Millis now) {
  static constexpr db::Literal kUpdate =
      "UPDATE jobs SET state = 'queued', attempts = 0, run_at = ?, error = '', finished_at = NULL "
      "WHERE account_id = ? AND id = ? AND state = 'failed'";
  if (connection.execute(db::Sql(kUpdate, now, account, id)) == 0) return false;
  wake_runners();
  return true;
}

void wake_runners() { Doorbell::instance().ring(); }

}  // namespace overture::jobs
