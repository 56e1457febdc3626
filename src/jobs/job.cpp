// Names of the states.
#include "jobs/job.hpp"

#include <array>

#include "base/error.hpp"

namespace overture::jobs {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"queued", "running",  "completed", "completed_at_limit",
                                                    "failed", "cancelled"};

}  // namespace

std::string_view state_name(JobState state) { return kNames.at(static_cast<std::size_t>(state)); }

JobState parse_state(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<JobState>(i);
  }
  throw base::Error(base::ErrorCode::internal, {}, "unknown state of a job: " + std::string(name));
}

}  // namespace overture::jobs
