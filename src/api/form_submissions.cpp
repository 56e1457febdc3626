// Contact forms of sites that have no address: a person submits them and says so here.
#include "api/closed_lists.hpp"
#include "api/communication_refs.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/communications.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Views kMany = 1;
constexpr rest::Views kOne = 2;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "attempt_number", .type = Type::integer, .sql = "o.attempt_number", .fixed = true},
    {.path = "subject", .sql = "o.subject"},
    {.path = "status", .sql = "o.status"},
    {.path = "review_type", .sql = "o.review_type"},
    {.path = "sent_at", .type = Type::time, .sql = "o.sent_at"},
    OVERTURE_USER_REF("user", "u"),
    OVERTURE_OPPORTUNITY_REF,
    {.path = "opportunity.contact_form_url", .sql = "y.contact_form_url", .join = "y"},
    {.path = "opportunity.project.id", .type = Type::integer, .sql = "o.project_id"},
    {.path = "opportunity.project.name", .sql = "p.name", .join = "p"},
    OVERTURE_HIDDEN_ID("project.id", "o.project_id"),
    OVERTURE_HIDDEN_ID("campaign.id", "o.campaign_id"),
    {.path = "body_text", .sql = "o.body_text", .views = kOne},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .views = kOne},
};
constexpr rest::Join kJoins[] = {OVERTURE_COMMUNICATION_JOINS, {"u", OVERTURE_USER_JOIN("u", "o.user_id")}};

constexpr rest::Resource kFormSubmissions{
    .name = "FormSubmission",
    .not_found = "Form submission not found",
    .from = "form_submissions o",
    .table = "form_submissions",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS,
    .collaborating = "o.campaign_id IN " OVERTURE_OWN_CAMPAIGNS,
};

constexpr Shape kShapes[] = {{.path = "status", .allowed = kFormStatuses}};

const rest::View& view() {
  static const rest::View made(kFormSubmissions, kMany);
  return made;
}
const rest::View& one_view() {
  static const rest::View made(kFormSubmissions, kOne);
  return made;
}

std::string list_form_submissions(Call& call) { return list(call, view()); }

std::string finish_form_submission(Call& call) {
  std::int64_t id = call.id(0, kFormSubmissions.not_found);
  require(call, kFormSubmissions, id);
  bool submitted = intake::submit_form(call.db(), call.scope().account, id, call.scope().user, call.now);
  if (!submitted) throw base::Error(base::ErrorCode::conflict, "This form submission is not pending");
  return show_written(call, one_view(), id);
}

}  // namespace

void add_form_submission_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(
      Route(get, "/api/form_submissions", Permission::signed_in, Lane::read, list_form_submissions)
          .documented(21, "Emails", "List contact forms that were or will be submitted")
          .lists(view())
          .shaped(kShapes));
  routes.push_back(
      Route(post, "/api/form_submissions/{id}/done", Permission::member, Lane::write, finish_form_submission)
          .about("Emails", "Say that a person has submitted a contact form")
          .answers(one_view(), "FormSubmissionDetails"));
}

}  // namespace overture::api
