// Launch automation: opportunities are launched by a stored rule, or as their own campaigns say.
#include "api/crud.hpp"
#include "api/readiness.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/automations.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr std::size_t kMaxLaunches = 50;
constexpr rest::Input kLaunchInputs[] = {{.key = "opportunity_ids",
                                          .type = Type::integers,
                                          .required = true,
                                          .max = 100'000,
                                          .doc = "at most 50"}};

void write_result(std::string& out, std::int64_t opportunity, const intake::LaunchResult& result) {
  out += out.back() == '[' ? "{\"opportunity\":" : ",{\"opportunity\":";
  rest::write_integer(out, opportunity);
  out += ",\"status\":";
  rest::write_string(out, intake::launch_status_name(result.status));
  out += ",\"reason\":";
  if (result.reason.empty()) {
    out += "null";
  } else {
    rest::write_string(out, result.reason);
  }
  out += '}';
}

/// Each id has its own outcome; one that cannot be launched does not hold up the others.
std::string launch_all(Call& call, const intake::Automation* automation) {
  rest::Body body(call.body(), kLaunchInputs);
  std::vector<std::int64_t> ids = body.integers("opportunity_ids");
  if (ids.size() > kMaxLaunches) {
    throw Error(ErrorCode::invalid_value, "Maximum 50 opportunities per call");
  }
  std::int64_t account = call.scope().account;
  std::int64_t user = call.scope().user;
  const intake::MissingInMail missing = missing_in_mail(call);
  std::string out = "{\"results\":[";
  for (std::int64_t id : ids) {
    intake::LaunchResult result{intake::LaunchStatus::error, std::string(kOpportunities.not_found)};
    if (can_see(call, kOpportunities, id)) {
      result = automation == nullptr
                   ? intake::launch(call.db(), account, id, user, call.now, missing)
                   : intake::run_automation(call.db(), account, *automation, id, user, call.now, missing);
    }
    write_result(out, id, result);
  }
  return out + "]}";
}

constexpr Field kResultFields[] = {
    {.path = "opportunity", .type = Type::integer, .doc = "the id, as it was sent"},
    {.path = "status", .doc = "queued: what was launched is on its way"},
    {.path = "reason", .nullable = true, .doc = "why it was not"}};
constexpr rest::Child kResults{.fields = kResultFields};
constexpr Field kLaunchFields[] = {
    {.path = "results", .type = Type::rows, .child = &kResults, .doc = "one for each id, in the order sent"}};
constexpr Form kLaunch{.name = "LaunchResults", .fields = kLaunchFields};

std::vector<Shape> launch_shapes() {
  static const std::vector<std::string_view> statuses = [] {
    std::vector<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(intake::LaunchStatus::error); ++i)
      names.push_back(intake::launch_status_name(static_cast<intake::LaunchStatus>(i)));
    return names;
  }();
  return {{.path = "results.status", .allowed = statuses}};
}

std::string launch_automation(Call& call) {
  std::int64_t id = call.id(0, kAutomations.not_found);
  require(call, kAutomations, id);
  bool active =
      call.db().exists(db::Sql("SELECT 1 FROM automations WHERE account_id = ? AND id = ? AND is_active = 1",
                               call.scope().account, id));
  if (!active) throw Error(ErrorCode::conflict, "This automation is switched off");
  intake::Automation automation = intake::load_automation(call.db(), call.scope().account, id);
  if (!automation.launches()) {
    throw Error(ErrorCode::conflict, "This automation launches nothing: it runs when its event happens");
  }
  return launch_all(call, &automation);
}

std::string launch_default(Call& call) { return launch_all(call, nullptr); }

}  // namespace

void add_automation_launch_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(
      Route(post, "/api/automations/{automation}/launch", Permission::member, Lane::write, launch_automation)
          .documented(32, "Opportunities", "Launch opportunities by an automation")
          .answers(kLaunch)
          .shaped(launch_shapes())
          .takes(kLaunchInputs));
  routes.push_back(
      Route(post, "/api/automations/launch", Permission::member, Lane::write, launch_default)
          .about("Opportunities", "Launch opportunities into the outreach of their own campaigns")
          .answers(kLaunch)
          .takes(kLaunchInputs));
}

}  // namespace overture::api
