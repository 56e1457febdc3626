// Tags on opportunities.
#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "api/tagging.hpp"
#include "base/error.hpp"
#include "intake/opportunity.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

constexpr rest::Input kInputs[] = {
    {.key = "tag", .type = rest::Type::integer, .required = true, .doc = "id of a tag of type opportunity"}};

constexpr rest::Field kAnswerFields[] = {{.path = "id", .type = rest::Type::integer, .doc = "of the tag"},
                                         {.path = "tag.id", .type = rest::Type::integer},
                                         {.path = "tag.name"},
                                         {.path = "tag.color"},
                                         {.path = "tag.type"}};
constexpr Form kAnswer{.name = "OpportunityTag", .fields = kAnswerFields};
constexpr Shape kShapes[] = {{.path = "tag.type", .allowed = kTagTypes}};

std::string add_tag(Call& call) {
  std::int64_t id = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, id);
  rest::Body body(call.body(), kInputs);
  std::int64_t tag = require_reference(call, kTags, body.integer("tag"), "tag");
  require_tag_type(call, tag, "opportunity");
  std::int64_t account = call.scope().account;
  std::int64_t added = call.db().execute(db::Sql(
      "INSERT INTO opportunity_tags (account_id, opportunity_id, tag_id, tagged_at) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (account_id, opportunity_id, tag_id) DO NOTHING",
      account, id, tag, call.now));
  if (added > 0) intake::touch_opportunity(call.db(), account, id, call.now);
  db::RowsPtr rows = call.db().query(
      db::Sql("SELECT name, color, type FROM tags WHERE account_id = ? AND id = ?", account, tag));
  rows->next();
  std::string out = "{\"id\":";
  rest::write_integer(out, tag);
  out += ",\"tag\":";
  write_tag(out, tag, rows->text(0), rows->text(1), rows->text(2));
  return out + "}";
}

std::string delete_tag(Call& call) {
  std::int64_t id = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, id);
  std::int64_t tag = call.id(1, "Opportunity tag not found");
  std::int64_t account = call.scope().account;
  std::int64_t removed = call.db().execute(
      db::Sql("DELETE FROM opportunity_tags WHERE account_id = ? AND opportunity_id = ? AND tag_id = ?",
              account, id, tag));
  if (removed == 0) throw base::Error(base::ErrorCode::not_found, "Opportunity tag not found");
  intake::touch_opportunity(call.db(), account, id, call.now);
  return nothing();
}

}  // namespace

void add_opportunity_tag_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(
      Route(post, "/api/opportunities/{opportunity}/tags", Permission::stage, Lane::write, add_tag)
          .documented(30, "Opportunities", "Put a tag on an opportunity")
          .answers(kAnswer)
          .shaped(kShapes)
          .takes(kInputs));
  routes.push_back(Route(delete_, "/api/opportunities/{opportunity}/tags/{tag}", Permission::stage,
                         Lane::write, delete_tag)
                       .about("Opportunities", "Take a tag off an opportunity"));
}

}  // namespace overture::api
