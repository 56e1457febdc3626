// Mail accounts in rotation: those that a campaign names to send for it. None named: all of its project.
#include <set>

#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/runs.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr Field kNamedFields[] = {
    {.path = "id", .type = Type::integer, .sql = "e.id"},
    {.path = "name", .sql = "e.name"},
    {.path = "nickname", .sql = "e.nickname"},
    {.path = "from_name", .sql = "e.from_name"},
    {.path = "status", .sql = "e.status"},
    {.path = "in_rotation",
     .type = Type::boolean,
     .sql = "CASE WHEN p.project_id IS NULL OR e.status = 'deleted' THEN 0 ELSE 1 END",
     .doc = "false: it has left the project or was deleted, so it does not send"},
};
constexpr rest::Child kNamed{
    .from =
        "campaign_email_accounts x JOIN email_accounts e ON e.account_id = x.account_id AND e.id = "
        "x.email_account_id JOIN campaigns c ON c.account_id = x.account_id AND c.id = x.campaign_id LEFT "
        "JOIN email_account_projects p ON p.account_id = x.account_id AND p.email_account_id = "
        "x.email_account_id AND p.project_id = c.project_id",
    .parent = "x.campaign_id",
    .order = "x.email_account_id",
    .fields = kNamedFields};

constexpr Field kFields[] = {
    {.path = "campaign.id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "campaign.name", .sql = "o.name"},
    {.path = "campaign.status", .sql = "o.status"},
    {.path = "email_accounts",
     .type = Type::rows,
     .child = &kNamed,
     .doc = "those that send for the campaign; none: all of its project"},
};
constexpr rest::Resource kRotation{
    .name = "CampaignEmailAccounts",
    .not_found = "Campaign not found",
    .from = "campaigns o",
    .table = "campaigns",
    .fields = kFields,
    .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS,
    .collaborating = "o.id IN " OVERTURE_OWN_CAMPAIGNS,
};
constexpr Shape kShapes[] = {{.path = "campaign.status", .allowed = kLifeStatuses},
                             {.path = "email_accounts.status", .allowed = kMailAccountStatuses}};

constexpr rest::Input kInputs[] = {
    {.key = "email_accounts",
     .type = Type::integers,
     .max = 1000,
     .doc = "ids of mail accounts of the project, in place of those before; [] for all of the project"}};

const rest::View& view() {
  static const rest::View made(kRotation, rest::kEveryView);
  return made;
}

std::string get_rotation(Call& call) { return show(call, view(), call.id(0, kRotation.not_found)); }

/// Throws invalid_value for one that could not send for the campaign; those that it names already may stay,
/// so that what is shown can be sent back.
void require_of_project(Call& call, std::int64_t campaign, const std::vector<std::int64_t>& ids) {
  std::set<std::int64_t> allowed;
  {
    db::RowsPtr rows = call.db().query(db::Sql(
        "SELECT p.email_account_id FROM campaigns c JOIN email_account_projects p ON p.account_id = "
        "c.account_id AND p.project_id = c.project_id JOIN email_accounts e ON e.account_id = p.account_id "
        "AND e.id = p.email_account_id WHERE c.account_id = ? AND c.id = ? AND e.status <> 'deleted' UNION "
        "SELECT r.email_account_id FROM campaign_email_accounts r WHERE r.account_id = ? AND r.campaign_id "
        "= ?",
        call.scope().account, campaign, call.scope().account, campaign));
    while (rows->next()) allowed.insert(rows->integer(0));
  }
  for (const std::int64_t id : ids) {
    if (!allowed.contains(id)) {
      throw base::Error::invalid("email_accounts",
                                 std::to_string(id) + " is no mail account of the campaign's project");
    }
  }
}

std::string set_rotation(Call& call) {
  const std::int64_t campaign = call.id(0, kRotation.not_found);
  require(call, kRotation, campaign);
  const rest::Body body(call.body(), kInputs);
  if (!body.given("email_accounts")) throw base::Error(base::ErrorCode::missing_parameters);
  const std::vector<std::int64_t> named = body.integers("email_accounts");
  require_of_project(call, campaign, named);
  intake::set_rotation(call.db(), call.scope().account, campaign, named, call.now);
  return show_written(call, view(), campaign);
}

}  // namespace

void add_campaign_email_account_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view path = "/api/campaigns/{campaign}/email_accounts";
  routes.push_back(Route(get, path, Permission::signed_in, Lane::read, get_rotation)
                       .about("Campaigns", "Show the mail accounts that send for a campaign")
                       .answers(view())
                       .shaped(kShapes));
  routes.push_back(Route(put, path, Permission::member, Lane::write, set_rotation)
                       .about("Campaigns",
                              "Say which mail accounts of its project send for a campaign; sites of one that "
                              "is left out go on with another")
                       .answers(view())
                       .takes(kInputs)
                       .needs_one_of({"email_accounts"}));
}

}  // namespace overture::api
