// Get My Profile: the caller as a user.
#include "api/crud.hpp"
#include "api/profile.hpp"
#include "api/resources.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "first_name", .sql = "o.first_name"},
    {.path = "last_name", .sql = "o.last_name"},
    {.path = "id", .type = Type::integer, .sql = "o.id", .quoted = true},
    {.path = "display_name", .sql = "trim(o.first_name || ' ' || o.last_name)"},
    {.path = "email", .sql = "o.email"},
    {.path = "account.name", .sql = "a.name", .join = "a"},
};
constexpr rest::Join kJoins[] = {{"a", "JOIN accounts a ON a.id = o.account_id"}};
constexpr rest::Resource kProfile{.name = "Profile",
                                  .not_found = "User not found",
                                  .from = "users o",
                                  .table = "users",
                                  .joins = kJoins,
                                  .fields = kFields};

std::string get_profile(Call& call) { return show(call, profile_view(), call.scope().user); }

}  // namespace

const rest::View& profile_view() {
  static const rest::View made(kProfile, rest::kEveryView);
  return made;
}

void add_profile_routes(Routes& routes) {
  routes.push_back(Route(http::Method::get, "/api/me", Permission::signed_in, Lane::read, get_profile)
                       .documented(51, "Users", "Show your own profile")
                       .answers(profile_view()));
}

}  // namespace overture::api
