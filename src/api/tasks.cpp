// Tasks: added, listed by project or opportunity, completed, reassigned, put off.
#include "intake/tasks.hpp"
#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/inbound_emails.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr rest::Input flag(std::string_view key) { return {.key = key, .type = Type::boolean}; }

constexpr rest::Input kDescription{.key = "description", .clearable = true, .max = 50'000};
constexpr rest::Input kDueDate{.key = "due_date", .type = Type::time, .clearable = true};

/// References are checked and written by the handlers, so they have no column here.
constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    OVERTURE_USER_REF("completed_by", "cb"),
    OVERTURE_USER_REF("assigned_to", "ab"),
    {.path = "project.id", .type = Type::integer, .sql = "o.project_id", .fixed = true},
    {.path = "project.name", .sql = "p.name", .join = "p"},
    {.path = "campaign.id", .type = Type::integer, .sql = "c.id", .join = "c", .nullable_object = true},
    {.path = "campaign.name", .sql = "c.name", .join = "c"},
    {.path = "campaign.status", .sql = "c.status", .join = "c"},
    {.path = "communication.id", .type = Type::integer, .sql = "e.id", .join = "e", .nullable_object = true},
    {.path = "opportunity.id", .type = Type::integer, .sql = "y.id", .join = "y", .nullable_object = true},
    {.path = "opportunity.name", .sql = "y.name", .join = "y"},
    {.path = "opportunity.url", .sql = "y.url", .join = "y"},
    {.path = "opportunity.milestone", .sql = "m.name", .join = "y", .nullable = true},
    {.path = "name",
     .sql = "o.name",
     .column = "name",
     .create = {.key = "name", .required = true},
     .update = {.key = "name", .filled = true}},
    {.path = "description",
     .sql = "o.description",
     .column = "description",
     .create = kDescription,
     .update = kDescription},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "due_date",
     .type = Type::time,
     .sql = "o.due_date",
     .column = "due_date",
     .create = kDueDate,
     .update = kDueDate},
    {.path = "completed_at", .type = Type::time, .sql = "o.completed_at"},
    {.path = "autocomplete_on_communication",
     .type = Type::boolean,
     .sql = "o.autocomplete_on_communication",
     .column = "autocomplete_on_communication",
     .create = flag("autocomplete_on_communication"),
     .update = flag("autocomplete_on_communication")},
    {.path = "autocomplete_on_milestone",
     .type = Type::boolean,
     .sql = "o.autocomplete_on_milestone",
     .column = "autocomplete_on_milestone",
     .create = flag("autocomplete_on_milestone"),
     .update = flag("autocomplete_on_milestone")},
    {.path = "type", .sql = "o.type", .fixed = true},
    // The parameter of this name is read by the list, in the form that the index of open tasks answers.
    {.path = "completed",
     .type = Type::boolean,
     .sql = "CASE WHEN o.completed_at IS NULL THEN 0 ELSE 1 END",
     .views = rest::kNoView,
     .only_in_search = true},
};
constexpr rest::Join kJoins[] = {
    {"p", OVERTURE_PROJECT_JOIN},
    {"c", "LEFT JOIN campaigns c ON c.account_id = o.account_id AND c.id = o.campaign_id"},
    {"e", "LEFT JOIN inbound_emails e ON e.account_id = o.account_id AND e.id = o.communication_id"},
    {"y",
     "LEFT JOIN opportunities y ON y.account_id = o.account_id AND y.id = o.opportunity_id "
     "LEFT JOIN milestones m ON m.account_id = y.account_id AND m.id = y.milestone_id"},
    {"cb", OVERTURE_USER_JOIN("cb", "o.completed_by")},
    {"ab", OVERTURE_USER_JOIN("ab", "o.assigned_to")},
};
constexpr rest::Resource kTasks{.name = "Task",
                                .not_found = "Task not found",
                                .from = "tasks o",
                                .table = "tasks",
                                .joins = kJoins,
                                .fields = kFields,
                                .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS,
                                .collaborating =
                                    "(o.campaign_id = 0 OR o.campaign_id IN (SELECT cc.campaign_id FROM "
                                    "campaign_collaborators cc WHERE cc.account_id = ? AND cc.user_id = ?))"};

constexpr Shape kShapes[] = {{.path = "campaign.status", .allowed = kLifeStatuses}};

