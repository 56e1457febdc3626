// Metrics filter templates: what a prospect's site must be worth. The six objects are kept as they came.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Input kName{.key = "name", .clearable = true};
constexpr rest::Input kVisibility{
    .key = "visibility",
    .max = 50,
    .doc = "private (its creator and admins see it) or account (everybody does)"};

#define OVERTURE_PROVIDER(NAME) \
  { .path = NAME, .type = Type::object, .sql = "o." NAME, .column = NAME }

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    OVERTURE_USER_REF("created_by", "u"),
    {.path = "visibility",
     .sql = "o.visibility",
     .column = "visibility",
     .create = kVisibility,
     .update = kVisibility},
    OVERTURE_PROVIDER("moz"),
    OVERTURE_PROVIDER("semrush"),
    OVERTURE_PROVIDER("majestic"),
    OVERTURE_PROVIDER("google"),
    OVERTURE_PROVIDER("cemper"),
    OVERTURE_PROVIDER("ahrefs"),
    {.path = "name", .sql = "o.name", .column = "name", .create = kName, .update = kName},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Join kJoins[] = {{"u", OVERTURE_USER_JOIN("u", "o.created_by")}};

struct Provider {
  std::string_view key;
  db::Literal column;
};
constexpr Provider kProviders[] = {{"moz", "moz"},       {"semrush", "semrush"}, {"majestic", "majestic"},
                                   {"google", "google"}, {"cemper", "cemper"},   {"ahrefs", "ahrefs"}};

const rest::View& view() {
  static const rest::View made(kMetricsFilters, rest::kEveryView);
  return made;
}

std::vector<rest::Input> inputs() {
  std::vector<rest::Input> all = rest::inputs_of(kMetricsFilters, true);
  for (const Provider& provider : kProviders) {
    all.push_back({.key = provider.key,
                   .type = Type::object,
                   .clearable = true,
                   .doc = "bounds by metric: {\"min\": …, \"max\": …}; anything else is kept too"});
  }
  return all;
}

/// The provider objects of a body, as they are stored; null is the empty object.
std::vector<rest::Assignment> objects_of(const rest::Body& body) {
  std::vector<rest::Assignment> row;
  for (const Provider& provider : kProviders) {
    if (!body.has(provider.key)) continue;
    row.push_back({provider.column, boost::json::serialize(body.object(provider.key))});
  }
  return row;
}

std::string list_templates(Call& call) { return list(call, view()); }

std::string create_template(Call& call) {
  const rest::Body body(call.body(), inputs());
  std::vector<rest::Assignment> more = objects_of(body);
  more.push_back({"created_by", call.scope().user});
  return show_written(call, view(), insert(call, kMetricsFilters, body, std::move(more)));
}

/// The template in the path, which must be the caller's own unless he is an admin.
std::int64_t own_template(Call& call) {
  const std::int64_t id = call.id(0, kMetricsFilters.not_found);
  require(call, kMetricsFilters, id);
  const bool own = call.db().exists(
      db::Sql("SELECT 1 FROM metrics_filter_templates WHERE account_id = ? AND id = ? AND created_by = ?",
              call.scope().account, id, call.scope().user));
  if (!own && call.caller.role != Role::admin) throw base::Error(base::ErrorCode::access_denied);
  return id;
}

std::string update_template(Call& call) {
  const std::int64_t id = own_template(call);
  const rest::Body body(call.body(), inputs());
  update(call, kMetricsFilters, body, id, objects_of(body));
  return show_written(call, view(), id);
}

std::string delete_template(Call& call) {
  const std::int64_t id = own_template(call);
  const std::int64_t account = call.scope().account;
  call.db().execute(
      db::Sql("DELETE FROM metrics_filter_templates WHERE account_id = ? AND id = ?", account, id));
  call.db().execute(
      db::Sql("UPDATE campaigns SET metrics_filter_template_id = NULL WHERE account_id = ? AND "
              "metrics_filter_template_id = ?",
              account, id));
  return nothing();
}

}  // namespace

const rest::Resource kMetricsFilters{
    .name = "MetricsFilterTemplate",
    .not_found = "Metrics filter template not found",
    .from = "metrics_filter_templates o",
    .table = "metrics_filter_templates",
    .joins = kJoins,
    .fields = kFields,
    // A value we do not know is taken as private.
    .restricted =
        "(lower(o.visibility) IN ('account', 'public', 'shared') OR (o.account_id = ? AND o.created_by = ?))",
};

void add_metrics_filter_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view all = "/api/metric_filter_templates";
  constexpr std::string_view one = "/api/metric_filter_templates/{id}";
  routes.push_back(Route(post, all, Permission::inspect, Lane::write, create_template)
                       .documented(44, "Metrics", "Create a metrics filter template")
                       .answers(view())
                       .takes(inputs()));
  routes.push_back(Route(delete_, one, Permission::inspect, Lane::write, delete_template)
                       .documented(45, "Metrics", "Delete a metrics filter template"));
  routes.push_back(Route(get, all, Permission::signed_in, Lane::read, list_templates)
                       .documented(46, "Metrics", "List metrics filter templates")
                       .lists(view()));
  routes.push_back(Route(put, one, Permission::inspect, Lane::write, update_template)
                       .documented(47, "Metrics", "Change a metrics filter template")
                       .answers(view())
                       .takes(inputs()));
}

}  // namespace overture::api
