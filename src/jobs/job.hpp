// A job as it stands in its table.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace overture::jobs {

/// The order is the order of state_name().
enum class JobState { queued, running, completed, completed_at_limit, failed, cancelled };

std::string_view state_name(JobState state);
/// Throws Error(internal) for any other text.
JobState parse_state(std::string_view name);
/// Nothing will happen to it any more by itself.
constexpr bool is_over(JobState state) { return state != JobState::queued && state != JobState::running; }

struct Job {
  std::int64_t id = 0;
  std::int64_t account = 0;
  std::string kind;
  JobState state = JobState::queued;
  std::int64_t campaign = 0;  ///< 0 = none
  std::int64_t user = 0;      ///< who caused it; 0 = nobody
  std::string payload;        ///< JSON, of the kind's own shape
  std::int64_t total = 0;     ///< what there is to do, in the kind's own unit
  std::int64_t done = 0;
  std::string counts;         ///< JSON object: reason → how many
  std::string errors;         ///< JSON array of {row, message}: the first hundred
  std::string error;          ///< why it failed or was cancelled, for people
  std::int64_t attempts = 0;  ///< claims since it last got on
  base::Millis run_at = 0;
  base::Millis lease_until = 0;
  std::int64_t lease_token = 0;
  base::Millis created_at = 0;
  std::optional<base::Millis> started_at;
  std::optional<base::Millis> finished_at;
};

struct NewJob {
  std::int64_t account = 0;
  std::string_view kind;
  std::int64_t campaign = 0;
  std::int64_t user = 0;
  std::string payload = "{}";
  std::int64_t total = 0;
  base::Millis now = 0;
  base::Millis run_at = 0;  ///< 0 = now
};

}  // namespace overture::jobs
