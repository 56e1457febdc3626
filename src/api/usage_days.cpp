// Requests and costs of the caller by day.
#include "api/crud.hpp"
#include "api/resources.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

/// usage_days has no id of its own: it is made of the user and the day (YYYYMMDD), so that it rises by day
/// for one user and is nobody else's.
constexpr Field kFields[] = {
    {.path = "date", .sql = "o.day", .fixed = true},
    {.path = "requests", .type = Type::integer, .sql = "o.requests"},
    {.path = "cost", .type = Type::integer, .sql = "o.cost"},
};
constexpr rest::Resource kUsage{
    .name = "UsageDay",
    .not_found = "Usage not found",
    .from =
        "(SELECT account_id, user_id, day, requests, cost, "
        "user_id * 100000000 + CAST(replace(day, '-', '') AS BIGINT) AS id FROM usage_days) o",
    .table = "usage_days",
    .fields = kFields};

constexpr Shape kShapes[] = {{.path = "date", .format = "date"}};

const rest::View& view() {
  static const rest::View made(kUsage, rest::kEveryView);
  return made;
}

std::string list_usage(Call& call) { return list(call, view(), db::Sql("o.user_id = ?", call.scope().user)); }

}  // namespace

void add_usage_routes(Routes& routes) {
  routes.push_back(Route(http::Method::get, "/api/usage", Permission::signed_in, Lane::read, list_usage)
                       .about("Users", "Your requests and costs by day (UTC)")
                       .lists(view())
                       .shaped(kShapes));
}

}  // namespace overture::api
