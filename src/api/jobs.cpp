// The account's background jobs, for admins.
#include "jobs/queue.hpp"

#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "kind", .sql = "o.kind", .fixed = true},
    {.path = "state", .sql = "o.state"},
    {.path = "campaign.id",
     .type = Type::integer,
     .sql = "c.id",
     .join = "c",
     .nullable_object = true,
     .fixed = true},
    {.path = "campaign.name", .sql = "c.name", .join = "c"},
    OVERTURE_USER_REF("user", "u"),
    {.path = "done", .type = Type::integer, .sql = "o.done"},
    {.path = "total", .type = Type::integer, .sql = "o.total"},
    {.path = "counts", .type = Type::object, .sql = "o.counts"},
    {.path = "errors", .type = Type::array, .sql = "o.errors"},
    {.path = "error", .sql = "NULLIF(o.error, '')", .nullable = true},
    {.path = "attempts", .type = Type::integer, .sql = "o.attempts"},
    {.path = "run_at", .type = Type::time, .sql = "o.run_at"},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "started_at", .type = Type::time, .sql = "o.started_at"},
    {.path = "finished_at", .type = Type::time, .sql = "o.finished_at"},
};
constexpr rest::Join kJoins[] = {
    {"c", "LEFT JOIN campaigns c ON c.account_id = o.account_id AND c.id = o.campaign_id"},
    {"u", OVERTURE_USER_JOIN("u", "o.user_id")},
};
constexpr rest::Resource kJobs{.name = "Job",
                               .not_found = "Job not found",
                               .from = "jobs o",
                               .table = "jobs",
                               .joins = kJoins,
                               .fields = kFields};

std::vector<Shape> shapes() {
  return {{.path = "state", .allowed = job_states()},
          {.path = "counts", .schema = kCountsSchema},
          {.path = "errors", .schema = kRowErrorsSchema}};
}

const rest::View& view() {
  static const rest::View made(kJobs, rest::kEveryView);
  return made;
}

std::string list_jobs(Call& call) { return list(call, view()); }

std::string state_of(Call& call, std::int64_t id) {
  return std::string(jobs::state_name(jobs::load_job(call.db(), call.scope().account, id).state));
}

std::string retry_job(Call& call) {
  std::int64_t id = call.id(0, kJobs.not_found);
  require(call, kJobs, id);
  if (!jobs::restart(call.db(), call.scope().account, id, call.now)) {
    throw Error(ErrorCode::conflict, "Only a failed job can be retried; this one is " + state_of(call, id));
  }
  call.after.emplace_back([] { jobs::wake_runners(); });
  return show_written(call, view(), id);
}

std::string cancel_job(Call& call) {
  std::int64_t id = call.id(0, kJobs.not_found);
  require(call, kJobs, id);
  if (!jobs::cancel(call.db(), call.scope().account, id, call.now)) {
    throw Error(ErrorCode::conflict, "This job is over already: " + state_of(call, id));
  }
  return show_written(call, view(), id);
}

}  // namespace

void add_job_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/jobs", Permission::admin, Lane::read, list_jobs)
                       .about("Jobs", "List background jobs")
                       .lists(view())
                       .shaped(shapes()));
  routes.push_back(Route(post, "/api/jobs/{id}/retry", Permission::admin, Lane::write, retry_job)
                       .about("Jobs", "Put a failed job back into the queue; it goes on where it stopped")
                       .answers(view()));
  routes.push_back(Route(post, "/api/jobs/{id}/cancel", Permission::admin, Lane::write, cancel_job)
                       .about("Jobs", "Cancel a job that is not over")
                       .answers(view()));
}

}  // namespace overture::api
