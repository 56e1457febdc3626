// Users of the account, for admins: made, changed, switched off, given projects.
#include "api/crud.hpp"
#include "api/idempotency.hpp"
#include "api/passwords.hpp"
#include "api/resources.hpp"
#include "base/crypto.hpp"
#include "base/error.hpp"
#include "intake/counts.hpp"
#include "rules/email_address.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr std::string_view kRoles[] = {"admin", "user", "inspector", "personalizer",
                                       "inspector_personalizer"};
constexpr std::string_view kStatuses[] = {"active", "inactive"};

std::string normalise_email(std::string_view key, std::string text) {
  std::optional<std::string> email = rules::parse_email_address(text);
  if (!email) throw Error::invalid(key, "is not an e-mail address");
  return std::move(*email);
}

constexpr Field kProjectId[] = {{.path = "", .type = Type::integer, .sql = "x.project_id"}};
constexpr rest::Child kProjectIds{.from = "project_access x",
                                  .parent = "x.user_id",
                                  .order = "x.project_id",
                                  .fields = kProjectId,
                                  .scalar = true};

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "email",
     .sql = "o.email",
     .lowered = true,
     .column = "email",
     .create = {.key = "email", .required = true, .max = 254, .normalise = normalise_email}},
    {.path = "display_name", .sql = "trim(o.first_name || ' ' || o.last_name)"},
    {.path = "first_name",
     .sql = "o.first_name",
     .column = "first_name",
     .create = {.key = "first_name", .required = true, .max = 100},
     .update = {.key = "first_name", .filled = true, .max = 100}},
    {.path = "last_name",
     .sql = "o.last_name",
     .column = "last_name",
     .create = {.key = "last_name", .required = true, .max = 100},
     .update = {.key = "last_name", .filled = true, .max = 100}},
    {.path = "role",
     .sql = "o.role",
     .column = "role",
     .create = {.key = "role", .allowed = kRoles},
     .update = {.key = "role", .allowed = kRoles}},
    {.path = "status",
     .sql = "o.status",
     .column = "status",
     .update = {.key = "status", .allowed = kStatuses}},
    {.path = "projects", .type = Type::rows, .child = &kProjectIds},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Resource kUsers{
    .name = "User", .not_found = "User not found", .from = "users o", .table = "users", .fields = kFields};

constexpr rest::Input kProjectsInput{.key = "projects",
                                     .type = Type::integers,
                                     .max = 10'000,
                                     .doc = "ids of the projects this user sees; admins see all"};

const rest::View& view() {
  static const rest::View made(kUsers, rest::kEveryView);
  return made;
}

std::vector<rest::Input> inputs(bool creating) {
  std::vector<rest::Input> all = rest::inputs_of(kUsers, creating);
  all.push_back(kProjectsInput);
  if (creating) all.push_back(kNewPassword);
  return all;
}

/// In place of the projects granted before.
void grant_projects(Call& call, std::int64_t user, const rest::Body& body) {
  if (!body.given("projects")) return;
  std::int64_t account = call.scope().account;
  call.db().lock("grants " + std::to_string(user));
  call.db().execute(
      db::Sql("DELETE FROM project_access WHERE account_id = ? AND user_id = ?", account, user));
  for (std::int64_t project : body.integers("projects")) {
    require_reference(call, kProjects, project, "projects");
    call.db().execute(
        db::Sql("INSERT INTO project_access (account_id, user_id, project_id) VALUES (?, ?, ?) "
                "ON CONFLICT (account_id, user_id, project_id) DO NOTHING",
                account, user, project));
  }
}

std::string list_users(Call& call) { return list(call, view()); }
std::string get_user(Call& call) { return show(call, view(), call.id(0, kUsers.not_found)); }

std::string create_user(Call& call) {
  rest::Body body(call.body(), inputs(true));
  check_password_length("password", body.text("password"));
  std::string hash = base::hash_password(body.text("password"));
  return call.services.database.write([&](db::Connection& connection) {
    call.connection = &connection;
    return answer_once(call, [&] {
      std::int64_t account = call.scope().account;
      if (connection.exists(db::Sql("SELECT 1 FROM users WHERE account_id = ? AND email = ?", account,
                                    body.text("email")))) {
        throw Error(ErrorCode::conflict, "There is a user with this address already");
      }
      std::int64_t id = insert(call, kUsers, body, {{"password_hash", hash}});
      grant_projects(call, id, body);
      intake::note_change(connection, account);
      return show_written(call, view(), id);
    });
  });
}

