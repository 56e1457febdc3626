// Pauses between attempts, and the names of states.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "jobs/runner.hpp"

namespace overture::jobs {
namespace {

TEST(Jobs, PausesGrow) {
  EXPECT_EQ(retry_pause(1), 5 * base::kSecond);
  EXPECT_EQ(retry_pause(2), 20 * base::kSecond);
  EXPECT_EQ(retry_pause(3), 80 * base::kSecond);
  EXPECT_EQ(retry_pause(1000), base::kHour);
}

TEST(Jobs, NamesOfStates) {
  for (const auto state : {JobState::queued, JobState::running, JobState::completed,
                           JobState::completed_at_limit, JobState::failed, JobState::cancelled}) {
    EXPECT_EQ(parse_state(state_name(state)), state);
  }
  EXPECT_EQ(state_name(JobState::cancelled), "cancelled");
  EXPECT_THROW(parse_state("done"), base::Error);
  EXPECT_FALSE(is_over(JobState::running));
  EXPECT_TRUE(is_over(JobState::completed_at_limit));
}

}  // namespace
}  // namespace overture::jobs
