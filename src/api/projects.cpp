// Projects: listed by the documented API; created and changed by ours.
#include <boost/json/serialize.hpp>

#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/runs.hpp"
#include "rules/site.hpp"

#define SUM_OF(NAME)                                                                                     \
  "COALESCE(CAST((SELECT sum(c.n) FROM counters c WHERE c.account_id = o.account_id AND c.name = '" NAME \
  ":' || o.id) AS BIGINT), 0)"
/// `of` in a hundred of `all`, rounded, as text; 0 when there is nothing yet.
#define PERCENT(OF, ALL) \
  "CAST(CASE WHEN " ALL " = 0 THEN 0 ELSE (200 * " OF " + " ALL ") / (2 * " ALL ") END AS TEXT)"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Input kName{.key = "name", .required = true};
constexpr rest::Input kDescription{.key = "description", .clearable = true, .max = 10'000};
constexpr rest::Input kCountry{.key = "country", .clearable = true, .normalise = normalise_country};
constexpr rest::Input kTimezone{.key = "timezone", .normalise = normalise_timezone};
constexpr rest::Input kActive{.key = "is_outreach_active", .type = Type::boolean};
constexpr rest::Input kOwnSites{.key = "own_sites",
                                .type = Type::strings,
                                .max = 100,
                                .doc = "hosts of the project itself, never prospects of it"};

constexpr rest::Input changed(rest::Input input) {
  input.filled = input.required;
  input.required = false;
  return input;
}

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name", .sql = "o.name", .column = "name", .create = kName, .update = changed(kName)},
    {.path = "description",
     .sql = "o.description",
     .column = "description",
     .create = kDescription,
     .update = kDescription},
    {.path = "status",
     .sql = "o.status",
     .column = "status",
     .update = {.key = "status", .allowed = kLifeStatuses, .doc = "active, archived or deleted"}},
    {.path = "country.code",
     .sql = "o.country",
     .nullable_object = true,
     .lowered = true,
     .column = "country",
     .create = kCountry,
     .update = kCountry},
    {.path = "country.name", .sql = "k.name", .join = "k"},
    {.path = "timezone", .sql = "o.timezone", .column = "timezone", .create = kTimezone, .update = kTimezone},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    OVERTURE_USER_REF("created_by", "u"),
    {.path = "is_outreach_active",
     .type = Type::boolean,
     .sql = "o.is_outreach_active",
     .column = "is_outreach_active",
     .create = kActive,
     .update = kActive},
    {.path = "statistic.response_rate_percent",
     .sql = PERCENT(SUM_OF("outreach_answered"), SUM_OF("outreach_started"))},
    {.path = "statistic.win_rate_percent",
     .sql = PERCENT(SUM_OF("milestone_won"), SUM_OF("milestone_changed"))},
    {.path = "own_sites", .type = Type::strings, .sql = "o.own_sites", .column = "own_sites"},
};

constexpr rest::Join kJoins[] = {
    {"u", OVERTURE_USER_JOIN("u", "o.created_by")},
    {"k", OVERTURE_COUNTRY_JOIN},
};

const rest::View& view() {
  static const rest::View made(kProjects, rest::kEveryView);
  return made;
}

std::vector<rest::Input> inputs(bool creating) {
  std::vector<rest::Input> all = rest::inputs_of(kProjects, creating);
  all.push_back(kOwnSites);
  return all;
}

/// Addresses become hosts.
std::vector<rest::Assignment> own_sites(const rest::Body& body) {
  if (!body.given("own_sites")) return {};
  boost::json::array hosts;
  for (const std::string& text : body.strings("own_sites")) {
    std::optional<rules::Site> site = rules::parse_site(text);
    if (!site) throw base::Error::invalid("own_sites", "must be hosts or addresses of sites");
    hosts.push_back(boost::json::string(site->host));
  }
  return {{"own_sites", boost::json::serialize(hosts)}};
}

std::string list_projects(Call& call) { return list(call, view()); }
std::string get_project(Call& call) { return show(call, view(), call.id(0, kProjects.not_found)); }

std::string create_project(Call& call) {
  rest::Body body(call.body(), inputs(true));
  std::vector<rest::Assignment> more = own_sites(body);
  more.push_back({"created_by", call.scope().user});
  std::int64_t id = insert(call, kProjects, body, std::move(more));
  if (call.scope().restricted) {
    call.db().execute(db::Sql("INSERT INTO project_access (account_id, user_id, project_id) VALUES (?, ?, ?)",
                              call.scope().account, call.scope().user, id));
  }
  return show_written(call, view(), id);
}

std::string update_project(Call& call) {
  std::int64_t id = call.id(0, kProjects.not_found);
  require(call, kProjects, id);
  rest::Body body(call.body(), inputs(false));
  update(call, kProjects, body, id, own_sites(body));
  if (body.given("timezone")) intake::forget_spacing(call.db(), call.scope().account, id, 0);
  intake::wake_project(call.db(), call.scope().account, id, call.now);
  return show_written(call, view(), id);
}

}  // namespace

const rest::Resource kProjects{
    .name = "Project",
    .not_found = "Project not found",
    .from = "projects o",
    .table = "projects",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "o.id IN " OVERTURE_GRANTED_PROJECTS,
    .default_filter = "o.status <> 'deleted'",
    .default_filter_path = "status",
};

void add_project_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/projects", Permission::signed_in, Lane::read, list_projects)
                       .documented(42, "Projects", "List the projects you have access to")
                       .lists(view()));
  routes.push_back(Route(post, "/api/projects", Permission::member, Lane::write, create_project)
                       .about("Projects", "Create a project")
                       .answers(view())
                       .takes(inputs(true)));
  routes.push_back(Route(get, "/api/projects/{id}", Permission::signed_in, Lane::read, get_project)
                       .about("Projects", "Show one project")
                       .answers(view()));
  routes.push_back(Route(put, "/api/projects/{id}", Permission::member, Lane::write, update_project)
                       .about("Projects", "Change a project")
                       .answers(view())
                       .takes(inputs(false)));
}

}  // namespace overture::api
