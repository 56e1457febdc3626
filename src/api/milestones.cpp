// Milestones of the account, and the history of one opportunity's.
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/counts.hpp"
#include "intake/references.hpp"
#include "rules/milestone_role.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr std::string_view kKinds[] = {"open", "won", "lost"};
constexpr std::string_view kRoleDoc =
    "when the server moves opportunities here by itself; null: never. The milestone that had the role loses "
    "it";

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name",
     .sql = "o.name",
     .column = "name",
     .create = {.key = "name", .required = true, .max = 100},
     .update = {.key = "name", .filled = true, .max = 100}},
    {.path = "kind",
     .sql = "o.kind",
     .column = "kind",
     .create = {.key = "kind", .allowed = kKinds},
     .update = {.key = "kind", .allowed = kKinds}},
    {.path = "position",
     .type = Type::integer,
     .sql = "o.position",
     .column = "position",
     .create = {.key = "position", .type = Type::integer},
     .update = {.key = "position", .type = Type::integer}},
    {.path = "role",
     .sql = "NULLIF(o.role, '')",
     .nullable = true,
     .column = "role",
     .create = {.key = "role", .clearable = true, .allowed = rules::milestone_role::kAll, .doc = kRoleDoc},
     .update = {.key = "role", .clearable = true, .allowed = rules::milestone_role::kAll, .doc = kRoleDoc},
     .doc = kRoleDoc},
};

constexpr Field kHistoryFields[] = {
    {.path = "milestone_change_at", .type = Type::time, .sql = "o.changed_at", .fixed = true},
    {.path = "milestone_new", .sql = "o.new_name", .nullable = true, .fixed = true},
    {.path = "milestone_previous", .sql = "o.previous_name", .nullable = true, .fixed = true},
    OVERTURE_USER_REF("user", "u"),
};
constexpr rest::Join kHistoryJoins[] = {{"u", OVERTURE_USER_JOIN("u", "o.user_id")}};
constexpr rest::Resource kHistory{.name = "MilestoneHistoryItem",
                                  .not_found = "Milestone change not found",
                                  .from = "milestone_history o",
                                  .table = "milestone_history",
                                  .joins = kHistoryJoins,
                                  .fields = kHistoryFields};

const rest::View& view() {
  static const rest::View made(kMilestones, rest::kEveryView);
  return made;
}
const rest::View& history_view() {
  static const rest::View made(kHistory, rest::kEveryView);
  return made;
}

std::string list_milestones(Call& call) { return list(call, view()); }

std::string list_history(Call& call) { return list_of_opportunity(call, history_view()); }

/// The role that is given is free for another milestone than `id`.
void free_role(Call& call, const rest::Body& body, std::int64_t id) {
  if (!body.given("role")) return;
  call.db().lock("milestone roles " + std::to_string(call.scope().account));
  call.db().execute(db::Sql("UPDATE milestones SET role = '' WHERE account_id = ? AND role = ? AND id <> ?",
                            call.scope().account, body.text("role"), id));
}

/// A mail that is sent must not end its own outreach, and no silence or refusal is a win.
void check_role(Call& call, std::int64_t id) {
  db::RowsPtr rows = call.db().query(
      db::Sql("SELECT role, kind FROM milestones WHERE account_id = ? AND id = ?", call.scope().account, id));
  if (!rows->next()) return;
  namespace milestone_role = rules::milestone_role;
  const std::string_view role = rows->text(0);
  const std::string_view kind = rows->text(1);
  const bool goes_on = role == milestone_role::kNew || role == milestone_role::kContacted ||
                       role == milestone_role::kResponded;
  if (goes_on && kind != "open") {
    throw base::Error::invalid("role", "new, contacted and responded are roles of open milestones");
  }
  if (!role.empty() && kind == "won") throw base::Error::invalid("role", "a won milestone has none");
}

std::string create_milestone(Call& call) {
  const rest::Body body = checked_body(call, kMilestones, true);
  free_role(call, body, 0);
  const std::int64_t id = insert(call, kMilestones, body);
  check_role(call, id);
  return show_written(call, view(), id);
}

std::string kind_of(Call& call, std::int64_t id) {
  return call.db().text(
      db::Sql("SELECT kind FROM milestones WHERE account_id = ? AND id = ?", call.scope().account, id));
}

/// A change of kind makes wins of what came here before, or takes them away: that is rare, so win rates are
/// counted anew.
std::string update_milestone(Call& call) {
  std::int64_t id = call.id(0, kMilestones.not_found);
  require(call, kMilestones, id);
  const rest::Body body = checked_body(call, kMilestones, false);
  if (body.given("kind")) intake::await_milestones(call.db(), call.scope().account);
  const std::string before = kind_of(call, id);
  free_role(call, body, id);
  update(call, kMilestones, body, id);
  check_role(call, id);
  if (kind_of(call, id) != before) intake::recount_milestones(call.db(), call.scope().account);
  return show_written(call, view(), id);
}

/// Reports live on milestones: one that opportunities stand at stays until they have moved on, and its kind
/// stays known, so that what was won or lost by it counts as before.
std::string delete_milestone(Call& call) {
  std::int64_t id = call.id(0, kMilestones.not_found);
  require(call, kMilestones, id);
  std::int64_t account = call.scope().account;
  intake::await_references(call.db(), account);
  intake::await_milestones(call.db(), account);
  std::int64_t used = call.db().integer(db::Sql(
      "SELECT sum(n) FROM opportunity_counts WHERE account_id = ? AND milestone_id = ?", account, id));
  if (used > 0) {
    throw base::Error(base::ErrorCode::conflict, "This milestone is in use by " + std::to_string(used) +
                                                     " opportunities; move them to another one first");
  }
  call.db().execute(
      db::Sql("INSERT INTO deleted_milestones (account_id, id, kind) SELECT account_id, id, kind FROM "
              "milestones WHERE account_id = ? AND id = ?",
              account, id));
  call.db().execute(db::Sql("DELETE FROM milestones WHERE account_id = ? AND id = ?", account, id));
  return nothing();
}

}  // namespace

const rest::Resource kMilestones{.name = "Milestone",
                                 .not_found = "Milestone not found",
                                 .from = "milestones o",
                                 .table = "milestones",
                                 .fields = kFields};

void add_milestone_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/opportunities/{opportunity}/milestone_history", Permission::signed_in,
                         Lane::read, list_history)
                       .documented(36, "Opportunities", "List the milestone changes of an opportunity")
                       .lists(history_view()));
  routes.push_back(Route(get, "/api/milestones", Permission::signed_in, Lane::read, list_milestones)
                       .documented(37, "Opportunities", "List the account's milestones")
                       .lists(view()));
  routes.push_back(Route(post, "/api/milestones", Permission::admin, Lane::write, create_milestone)
                       .about("Opportunities", "Create a milestone")
                       .answers(view())
                       .takes(rest::inputs_of(kMilestones, true)));
  routes.push_back(Route(put, "/api/milestones/{id}", Permission::admin, Lane::write, update_milestone)
                       .about("Opportunities", "Change a milestone")
                       .answers(view())
                       .takes(rest::inputs_of(kMilestones, false)));
  routes.push_back(Route(delete_, "/api/milestones/{id}", Permission::admin, Lane::write, delete_milestone)
                       .about("Opportunities", "Delete a milestone that no opportunity stands at"));
}

}  // namespace overture::api
