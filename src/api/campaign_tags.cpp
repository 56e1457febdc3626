// Tags on campaigns: the link's id is the tag's id within its campaign.
#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "api/tagging.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Input kTagInputs[] = {
    {.key = "tag", .type = Type::integer, .required = true, .doc = "id of a tag of type campaign"}};

constexpr Field kAnswerFields[] = {{.path = "id", .type = Type::integer, .doc = "of the tag"},
                                   {.path = "tag.id", .type = Type::integer},
                                   {.path = "tag.name"},
                                   {.path = "tag.color"},
                                   {.path = "tag.type"},
                                   {.path = "tagged_at", .type = Type::time, .fixed = true}};
constexpr Form kAnswer{.name = "CampaignTag", .fields = kAnswerFields};
constexpr Shape kShapes[] = {{.path = "tag.type", .allowed = kTagTypes}};

std::string add_tag(Call& call) {
  std::int64_t id = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, id);
  rest::Body body(call.body(), kTagInputs);
  std::int64_t tag = require_reference(call, kTags, body.integer("tag"), "tag");
  require_tag_type(call, tag, "campaign");
  add_campaign_tag(call, id, tag);
  db::RowsPtr rows = call.db().query(db::Sql(
      "SELECT x.tagged_at, t.name, t.color, t.type FROM campaign_tags x JOIN tags t ON "
      "t.account_id = x.account_id AND t.id = x.tag_id WHERE x.account_id = ? AND x.campaign_id = ? AND "
      "x.tag_id = ?",
      call.scope().account, id, tag));
  rows->next();
  std::string out = "{\"id\":";
  rest::write_integer(out, tag);
  out += ",\"tag\":";
  write_tag(out, tag, rows->text(1), rows->text(2), rows->text(3));
  out += ",\"tagged_at\":\"" + base::rfc3339(rows->integer(0)) + "\"}";
  return out;
}

std::string delete_tag(Call& call) {
  std::int64_t id = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, id);
  std::int64_t tag = call.id(1, "Campaign tag not found");
  std::int64_t removed = call.db().execute(
      db::Sql("DELETE FROM campaign_tags WHERE account_id = ? AND campaign_id = ? AND tag_id = ?",
              call.scope().account, id, tag));
  if (removed == 0) throw base::Error(base::ErrorCode::not_found, "Campaign tag not found");
  return nothing();
}

}  // namespace

void add_campaign_tag(Call& call, std::int64_t campaign, std::int64_t tag) {
  call.db().execute(
      db::Sql("INSERT INTO campaign_tags (account_id, campaign_id, tag_id, tagged_at) VALUES (?, ?, ?, ?) "
              "ON CONFLICT (account_id, campaign_id, tag_id) DO NOTHING",
              call.scope().account, campaign, tag, call.now));
}

void require_tag_type(Call& call, std::int64_t tag, std::string_view type, std::string_view key) {
  std::string found = call.db().text(
      db::Sql("SELECT type FROM tags WHERE account_id = ? AND id = ?", call.scope().account, tag));
  if (found == type) return;
  throw base::Error::invalid(key, type == "campaign" ? "is a tag for opportunities, not for campaigns"
                                                     : "is a tag for campaigns, not for opportunities");
}

void write_tag(std::string& out, std::int64_t id, std::string_view name, std::string_view color,
               std::string_view type) {
  out += "{\"id\":";
  rest::write_integer(out, id);
  out += ",\"name\":";
  rest::write_string(out, name);
  out += ",\"color\":";
  rest::write_string(out, color);
  out += ",\"type\":";
  rest::write_string(out, type);
  out += '}';
}

void add_campaign_tag_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(post, "/api/campaigns/{campaign}/tags", Permission::member, Lane::write, add_tag)
                       .documented(6, "Campaigns", "Put a tag on a campaign")
                       .answers(kAnswer)
                       .shaped(kShapes)
                       .takes(kTagInputs));
  routes.push_back(
      Route(delete_, "/api/campaigns/{campaign}/tags/{tag}", Permission::member, Lane::write, delete_tag)
          .documented(13, "Campaigns", "Take a tag off a campaign"));
}

}  // namespace overture::api
