#include "jobs/events.hpp"

#include "events/event.hpp"

namespace overture::jobs {

void note_finished(db::Connection& connection, const Job& job, JobState state, std::string_view error,
                   base::Millis now) {
  boost::json::object data{{"job", job.id}, {"kind", job.kind}, {"state", state_name(state)}};
  data["campaign"] = job.campaign == 0 ? boost::json::value(nullptr) : boost::json::value(job.campaign);
  data["error"] = error.empty() ? boost::json::value(nullptr) : boost::json::value(error);
  const std::int64_t project =
      job.campaign == 0
          ? 0
          : connection.integer(db::Sql("SELECT project_id FROM campaigns WHERE account_id = ? AND id = ?",
                                       job.account, job.campaign));
  events::note(connection, job.account,
               {.kind = events::Kind::job_finished, .project = project, .data = std::move(data)}, now);
}

}  // namespace overture::jobs
