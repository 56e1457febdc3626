// Links that an opportunity has brought, to be watched.
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/opportunity.hpp"
#include "rules/site.hpp"

namespace overture::api {
namespace {

using base::Error;
using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "url", .sql = "o.url", .fixed = true},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Resource kLinks{.name = "OpportunityLink",
                                .not_found = "Opportunity link not found",
                                .from = "opportunity_links o",
                                .table = "opportunity_links",
                                .fields = kFields};
constexpr rest::Input kInputs[] = {
    {.key = "url", .required = true, .max = 2048, .doc = "the page that should hold the link"}};
constexpr std::int64_t kMaxLinks = 100;

constexpr Shape kShapes[] = {{.path = "url", .format = "uri"}};

const rest::View& view() {
  static const rest::View made(kLinks, rest::kEveryView);
  return made;
}

std::string list_links(Call& call) { return list_of_opportunity(call, view()); }

std::string add_link(Call& call) {
  std::int64_t opportunity = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, opportunity);
  rest::Body body(call.body(), kInputs);
  std::optional<rules::Site> site = rules::parse_site(body.text("url"));
  if (!site) throw Error::invalid("url", "must be an http or https address");
  std::int64_t account = call.scope().account;
  call.db().lock("opportunity " + std::to_string(opportunity));
  std::int64_t id = call.db().integer(
      db::Sql("SELECT id FROM opportunity_links WHERE account_id = ? AND opportunity_id = ? AND url = ?",
              account, opportunity, site->url));
  if (id > 0) return show_written(call, view(), id);
  std::int64_t links = call.db().integer(
      db::Sql("SELECT count(*) FROM opportunity_links WHERE account_id = ? AND opportunity_id = ?", account,
              opportunity));
  if (links >= kMaxLinks) throw Error::invalid("url", "an opportunity has at most 100 links");
  id = insert(call, kLinks, body, {{"opportunity_id", opportunity}, {"url", site->url}});
  intake::touch_opportunity(call.db(), account, opportunity, call.now);
  return show_written(call, view(), id);
}

std::string delete_link(Call& call) {
  std::int64_t opportunity = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, opportunity);
  std::int64_t link = call.id(1, kLinks.not_found);
  std::int64_t account = call.scope().account;
  std::int64_t removed = call.db().execute(
      db::Sql("DELETE FROM opportunity_links WHERE account_id = ? AND opportunity_id = ? AND id = ?", account,
              opportunity, link));
  if (removed == 0) throw Error(base::ErrorCode::not_found, std::string(kLinks.not_found));
  intake::touch_opportunity(call.db(), account, opportunity, call.now);
  return nothing();
}

}  // namespace

void add_link_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view links = "/api/opportunities/{opportunity}/links";
  routes.push_back(Route(get, links, Permission::signed_in, Lane::read, list_links)
                       .about("Opportunities", "List the links of an opportunity")
                       .lists(view())
                       .shaped(kShapes));
  routes.push_back(Route(post, links, Permission::member, Lane::write, add_link)
                       .about("Opportunities", "Add a link to an opportunity")
                       .answers(view())
                       .takes(kInputs));
  routes.push_back(Route(delete_, "/api/opportunities/{opportunity}/links/{link}", Permission::member,
                         Lane::write, delete_link)
                       .about("Opportunities", "Remove a link from an opportunity"));
}

}  // namespace overture::api