/// An account without an admin could not be put right from inside.
void require_another_admin(Call& call, std::int64_t id) {
  std::int64_t account = call.scope().account;
  call.db().lock("admins " + std::to_string(account));
  bool is_admin = call.db().exists(
      db::Sql("SELECT 1 FROM users WHERE account_id = ? AND id = ? AND role = 'admin' AND status = 'active'",
              account, id));
  bool another = call.db().exists(
      db::Sql("SELECT 1 FROM users WHERE account_id = ? AND id <> ? AND role = 'admin' AND status = 'active'",
              account, id));
  if (is_admin && !another) throw Error(ErrorCode::conflict, "This is the last active admin of the account");
}

std::string update_user(Call& call) {
  std::int64_t id = call.id(0, kUsers.not_found);
  require(call, kUsers, id);
  rest::Body body(call.body(), inputs(false));
  bool demotes = body.given("role") && body.text("role") != "admin";
  bool switches_off = body.given("status") && body.text("status") != "active";
  if (demotes || switches_off) require_another_admin(call, id);
  update(call, kUsers, body, id);
  grant_projects(call, id, body);
  return show_written(call, view(), id);
}

constexpr rest::Input kCollaborators[] = {
    {.key = "users", .type = Type::integers, .max = 1000, .doc = "ids of users, in place of those before"}};

constexpr Field kCollaboratorFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "display_name", .sql = "trim(o.first_name || ' ' || o.last_name)"},
    {.path = "first_name", .sql = "o.first_name"},
    {.path = "last_name", .sql = "o.last_name"},
    {.path = "email", .sql = "o.email", .lowered = true},
    {.path = "role", .sql = "o.role"},
};
constexpr Shape kCollaboratorShapes[] = {{.path = "role", .allowed = kRoles}};
constexpr rest::Resource kCollaboratorUsers{.name = "Collaborator",
                                            .not_found = "User not found",
                                            .from = "users o",
                                            .table = "users",
                                            .fields = kCollaboratorFields};

const rest::View& collaborator_view() {
  static const rest::View made(kCollaboratorUsers, rest::kEveryView);
  return made;
}

std::string list_collaborators(Call& call) {
  std::int64_t campaign = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, campaign);
  return list(
      call, collaborator_view(),
      db::Sql("o.id IN (SELECT user_id FROM campaign_collaborators WHERE account_id = ? AND campaign_id = ?)",
              call.scope().account, campaign));
}

std::string set_collaborators(Call& call) {
  std::int64_t campaign = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, campaign);
  rest::Body body(call.body(), kCollaborators);
  if (!body.given("users")) throw Error(ErrorCode::missing_parameters);
  std::int64_t account = call.scope().account;
  call.db().lock("collaborators " + std::to_string(campaign));
  call.db().execute(db::Sql("DELETE FROM campaign_collaborators WHERE account_id = ? AND campaign_id = ?",
                            account, campaign));
  for (std::int64_t user : body.integers("users")) {
    require_reference(call, kUsers, user, "users");
    call.db().execute(
        db::Sql("INSERT INTO campaign_collaborators (account_id, campaign_id, user_id) VALUES (?, ?, ?) "
                "ON CONFLICT (account_id, campaign_id, user_id) DO NOTHING",
                account, campaign, user));
  }
  return list_collaborators(call);
}

}  // namespace

void add_user_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/users", Permission::admin, Lane::read, list_users)
                       .about("Users", "List the users of the account")
                       .lists(view()));
  routes.push_back(Route(post, "/api/users", Permission::admin, Lane::password, create_user)
                       .about("Users", "Create a user")
                       .answers(view())
                       .takes(inputs(true)));
  routes.push_back(Route(get, "/api/users/{id}", Permission::admin, Lane::read, get_user)
                       .about("Users", "Show one user")
                       .answers(view()));
  routes.push_back(Route(put, "/api/users/{id}", Permission::admin, Lane::write, update_user)
                       .about("Users", "Change names, role, status or projects of a user")
                       .answers(view())
                       .takes(inputs(false)));
  constexpr std::string_view collaborators = "/api/campaigns/{campaign}/collaborators";
  routes.push_back(Route(get, collaborators, Permission::signed_in, Lane::read, list_collaborators)
                       .about("Campaigns", "List the collaborators of a campaign")
                       .lists(collaborator_view())
                       .shaped(kCollaboratorShapes));
  routes.push_back(
      Route(put, collaborators, Permission::member, Lane::write, set_collaborators)
          .about("Campaigns",
                 "Say who collaborates in a campaign: inspectors and personalizers see only these")
          .lists(collaborator_view())
          .takes(kCollaborators)
          .needs_one_of({"users"}));
}

}  // namespace overture::api
