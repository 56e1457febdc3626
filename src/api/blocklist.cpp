// The blocklist: sites that never become opportunities, in all projects or in one.
#include <algorithm>

#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/blocklist.hpp"
#include "jobs/queue.hpp"
#include "rest/json_writer.hpp"
#include "rules/blocklist.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "pattern", .sql = "o.pattern", .lowered = true, .fixed = true},
    {.path = "reason", .sql = "o.reason", .fixed = true},
    {.path = "project.id", .type = Type::integer, .sql = "p.id", .join = "p", .nullable_object = true},
    {.path = "project.name", .sql = "p.name", .join = "p"},
    OVERTURE_USER_REF("created_by", "u"),
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Join kJoins[] = {
    {"p", "LEFT JOIN projects p ON p.account_id = o.account_id AND p.id = o.project_id"},
    {"u", OVERTURE_USER_JOIN("u", "o.user_id")},
};
constexpr rest::Resource kBlocklist{
    .name = "BlocklistEntry",
    .not_found = "Blocklist entry not found",
    .from = "blocklist o",
    .table = "blocklist",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "(o.project_id = 0 OR o.project_id IN " OVERTURE_GRANTED_PROJECTS ")"};

constexpr rest::Input kInputs[] = {
    {.key = "pattern", .max = 2048, .doc = "a host, or *.host for everything below it too"},
    {.key = "patterns",
     .type = Type::strings,
     .filled = true,
     .max = 1000,
     .doc = "several at once; the answer is an array"},
    {.key = "project", .type = Type::integer, .doc = "only in this project; left out: in all, by admins"},
    {.key = "reason"},
};

const rest::View& view() {
  static const rest::View made(kBlocklist, rest::kEveryView);
  return made;
}

/// Entries for all projects are the admins'.
void require_scope(const Call& call, std::int64_t project) {
  if (project == 0 && call.caller.role != Role::admin) throw Error(ErrorCode::access_denied);
}

std::string checked_pattern(const std::string& key, std::string_view text) {
  std::optional<std::string> pattern = rules::parse_block_pattern(text);
  if (!pattern) throw Error::invalid(key, "must be a host such as example.com, or *.example.com");
  return std::move(*pattern);
}

/// In the order of the body, each once.
std::vector<std::string> patterns_of(const rest::Body& body) {
  std::vector<std::string> patterns;
  if (body.given("pattern") && !body.text("pattern").empty()) {
    patterns.push_back(checked_pattern("pattern", body.text("pattern")));
  }
  std::vector<std::string> texts = body.strings("patterns");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    patterns.push_back(checked_pattern("patterns[" + std::to_string(i) + "]", texts[i]));
  }
  if (patterns.empty()) throw Error(ErrorCode::missing_parameters);
  std::vector<std::string> once;
  for (std::string& pattern : patterns) {
    if (std::find(once.begin(), once.end(), pattern) == once.end()) once.push_back(std::move(pattern));
  }
  return once;
}

std::string job_payload(const std::vector<std::int64_t>& entries) {
  std::string out = "{\"entries\":[";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) out += ',';
    rest::write_integer(out, entries[i]);
  }
  return out + "]}";
}

/// What is there goes at once, or by a job where it is more than one write should take.
void take_effect(Call& call, const std::vector<std::int64_t>& entries) {
  std::int64_t account = call.scope().account;
  if (intake::apply_blocklist(call.db(), account, entries, call.now) < intake::kBlocklistStep) return;
  jobs::enqueue(call.db(), {.account = account,
                            .kind = intake::kApplyBlocklistKind,
                            .user = call.scope().user,
                            .payload = job_payload(entries),
                            .now = call.now});
}

std::string add_entries(Call& call) {
  rest::Body body(call.body(), kInputs);
  std::vector<std::string> patterns = patterns_of(body);
  std::int64_t project = 0;
  if (body.given("project")) project = require_reference(call, kProjects, body.integer("project"), "project");
  require_scope(call, project);
  std::vector<std::int64_t> ids;
  for (const std::string& pattern : patterns) {
    ids.push_back(intake::add_blocklist_entry(
        call.db(), call.scope().account,
        {.pattern = pattern, .reason = body.text("reason"), .project = project, .user = call.scope().user},
        call.now));
  }
  take_effect(call, ids);
  if (!body.given("patterns")) return show_written(call, view(), ids.front());
  std::vector<std::int64_t> ascending = ids;
  std::sort(ascending.begin(), ascending.end());
  std::vector<rest::Fragment> found = view().load(call.db(), call.scope(), ascending);
  std::string out = "[";
  for (std::int64_t id : ids) {
    if (out.size() > 1) out += ',';
    out += *std::find_if(found.begin(), found.end(), [id](const rest::Fragment& each) {
              return each.id == id;
            })->text;
  }
  return out + "]";
}

std::string list_entries(Call& call) { return list(call, view()); }

/// What the entry has taken out of the workflow stays out.
std::string delete_entry(Call& call) {
  std::int64_t id = call.id(0, kBlocklist.not_found);
  require(call, kBlocklist, id);
  std::int64_t account = call.scope().account;
  require_scope(call, call.db().integer(db::Sql(
                          "SELECT project_id FROM blocklist WHERE account_id = ? AND id = ?", account, id)));
  call.db().execute(db::Sql("DELETE FROM blocklist WHERE account_id = ? AND id = ?", account, id));
  return nothing();
}

}  // namespace

void add_blocklist_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/blocklist", Permission::signed_in, Lane::read, list_entries)
                       .about("Opportunities", "List the sites that never become opportunities")
                       .lists(view()));
  routes.push_back(Route(post, "/api/blocklist", Permission::member, Lane::write, add_entries)
                       .about("Opportunities", "Block a site, or several, in all projects or in one")
                       .answers(view())
                       .or_an_array()
                       .takes(kInputs)
                       .needs_one_of({"pattern", "patterns"}));
  routes.push_back(Route(delete_, "/api/blocklist/{id}", Permission::member, Lane::write, delete_entry)
                       .about("Opportunities", "Take a site off the blocklist"));
}

}  // namespace overture::api
