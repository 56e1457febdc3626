// Sites of partners, which campaigns may leave out.
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "rules/site.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "host", .sql = "o.host", .lowered = true, .fixed = true},
    {.path = "name", .sql = "o.name", .column = "name", .create = {.key = "name"}},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Resource kPartners{.name = "Partner",
                                   .not_found = "Partner not found",
                                   .from = "partners o",
                                   .table = "partners",
                                   .fields = kFields};

constexpr rest::Input kInputs[] = {
    {.key = "url", .required = true, .max = 2048, .doc = "address or host of the site"}, {.key = "name"}};

const rest::View& view() {
  static const rest::View made(kPartners, rest::kEveryView);
  return made;
}

std::string list_partners(Call& call) { return list(call, view()); }

std::string create_partner(Call& call) {
  rest::Body body(call.body(), kInputs);
  std::optional<rules::Site> site = rules::parse_site(body.text("url"));
  if (!site) throw Error::invalid("url", "must be the address or host of a site");
  std::int64_t known = call.db().integer(
      db::Sql("SELECT id FROM partners WHERE account_id = ? AND host = ?", call.scope().account, site->host));
  if (known == 0) known = insert(call, kPartners, body, {{"host", site->host}});
  return show_written(call, view(), known);
}

std::string delete_partner(Call& call) {
  std::int64_t id = call.id(0, kPartners.not_found);
  require(call, kPartners, id);
  call.db().execute(
      db::Sql("DELETE FROM partners WHERE account_id = ? AND id = ?", call.scope().account, id));
  return nothing();
}

}  // namespace

void add_partner_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/partners", Permission::signed_in, Lane::read, list_partners)
                       .about("Campaigns", "List the sites of partners")
                       .lists(view()));
  routes.push_back(Route(post, "/api/partners", Permission::member, Lane::write, create_partner)
                       .about("Campaigns", "Add the site of a partner")
                       .answers(view())
                       .takes(kInputs));
  routes.push_back(Route(delete_, "/api/partners/{id}", Permission::member, Lane::write, delete_partner)
                       .about("Campaigns", "Remove the site of a partner"));
}

}  // namespace overture::api
