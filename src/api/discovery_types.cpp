// The ways a discovery campaign can search: built in, the same for every account.
#include "api/crud.hpp"
#include "api/resources.hpp"

namespace overture::api {
namespace {

constexpr rest::Field kFields[] = {
    {.path = "name", .sql = "o.name", .fixed = true},
    {.path = "tool_type",
     .sql = "o.value",
     .lowered = true,
     .fixed = true,
     .doc = "what is posted as discovery_type"},
};

constexpr rest::Resource kDiscoveryTypes{
    .name = "DiscoveryType",
    .not_found = "Discovery type not found",
    // Every statement asks for the account's rows; these are everybody's.
    .from =
        "(SELECT d.id, d.value, d.name, a.id AS account_id FROM discovery_types d CROSS JOIN accounts a) o",
    .fields = kFields};

const rest::View& view() {
  static const rest::View made(kDiscoveryTypes, rest::kEveryView);
  return made;
}

std::string list_types(Call& call) { return list(call, view()); }

}  // namespace

void add_discovery_type_routes(Routes& routes) {
  routes.push_back(
      Route(http::Method::get, "/api/discovery_types", Permission::signed_in, Lane::read, list_types)
          .documented(17, "Campaigns", "List the ways of discovery")
          .lists(view()));
}

}  // namespace overture::api
