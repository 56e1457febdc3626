// Runs jobs on threads of its own: claims, keeps leases alive, retries, rescues.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "db/database.hpp"
#include "jobs/lease.hpp"

namespace overture::jobs {

/// How a run ended.
struct JobEnd {
  JobState state = JobState::completed;  ///< completed, completed_at_limit, failed or cancelled
  std::string error;                     ///< for people
};

/// What a run is given.
struct JobContext {
  db::Database& database;
  const base::Clock& clock;
  const Job& job;
  /// The runner wants to stop: leave between two steps by throwing Interrupted.
  const std::atomic<bool>& stopping;
};

/// The run stops before its end, by request; the job goes back into the queue and this claim does not count.
class Interrupted final : public std::exception {
 public:
  const char* what() const noexcept override { return "the job was interrupted"; }
};

/// `run` is called at least once for each job and again after a crash, so its file says why that is harmless.
/// What it throws (but LeaseLost and Interrupted) is a failed attempt: the job is tried again with growing
/// pauses, and fails for good after `attempts`.
struct JobKind {
  std::string name;
  std::function<JobEnd(JobContext&)> run;
  int attempts = 6;
};

struct RunnerOptions {
  int threads = 1;
  base::Millis lease = 10 * base::kSecond;  ///< also how long a killed job rests
  base::Millis poll = base::kSecond;        ///< how often other processes' jobs are looked for
  base::Millis rescue_every = 2 * base::kSecond;
  /// What went wrong, for the log: kind, job, sentence. Called from any thread.
  std::function<void(const Job&, std::string_view)> report = {};
};

/// The pause before attempt number `attempt` + 1: 5 s, 20 s, 80 s, … at most an hour.
base::Millis retry_pause(std::int64_t attempt);

class Runner {
 public:
  Runner(db::Database& database, const base::Clock& clock, std::vector<JobKind> kinds,
         RunnerOptions options = {});
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start();
  /// Asks running jobs to leave and waits for them, `deadline` milliseconds at most; false when one did not.
  /// Jobs that left are back in the queue; the others keep their lease until it runs out.
  bool stop(base::Millis deadline);

  /// Claims and runs one due job on the calling thread; false when there is none. For tests and simulations;
  /// needs no start(). Expired leases are rescued first.
  bool run_one();

 private:
  void work();
  void tend();
  bool run_next();
  void run(const Job& job);
  JobEnd attempt(const Job& job, const JobKind& kind);
  void fail(const Job& job, const JobKind& kind, std::string_view text, bool for_good);
  void settle(const Job& job, const std::function<void(db::Connection&)>& write);
  void rescue_expired();
  void prolong_held();
  void report(const Job& job, std::string_view text) const;
  const JobKind& find_kind(std::string_view name) const;

  db::Database& database_;
  const base::Clock& clock_;
  std::vector<JobKind> kinds_;
  std::vector<std::string> names_;
  RunnerOptions options_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job> held_;
  int working_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace overture::jobs
