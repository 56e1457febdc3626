// One pass over the routes; operations come from openapi_operation, what they refer to from
// openapi_components.
#include "api/openapi.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "api/openapi_components.hpp"
#include "api/openapi_operation.hpp"
#include "base/text.hpp"

namespace overture::api {
namespace {

namespace json = boost::json;

struct Tag {
  std::string_view name;
  std::string_view doc;
};

/// The twelve of the original documentation in its order, then ours.
constexpr std::array<Tag, 16> kTags{{
    {"Auth", "Log-in and access tokens"},
    {"Address Book", "Contacts of the account"},
    {"Campaigns", "Campaigns, what brings prospects into them, and their settings"},
    {"Emails", "Mail accounts, and what was sent and received"},
    {"Opportunities", "Prospects on their way from inspection to a won link"},
    {"Projects", "What campaigns belong to"},
    {"Reports", "Figures over time"},
    {"Metrics", "Filters by what providers say of a site"},
    {"Tasks", "What people have to do"},
    {"Tags", "Labels for campaigns and opportunities"},
    {"Users", "People, their roles and keys"},
    {"Unsubscribe", "Who must not be written to, and sites that are left out"},
    {"Automations", "Rules that act by themselves"},
    {"Jobs", "What runs in the background"},
    {"Providers", "Where prospects and metrics come from"},
    {"Webhooks", "Other programs are told of events"},
}};

/// If-Match works on writes of what GET shows as one object.
bool is_matched(const Route& route, const Routes& routes) {
  if (route.lane != Lane::write) return false;
  const auto paths = object_paths(route.path);
  return std::any_of(routes.begin(), routes.end(), [&](const Route& shown) {
    return shows_object(shown) && std::find(paths.begin(), paths.end(), shown.path) != paths.end();
  });
}

}  // namespace

std::string make_openapi(const Routes& routes, std::string_view version) {
  json::array tags;
  for (const Tag& tag : kTags) tags.push_back(json::object{{"name", tag.name}, {"description", tag.doc}});
  json::object paths;
  for (const Route& route : routes) {
    json::value& path = paths[route.path];
    if (path.is_null()) path = json::object();
    path.as_object()[base::lower_ascii(http::method_name(route.method))] =
        make_operation(route, is_matched(route, routes));
  }
  json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Overture API"},
        {"version", version},
        {"description",
         "Self-hosted outreach. Operations marked x-overture go beyond the Pitchbox Developer API V2."},
        {"license", {{"name", "proprietary"}, {"identifier", "LicenseRef-proprietary"}}}}},
      {"servers", json::array{json::object{{"url", "/"}}}},
      {"tags", std::move(tags)},
      {"security",
       {{{"JWT", json::array()}},
        {{"ClientIdInHeader", json::array()}, {"ClientKeyInHeader", json::array()}}}},
      {"paths", std::move(paths)},
      {"components", make_components(routes)}};
  return json::serialize(document);
}

}  // namespace overture::api
