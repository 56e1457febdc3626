// The queue on both engines: leases, fencing, retries, rescue, and runners on threads.
#include <gtest/gtest.h>

#include <future>

#include "house.hpp"
#include "jobs/queue.hpp"
#include "jobs/runner.hpp"

namespace overture::db {
namespace {

using jobs::Job;
using jobs::JobState;

class Jobs : public House {
 protected:
  std::int64_t enqueue(std::string_view kind = "a", base::Millis run_at = 0) {
    return database().write([&](Connection& connection) {
      return jobs::enqueue(connection, {.account = 7, .kind = kind, .now = clock.now(), .run_at = run_at},
                           chunks_);
    });
  }
  std::optional<Job> claim(const std::vector<std::string>& kinds = {"a"}) {
    return database().write(
        [&](Connection& connection) { return jobs::claim(connection, kinds, clock.now(), base::kMinute); });
  }
  Job load(std::int64_t id) {
    return database().read([&](Connection& connection) { return jobs::load_job(connection, 7, id); });
  }
  template <class Write>
  bool is_ours(Write write) {
    try {
      database().write([&](Connection& connection) { write(connection); });
      return true;
    } catch (const jobs::LeaseLost&) {
      return false;
    }
  }
  std::int64_t rescue() {
    const std::vector<std::string> kinds = {"a"};
    return database().write(
        [&](Connection& connection) { return jobs::rescue(connection, kinds, clock.now()); });
  }
  std::vector<std::string> chunks_;
};
ON_EACH_ENGINE(Jobs);

TEST_P(Jobs, ClaimsInOrderAndOnlyWhatIsDue) {
  const auto late = enqueue("a", clock.now() + 1000);
  const auto first = enqueue();
  enqueue("b");
  const auto second = enqueue();
  EXPECT_EQ(claim()->id, first);
  EXPECT_EQ(claim()->id, second);
  EXPECT_FALSE(claim());
  clock.advance(1000);
  EXPECT_EQ(claim()->id, late);
  EXPECT_FALSE(claim());
  EXPECT_TRUE(claim({"b", "c"}));
}

TEST_P(Jobs, ExistsOnlyWithItsCause) {
  EXPECT_THROW(database().write([&](Connection& connection) {
    jobs::enqueue(connection, {.account = 7, .kind = "a", .now = clock.now()});
    throw std::runtime_error("the cause failed");
  }),
               std::runtime_error);
  EXPECT_FALSE(claim());
}

TEST_P(Jobs, ALostLeaseWritesNothing) {
  chunks_ = {"one", "two"};
  const auto id = enqueue();
  const Job frozen = *claim();
  EXPECT_TRUE(is_ours([&](Connection& connection) { jobs::hold(connection, frozen); }));
  EXPECT_EQ(rescue(), 0);
  clock.advance(base::kMinute + 1);
  EXPECT_EQ(rescue(), 1);
  auto writes_nothing = [&] {
    EXPECT_FALSE(is_ours([&](Connection& c) { jobs::hold(c, frozen); }));
    EXPECT_FALSE(is_ours([&](Connection& c) { jobs::record(c, frozen, {}); }));
    EXPECT_FALSE(
        is_ours([&](Connection& c) { jobs::finish(c, frozen, JobState::completed, "", clock.now()); }));
    EXPECT_FALSE(is_ours([&](Connection& c) { jobs::put_back(c, frozen, clock.now(), true); }));
    EXPECT_FALSE(
        database().write([&](Connection& c) { return jobs::prolong(c, frozen, clock.now() + 1000); }));
  };
  writes_nothing();
  const Job next = *claim();
  EXPECT_EQ(next.id, id);
  EXPECT_EQ(next.attempts, 2);
  writes_nothing();
  EXPECT_EQ(load(id).state, JobState::running);
  EXPECT_EQ(count("job_chunks"), 2);
  EXPECT_TRUE(is_ours([&](Connection& c) { jobs::finish(c, next, JobState::completed, "", clock.now()); }));
  EXPECT_EQ(count("job_chunks"), 0);
  EXPECT_EQ(*load(id).finished_at, clock.now());
}

TEST_P(Jobs, AProlongedLeaseIsNotRescued) {
  enqueue();
  const Job job = *claim();
  clock.advance(base::kMinute - 1);
  EXPECT_TRUE(
      database().write([&](Connection& c) { return jobs::prolong(c, job, clock.now() + base::kMinute); }));
  clock.advance(base::kMinute - 1);
  EXPECT_EQ(rescue(), 0);
}

TEST_P(Jobs, CancelShutsTheWorkerOut) {
  chunks_ = {"x"};
  const auto id = enqueue();
  const Job job = *claim();
  auto cancel = [&](std::int64_t account) {
    return database().write([&](Connection& c) { return jobs::cancel(c, account, id, clock.now(), "why"); });
  };
  EXPECT_FALSE(cancel(8));
  EXPECT_TRUE(cancel(7));
  EXPECT_FALSE(cancel(7));
  EXPECT_FALSE(is_ours([&](Connection& c) { jobs::hold(c, job); }));
  EXPECT_EQ(load(id).state, JobState::cancelled);
  EXPECT_EQ(load(id).error, "why");
  EXPECT_EQ(count("job_chunks"), 0);
}

TEST_P(Jobs, RetriesWithPausesThenFails) {
  const auto id = enqueue();
  int runs = 0;
  jobs::Runner runner(database(), clock,
                      {{"a",
                        [&](jobs::JobContext&) -> jobs::JobEnd {
                          ++runs;
                          throw base::Error(base::ErrorCode::unavailable, "away");
                        },
                        3}});
  EXPECT_TRUE(runner.run_one());
  EXPECT_FALSE(runner.run_one());
  EXPECT_EQ(load(id).run_at, clock.now() + jobs::retry_pause(1));
  clock.advance(jobs::retry_pause(1));
  EXPECT_TRUE(runner.run_one());
  clock.advance(jobs::retry_pause(2));
  EXPECT_EQ(load(id).state, JobState::queued);
  EXPECT_TRUE(runner.run_one());
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(load(id).state, JobState::failed);
  EXPECT_EQ(load(id).error, "away");
  database().write([&](Connection& c) { EXPECT_TRUE(jobs::restart(c, 7, id, clock.now())); });
  EXPECT_TRUE(runner.run_one());
  EXPECT_EQ(runs, 4);
}

TEST_P(Jobs, WhatCannotGetBetterFailsAtOnce) {
  const auto id = enqueue();
  jobs::Runner runner(
      database(), clock,
      {{"a", [](jobs::JobContext&) -> jobs::JobEnd { throw base::Error::invalid("input", "is wrong"); }}});
  runner.run_one();
  EXPECT_EQ(load(id).state, JobState::failed);
  EXPECT_EQ(load(id).error, "input: is wrong");
}

TEST_P(Jobs, AJobThatKillsItsProcessIsGivenUp) {
  const auto id = enqueue();
  for (int kills = 0; kills < 2; ++kills) {
    ASSERT_TRUE(claim());
    clock.advance(2 * base::kMinute);
    rescue();
  }
  bool ran = false;
  jobs::Runner runner(database(), clock,
                      {{"a",
                        [&](jobs::JobContext&) {
                          ran = true;
                          return jobs::JobEnd{};
                        },
                        2}});
  runner.run_one();
  EXPECT_FALSE(ran);
  EXPECT_EQ(load(id).state, JobState::failed);
}

TEST_P(Jobs, RunnersShareTheWork) {
  std::mutex mutex;
  std::map<std::int64_t, int> runs;
  std::promise<void> all;
  constexpr std::size_t kJobs = 40;
  const jobs::JobKind kind{"a", [&](jobs::JobContext& context) {
                             const std::lock_guard lock(mutex);
                             ++runs[context.job.id];
                             if (runs.size() == kJobs) all.set_value();
                             return jobs::JobEnd{};
                           }};
  jobs::Runner one(database(), clock, {kind}, {.threads = 2});
  jobs::Runner two(database(), clock, {kind}, {.threads = 2});
  one.start();
  two.start();
  for (std::size_t i = 0; i < kJobs; ++i) enqueue();
  ASSERT_EQ(all.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_TRUE(one.stop(10'000));
  EXPECT_TRUE(two.stop(10'000));
  for (const auto& [id, times] : runs) EXPECT_EQ(times, 1) << id;
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM jobs WHERE state = 'completed'")), static_cast<int>(kJobs));
}

TEST_P(Jobs, StopGivesBackWhatIsRunning) {
  const auto id = enqueue();
  std::promise<void> started;
  jobs::Runner runner(database(), clock, {{"a", [&](jobs::JobContext& context) -> jobs::JobEnd {
                                             started.set_value();
                                             while (!context.stopping) std::this_thread::yield();
                                             throw jobs::Interrupted();
                                           }}});
  runner.start();
  ASSERT_EQ(started.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_TRUE(runner.stop(10'000));
  EXPECT_EQ(load(id).state, JobState::queued);
  EXPECT_EQ(load(id).attempts, 0);
}

}  // namespace
}  // namespace overture::db
