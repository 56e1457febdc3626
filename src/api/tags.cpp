// Tags of the account, for campaigns or opportunities.
#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/references.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name",
     .sql = "o.name",
     .column = "name",
     .create = {.key = "name", .required = true, .max = 100},
     .update = {.key = "name", .filled = true, .max = 100}},
    {.path = "color",
     .sql = "o.color",
     .column = "color",
     .create = {.key = "color", .normalise = normalise_color},
     .update = {.key = "color", .normalise = normalise_color}},
    {.path = "type",
     .sql = "o.type",
     .column = "type",
     .create = {.key = "type", .required = true, .allowed = kTagTypes, .doc = "campaign or opportunity"}},
};

const rest::View& view() {
  static const rest::View made(kTags, rest::kEveryView);
  return made;
}

std::string list_tags(Call& call) { return list(call, view()); }

std::string create_tag(Call& call) {
  return show_written(call, view(), insert(call, kTags, checked_body(call, kTags, true)));
}

std::string update_tag(Call& call) {
  std::int64_t id = call.id(0, kTags.not_found);
  require(call, kTags, id);
  update(call, kTags, checked_body(call, kTags, false), id);
  return show_written(call, view(), id);
}

/// A tag in use leaves everything it is on.
std::string delete_tag(Call& call) {
  std::int64_t id = call.id(0, kTags.not_found);
  require(call, kTags, id);
  std::int64_t account = call.scope().account;
  intake::await_references(call.db(), account);
  call.db().execute(
      db::Sql("UPDATE opportunities SET version = version + 1, updated_at = ? WHERE account_id = ? AND id IN "
              "(SELECT opportunity_id FROM opportunity_tags WHERE account_id = ? AND tag_id = ?)",
              call.now, account, account, id));
  call.db().execute(db::Sql("DELETE FROM opportunity_tags WHERE account_id = ? AND tag_id = ?", account, id));
  call.db().execute(db::Sql("DELETE FROM campaign_tags WHERE account_id = ? AND tag_id = ?", account, id));
  call.db().execute(db::Sql("DELETE FROM tags WHERE account_id = ? AND id = ?", account, id));
  return nothing();
}

}  // namespace

const rest::Resource kTags{
    .name = "Tag", .not_found = "Tag not found", .from = "tags o", .table = "tags", .fields = kFields};

void add_tag_routes(Routes& routes) {
  using enum http::Method;
  std::vector<rest::Input> created = rest::inputs_of(kTags, true);
  std::vector<rest::Input> changed = rest::inputs_of(kTags, false);
  routes.push_back(Route(get, "/api/tags", Permission::signed_in, Lane::read, list_tags)
                       .documented(50, "Tags", "List the account's tags")
                       .lists(view()));
  routes.push_back(Route(post, "/api/tags", Permission::member, Lane::write, create_tag)
                       .about("Tags", "Create a tag")
                       .answers(view())
                       .takes(created));
  routes.push_back(Route(put, "/api/tags/{id}", Permission::member, Lane::write, update_tag)
                       .about("Tags", "Change a tag")
                       .answers(view())
                       .takes(changed));
  routes.push_back(Route(delete_, "/api/tags/{id}", Permission::member, Lane::write, delete_tag)
                       .about("Tags", "Remove a tag from everything and delete it"));
}

}  // namespace overture::api