constexpr rest::Input kReferences[] = {
    {.key = "assigned_to", .type = Type::integer, .doc = "id of a user who sees the project"},
    {.key = "project", .type = Type::integer, .required = true, .doc = "id of the project"},
    {.key = "campaign", .type = Type::integer, .doc = "id of a campaign of the project"},
    {.key = "communication", .type = Type::integer, .doc = "id of an inbound e-mail of the project"},
    {.key = "opportunity", .type = Type::integer, .doc = "id of an opportunity of the project or campaign"},
};
constexpr rest::Input kChanges[] = {
    {.key = "assigned_to", .type = Type::integer, .doc = "id of a user who sees the project; null: nobody"},
    {.key = "completed", .type = Type::boolean, .doc = "true completes the task, false opens it again"},
};

std::vector<rest::Input> joined(std::span<const rest::Input> first, const std::vector<rest::Input>& second) {
  std::vector<rest::Input> all(first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

const rest::View& view() {
  static const rest::View made(kTasks, rest::kEveryView);
  return made;
}

void require_assignee(Call& call, std::int64_t user, std::int64_t project) {
  if (!intake::may_have_tasks(call.db(), call.scope().account, user, project))
    throw Error::invalid("assigned_to", "must be an active user who sees the project");
}

/// What a new task belongs to; 0 for none.
struct Place {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
  std::int64_t communication = 0;
};

/// The campaign of an opportunity is taken from it where none is given.
Place checked_place(Call& call, const rest::Body& body) {
  std::int64_t account = call.scope().account;
  Place place;
  place.project = require_reference(call, kProjects, body.integer("project"), "project");
  if (body.given("campaign")) {
    place.campaign = require_reference(call, kCampaigns, body.integer("campaign"), "campaign");
    bool inside =
        call.db().exists(db::Sql("SELECT 1 FROM campaigns WHERE account_id = ? AND id = ? AND project_id = ?",
                                 account, place.campaign, place.project));
    if (!inside) throw Error::invalid("campaign", "is not in this project");
  }
  if (body.given("opportunity")) {
    place.opportunity = require_reference(call, kOpportunities, body.integer("opportunity"), "opportunity");
    db::RowsPtr rows = call.db().query(
        db::Sql("SELECT project_id, campaign_id FROM opportunities WHERE account_id = ? AND id = ?", account,
                place.opportunity));
    rows->next();
    if (rows->integer(0) != place.project) throw Error::invalid("opportunity", "is not in this project");
    if (place.campaign != 0 && rows->integer(1) != place.campaign) {
      throw Error::invalid("opportunity", "is not in this campaign");
    }
    place.campaign = rows->integer(1);
  }
  if (body.given("communication")) {
    place.communication = body.integer("communication");
    const bool is_shown = can_see(call, kInboundEmails, place.communication);
    const db::Sql project("SELECT project_id FROM inbound_emails WHERE account_id = ? AND id = ?", account,
                          place.communication);
    if (!is_shown || call.db().integer(project) != place.project)
      throw Error::invalid("communication", "is not an inbound e-mail of this project");
  }
  return place;
}

std::string add_task(Call& call) {
  rest::Body references(call.body(), kReferences);
  rest::Body body = checked_body(call, kTasks, true);
  Place place = checked_place(call, references);
  std::int64_t assigned_to = references.integer("assigned_to");
  if (references.given("assigned_to")) require_assignee(call, assigned_to, place.project);
  std::int64_t id = insert(call, kTasks, body,
                           {{"project_id", place.project},
                            {"campaign_id", place.campaign},
                            {"opportunity_id", place.opportunity},
                            {"communication_id", place.communication},
                            {"assigned_to", assigned_to},
                            {"created_by", call.scope().user}});
  return show_written(call, view(), id);
}

/// The project has to be named, but for `group=by_opportunity` with an opportunity.
void require_place(const Call& call) {
  if (!call.query.list("project.id").empty()) return;
  for (const std::string& group : call.query.list("group")) {
    if (group == "by_opportunity" && !call.query.list("opportunity.id").empty()) return;
  }
  throw Error(ErrorCode::missing_parameters);
}

/// `completed`, and the asked-for references once more as the task's own columns, which have indexes.
db::Sql own_conditions(const Call& call) {
  struct Column {
    std::string_view parameter;
    db::Literal condition;
  };
  static constexpr Column kColumns[] = {{"opportunity.id", " AND o.opportunity_id = "},
                                        {"communication.id", " AND o.communication_id = "},
                                        {"campaign.id", " AND o.campaign_id = "}};
  db::Sql sql("o.id > 0");
  if (const std::string* text = call.query.find("completed")) {
    std::optional<bool> completed = rest::parse_boolean(*text);
    if (!completed) throw Error::invalid("completed", "must be true or false");
    sql << (*completed ? db::Literal(" AND o.completed_at IS NOT NULL")
                       : db::Literal(" AND o.completed_at IS NULL"));
  }
  for (const auto& [parameter, condition] : kColumns) {
    const std::string* text = call.query.find(parameter);
    std::optional<std::int64_t> id = text == nullptr ? std::nullopt : rest::parse_integer(*text);
    if (id && *id > 0) (sql << condition).bind(*id);
  }
  return sql;
}

std::string list_tasks(Call& call) {
  require_place(call);
  return list(call, view(), own_conditions(call));
}

std::string get_task(Call& call) { return show(call, view(), call.id(0, kTasks.not_found)); }

/// A task that is completed already keeps who did it and when.
void set_completed(Call& call, std::int64_t id, bool completed) {
  std::int64_t account = call.scope().account;
  if (completed) {
    call.db().execute(
        db::Sql("UPDATE tasks SET completed_at = ?, completed_by = ? WHERE account_id = ? AND id = ? "
                "AND completed_at IS NULL",
                call.now, call.scope().user, account, id));
  } else {
    call.db().execute(
        db::Sql("UPDATE tasks SET completed_at = NULL, completed_by = 0 WHERE account_id = ? AND id = ?",
                account, id));
  }
}

std::string update_task(Call& call) {
  std::int64_t id = call.id(0, kTasks.not_found);
  require(call, kTasks, id);
  rest::Body changes(call.body(), kChanges);
  rest::Body body = checked_body(call, kTasks, false);
  std::vector<rest::Assignment> assignments = rest::assignments_of(kTasks, body, false);
  if (changes.has("assigned_to")) {
    std::int64_t user = changes.integer("assigned_to");
    if (changes.given("assigned_to")) {
      std::int64_t account = call.scope().account;
      std::int64_t project = call.db().integer(
          db::Sql("SELECT project_id FROM tasks WHERE account_id = ? AND id = ?", account, id));
      require_assignee(call, user, project);
    }
    assignments.push_back({"assigned_to", user});
  }
  if (!assignments.empty()) {
    call.db().execute(rest::make_update(kTasks.table, assignments, call.scope().account, id));
  }
  if (changes.given("completed")) set_completed(call, id, changes.boolean("completed", false));
  return show_written(call, view(), id);
}

std::string delete_task(Call& call) {
  std::int64_t id = call.id(0, kTasks.not_found);
  require(call, kTasks, id);
  call.db().execute(db::Sql("DELETE FROM tasks WHERE account_id = ? AND id = ?", call.scope().account, id));
  return nothing();
}

}  // namespace

void add_task_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(post, "/api/tasks", Permission::stage, Lane::write, add_task)
                       .documented(48, "Tasks", "Add a task to a project")
                       .answers(view())
                       .takes(joined(kReferences, rest::inputs_of(kTasks, true))));
  routes.push_back(
      Route(get, "/api/tasks", Permission::signed_in, Lane::read, list_tasks)
          .documented(49, "Tasks", "List the tasks of a project, or of an opportunity")
          .lists(view())
          .shaped(kShapes)
          .asks(
              {{.name = "group", .doc = "by_opportunity: opportunity.id stands in for project.id"},
               {.name = "completed", .type = Type::boolean, .doc = "true: done, false: still to be done"}}));
  routes.push_back(Route(get, "/api/tasks/{id}", Permission::signed_in, Lane::read, get_task)
                       .about("Tasks", "Show one task")
                       .answers(view()));
  routes.push_back(Route(put, "/api/tasks/{id}", Permission::stage, Lane::write, update_task)
                       .about("Tasks", "Complete, reopen, reassign, put off or reword a task")
                       .answers(view())
                       .takes(joined(kChanges, rest::inputs_of(kTasks, false))));
  routes.push_back(Route(delete_, "/api/tasks/{id}", Permission::stage, Lane::write, delete_task)
                       .about("Tasks", "Delete a task"));
}

}  // namespace overture::api
