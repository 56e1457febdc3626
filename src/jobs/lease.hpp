// What the holder of a job's lease may do. lease_token rises with each claim, and every write is guarded by
// it: a worker that was frozen and lost its lease changes nothing any more.
#pragma once
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "jobs/job.hpp"

namespace overture::jobs {

/// The job belongs to somebody else now, or was cancelled. Stop without a trace.
class LeaseLost final : public std::exception {
 public:
  const char* what() const noexcept override { return "the lease of the job was lost"; }
};

/// How far a job has got; what is written with each step.
struct Progress {
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::string counts = "{}";
  std::string errors = "[]";
};

/// Locks the row of the job until the transaction ends; throws LeaseLost when it is not ours. Call it before
/// any other write of the transaction.
void hold(db::Connection& connection, const Job& job);
/// Prolongs the lease; false when it is lost.
bool prolong(db::Connection& connection, const Job& job, base::Millis until);
/// Writes progress; the attempts begin anew, since the job got on. Throws LeaseLost.
void record(db::Connection& connection, const Job& job, const Progress& progress);
/// The job is over; chunks that are left are removed, except in state failed. Throws LeaseLost.
void finish(db::Connection& connection, const Job& job, JobState state, std::string_view error,
            base::Millis now);
/// Back into the queue, to run at `run_at`. `attempted` = it failed; otherwise this claim does not count.
/// Throws LeaseLost.
void put_back(db::Connection& connection, const Job& job, base::Millis run_at, bool attempted,
              std::string_view error = {});

struct Chunk {
  std::int64_t position = 0;
  std::string payload;
};
/// The first pieces of input that are left, at most `most`, in order.
std::vector<Chunk> find_chunks(db::Connection& connection, const Job& job, int most);
/// All pieces up to this position, which are worked off.
void remove_chunks(db::Connection& connection, const Job& job, std::int64_t last);

}  // namespace overture::jobs
