// The queue on a table. Every function runs inside a transaction of its caller; those that change anything
// inside a write.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "jobs/job.hpp"

namespace overture::jobs {

/// In the transaction of its cause, so that the job exists exactly when its cause does. Runners of this
/// process are woken. `chunks` is the input in pieces (job_chunks), worked off in order. Returns the id.
std::int64_t enqueue(db::Connection& connection, const NewJob& job, std::span<const std::string> chunks = {});
/// As enqueue(), but the caller runs it himself and holds its lease from the start.
Job enqueue_claimed(db::Connection& connection, const NewJob& job, base::Millis lease);

/// Throws Error(not_found).
Job load_job(db::Connection& connection, std::int64_t account, std::int64_t id);
/// The newest job of a campaign: the one that GET progress shows.
std::optional<Job> find_last_job(db::Connection& connection, std::int64_t account, std::int64_t campaign);

/// The next due job of these kinds, now running under a lease of `lease` milliseconds. Nobody else gets it
/// until the lease has run out and rescue() has put it back.
std::optional<Job> claim(db::Connection& connection, std::span<const std::string> kinds, base::Millis now,
                         base::Millis lease);
/// A certain job that is queued, or whose lease has run out.
std::optional<Job> claim_one(db::Connection& connection, std::int64_t id, base::Millis now,
                             base::Millis lease);
/// Cheap and read-only: whether claim() would find something.
bool has_due(db::Connection& connection, std::span<const std::string> kinds, base::Millis now);

/// Puts running jobs of these kinds with an expired lease back into the queue. Returns how many.
std::int64_t rescue(db::Connection& connection, std::span<const std::string> kinds, base::Millis now);

/// Ends a job that is not over: its chunks are removed, its worker cannot write any more. False when it was
/// over.
bool cancel(db::Connection& connection, std::int64_t account, std::int64_t id, base::Millis now,
            std::string_view reason = "cancelled");
/// Cancels all jobs of a campaign that are not over (it was archived or deleted).
std::int64_t cancel_of_campaign(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                                base::Millis now, std::string_view reason);
/// Puts a failed job back into the queue; it goes on where it stopped. False when it is not in state failed.
bool restart(db::Connection& connection, std::int64_t account, std::int64_t id, base::Millis now);

/// Wakes the runners of this process: something may be due. enqueue() does it; the look-up is repeated for a
/// moment, because the transaction may not be durable yet.
void wake_runners();

}  // namespace overture::jobs
