// What others hear of a job. Inside the write of its cause.
#pragma once
#include <string_view>

#include "db/connection.hpp"
#include "jobs/job.hpp"

namespace overture::jobs {

/// It is over, in this state.
void note_finished(db::Connection& connection, const Job& job, JobState state, std::string_view error,
                   base::Millis now);

}  // namespace overture::jobs
