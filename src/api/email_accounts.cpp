// The mail accounts that outreach is sent from.
#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name", .sql = "o.name"},
    {.path = "nickname", .sql = "o.nickname"},
    {.path = "from_name", .sql = "o.from_name"},
    {.path = "status", .sql = "o.status"},
    {.path = "daily_limit", .type = Type::integer, .sql = "o.daily_limit"},
    {.path = "created_by_user.id",
     .type = Type::integer,
     .sql = "u.id",
     .join = "u",
     .nullable_object = true},
    {.path = "created_by_user.display_name", .sql = "trim(u.first_name || ' ' || u.last_name)", .join = "u"},
    {.path = "created_by_user.email", .sql = "u.email", .join = "u"},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "updated_at", .type = Type::time, .sql = "o.updated_at"},
};
constexpr rest::Join kJoins[] = {{"u", OVERTURE_USER_JOIN("u", "o.created_by")}};

constexpr Shape kShapes[] = {{.path = "status", .allowed = kMailAccountStatuses}};

const rest::View& view() {
  static const rest::View made(kEmailAccounts, rest::kEveryView);
  return made;
}

std::string list_email_accounts(Call& call) { return list(call, view()); }

}  // namespace

const rest::Resource kEmailAccounts{
    .name = "EmailAccount",
    .not_found = "Email account not found",
    .from = "email_accounts o",
    .table = "email_accounts",
    .joins = kJoins,
    .fields = kFields,
    .restricted =
        "EXISTS (SELECT 1 FROM project_access pa JOIN email_account_projects ep ON "
        "ep.account_id = pa.account_id AND ep.project_id = pa.project_id WHERE pa.account_id = ? AND "
        "pa.user_id = ? AND ep.email_account_id = o.id)",
    .default_filter = "o.status <> 'deleted'",
    .default_filter_path = "status",
};

void add_email_account_routes(Routes& routes) {
  routes.push_back(
      Route(http::Method::get, "/api/email_accounts", Permission::signed_in, Lane::read, list_email_accounts)
          .documented(20, "Emails", "List the mail accounts of your projects")
          .lists(view())
          .shaped(kShapes));
}

}  // namespace overture::api
