// Writes of a lease's holder, each guarded by lease_token.
#include "jobs/lease.hpp"

#include "jobs/events.hpp"

namespace overture::jobs {
namespace {

/// Runs an UPDATE of the job's row; false when the job is not ours any more.
bool update(db::Connection& connection, const Job& job, db::Sql sql) {
  sql << db::Sql(" WHERE id = ? AND lease_token = ? AND state = 'running'", job.id, job.lease_token);
  return connection.execute(sql) > 0;
}

void must_update(db::Connection& connection, const Job& job, db::Sql sql) {
  if (!update(connection, job, std::move(sql))) throw LeaseLost();
}

}  // namespace

void hold(db::Connection& connection, const Job& job) {
  // A write that changes nothing: it takes the row's lock on PostgreSQL, so that no rescue comes in between.
  must_update(connection, job, db::Sql("UPDATE jobs SET lease_token = lease_token"));
}

bool prolong(db::Connection& connection, const Job& job, base::Millis until) {
  return update(connection, job, db::Sql("UPDATE jobs SET lease_until = ?", until));
}

void record(db::Connection& connection, const Job& job, const Progress& progress) {
  must_update(connection, job,
              db::Sql("UPDATE jobs SET total = ?, done = ?, counts = ?, errors = ?, attempts = 0",
                      progress.total, progress.done, progress.counts, progress.errors));
}

void finish(db::Connection& connection, const Job& job, JobState state, std::string_view error,
            base::Millis now) {
  must_update(connection, job,
              db::Sql("UPDATE jobs SET state = ?, error = ?, finished_at = ?, lease_until = 0",
                      state_name(state), error, now));
  note_finished(connection, job, state, error, now);
  if (state == JobState::failed) return;
  connection.execute(
      db::Sql("DELETE FROM job_chunks WHERE account_id = ? AND job_id = ?", job.account, job.id));
}

void put_back(db::Connection& connection, const Job& job, base::Millis run_at, bool attempted,
              std::string_view error) {
  must_update(connection, job,
              db::Sql("UPDATE jobs SET state = 'queued', run_at = ?, error = ?, "
                      "attempts = CASE WHEN attempts > 0 THEN attempts - ? ELSE 0 END, "
                      "lease_until = 0",
                      run_at, error, attempted ? 0 : 1));
}

std::vector<Chunk> find_chunks(db::Connection& connection, const Job& job, int most) {
  static constexpr db::Literal kFirst =
      "SELECT position, payload FROM job_chunks WHERE account_id = ? AND job_id = ? ORDER BY position LIMIT "
      "?";
  std::vector<Chunk> chunks;
  const auto rows = connection.query(db::Sql(kFirst, job.account, job.id, most));
  while (rows->next()) chunks.push_back({rows->integer(0), std::string(rows->text(1))});
  return chunks;
}

void remove_chunks(db::Connection& connection, const Job& job, std::int64_t last) {
  static constexpr db::Literal kDelete =
      "DELETE FROM job_chunks WHERE account_id = ? AND job_id = ? AND position <= ?";
  connection.execute(db::Sql(kDelete, job.account, job.id, last));
}

}  // namespace overture::jobs
