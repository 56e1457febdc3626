// Threads that claim and run; one more that keeps leases alive and rescues. Due times come from the Clock,
// waits are real time.
#include "jobs/runner.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "jobs/doorbell.hpp"
#include "jobs/queue.hpp"

namespace overture::jobs {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

/// An answer that will be the same next time.
bool is_final(const base::Error& error) {
  return error.status() < 500 && error.code() != base::ErrorCode::conflict &&
         error.code() != base::ErrorCode::rate_limited;
}

}  // namespace

base::Millis retry_pause(std::int64_t attempt) {
  base::Millis pause = 5 * base::kSecond;
  for (std::int64_t i = 1; i < attempt && pause < base::kHour; ++i) pause *= 4;
  return std::min(pause, base::kHour);
}

Runner::Runner(db::Database& database, const base::Clock& clock, std::vector<JobKind> kinds,
               RunnerOptions options)
    : database_(database), clock_(clock), kinds_(std::move(kinds)), options_(std::move(options)) {
  for (const JobKind& kind : kinds_) names_.push_back(kind.name);
}

Runner::~Runner() {
  stop(0);
  for (std::thread& thread : threads_) thread.join();
}

void Runner::start() {
  const std::lock_guard lock(mutex_);
  working_ = options_.threads + 1;
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
  threads_.emplace_back([this] { tend(); });
}

bool Runner::stop(base::Millis deadline) {
  stopping_ = true;
  Doorbell::instance().ring();
  std::unique_lock lock(mutex_);
  changed_.notify_all();
  return changed_.wait_for(lock, milliseconds(deadline), [this] { return working_ == 0; });
}

bool Runner::run_one() {
  rescue_expired();
  return run_next();
}

void Runner::work() {
  milliseconds pause(options_.poll);
  while (!stopping_) {
    const std::uint64_t seen = Doorbell::instance().rings();
    bool ran = false;
    try {
      ran = run_next();
    } catch (const std::exception& error) {
      report({}, error.what());
    }
    if (ran) continue;
    Doorbell::instance().wait(seen, pause, [this] { return stopping_.load(); });
    // After a ring the job may become visible a little later: look again soon, then ever less often.
    constexpr milliseconds kSoon(2);
    const bool rang = Doorbell::instance().rings() != seen;
    pause = rang ? kSoon : std::min(pause * 4, milliseconds(options_.poll));
  }
  const std::lock_guard lock(mutex_);
  --working_;
  changed_.notify_all();
}

void Runner::tend() {
  auto rescue_at = Steady::now();
  auto prolong_at = Steady::now();
  std::unique_lock lock(mutex_);
  while (!stopping_ || working_ > 1) {
    const auto now = Steady::now();
    lock.unlock();
    try {
      if (now >= prolong_at) {
        prolong_at = now + milliseconds(options_.lease / 3);
        prolong_held();
      }
      if (now >= rescue_at && !stopping_) {
        rescue_at = now + milliseconds(options_.rescue_every);
        rescue_expired();
      }
    } catch (const std::exception& error) {
      report({}, error.what());
    }
    lock.lock();
    if (stopping_ && working_ <= 1) break;
    changed_.wait_until(lock, stopping_ ? prolong_at : std::min(prolong_at, rescue_at));
  }
  --working_;
  changed_.notify_all();
}

bool Runner::run_next() {
  if (!database_.read(
          [&](db::Connection& connection) { return has_due(connection, names_, clock_.now()); })) {
    return false;
  }
  const auto job = database_.write(
      [&](db::Connection& connection) { return claim(connection, names_, clock_.now(), options_.lease); });
  if (!job) return false;
  run(*job);
  return true;
}

void Runner::run(const Job& job) {
  {
    const std::lock_guard lock(mutex_);
    held_.push_back(job);
  }
  const JobKind& kind = find_kind(job.kind);
  try {
    const JobEnd end = attempt(job, kind);
    settle(job,
           [&](db::Connection& connection) { finish(connection, job, end.state, end.error, clock_.now()); });
  } catch (const LeaseLost&) {
    report(job, "the lease was lost; somebody else goes on");
  } catch (const Interrupted&) {
    settle(job, [&](db::Connection& connection) { put_back(connection, job, clock_.now(), false); });
  } catch (const base::Error& error) {
    report(job, error.what());
    fail(job, kind, error.message(), is_final(error));
  } catch (const std::exception& error) {
    report(job, error.what());
    fail(job, kind, "Internal error", false);
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(held_, [&job](const Job& held) { return held.id == job.id; });
}

JobEnd Runner::attempt(const Job& job, const JobKind& kind) {
  if (job.attempts > kind.attempts) {
    // The attempts before ended without an answer: the process was killed, or something worse.
    return {JobState::failed, "Given up after " + std::to_string(kind.attempts) + " attempts"};
  }
  JobContext context{database_, clock_, job, stopping_};
  return kind.run(context);
}

void Runner::fail(const Job& job, const JobKind& kind, std::string_view text, bool for_good) {
  settle(job, [&](db::Connection& connection) {
    // Attempts begin anew with each step that is done, so the row counts, not the claim.
    const std::int64_t attempts =
        connection.integer(db::Sql("SELECT attempts FROM jobs WHERE id = ?", job.id));
    if (for_good || attempts >= kind.attempts) {
      finish(connection, job, JobState::failed, text, clock_.now());
    } else {
      put_back(connection, job, clock_.now() + retry_pause(std::max<std::int64_t>(attempts, 1)), true, text);
    }
  });
}

/// When even this write fails, the lease runs out and the job is rescued.
void Runner::settle(const Job& job, const std::function<void(db::Connection&)>& write) {
  try {
    database_.write(write);
  } catch (const std::exception& error) {
    report(job, error.what());
  }
}

void Runner::rescue_expired() {
  const base::Millis now = clock_.now();
  const bool any = database_.read([&](db::Connection& connection) {
    db::Sql sql("SELECT 1 FROM jobs WHERE state = 'running' AND lease_until < ? LIMIT 1", now);
    return connection.exists(sql);
  });
  if (!any) return;
  if (database_.write([&](db::Connection& connection) { return rescue(connection, names_, now); }) > 0) {
    wake_runners();
  }
}

void Runner::prolong_held() {
  std::vector<Job> held;
  {
    const std::lock_guard lock(mutex_);
    held = held_;
  }
  if (held.empty()) return;
  const base::Millis until = clock_.now() + options_.lease;
  database_.write([&](db::Connection& connection) {
    for (const Job& job : held) prolong(connection, job, until);
  });
}

void Runner::report(const Job& job, std::string_view text) const {
  if (options_.report) options_.report(job, text);
}

const JobKind& Runner::find_kind(std::string_view name) const {
  return *std::find_if(kinds_.begin(), kinds_.end(),
                       [name](const JobKind& kind) { return kind.name == name; });
}

}  // namespace overture::jobs
