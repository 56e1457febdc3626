// Campaigns: read, changed, archived. Creating them is in campaign_imports.cpp.
#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/time.hpp"
#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "jobs/queue.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr Field kTagFields[] = {
    {.path = "id", .type = Type::integer, .sql = "x.tag_id"},
    {.path = "tag.id", .type = Type::integer, .sql = "t.id"},
    {.path = "tag.name", .sql = "t.name"},
    {.path = "tag.color", .sql = "t.color"},
    {.path = "tag.type", .sql = "t.type"},
    {.path = "tagged_at", .type = Type::time, .sql = "x.tagged_at"},
    {.path = "name", .sql = "t.name"},
    {.path = "color", .sql = "t.color"},
    {.path = "type", .sql = "t.type"},
};
constexpr rest::Child kCampaignTags{
    .from = "campaign_tags x JOIN tags t ON t.account_id = x.account_id AND t.id = x.tag_id",
    .parent = "x.campaign_id",
    .order = "x.tag_id",
    .fields = kTagFields};

constexpr rest::Input flag(std::string_view key) { return {.key = key, .type = Type::boolean}; }

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "project.id", .type = Type::integer, .sql = "o.project_id", .fixed = true},
    {.path = "project.name", .sql = "p.name", .join = "p"},
    {.path = "project.status", .sql = "p.status", .join = "p"},
    OVERTURE_USER_REF("created_by", "u"),
    OVERTURE_COUNTRY_REF,
    {.path = "tags", .type = Type::rows, .child = &kCampaignTags},
    {.path = "name", .sql = "o.name", .column = "name", .update = {.key = "name", .filled = true}},
    {.path = "status", .sql = "o.status"},
    {.path = "domain_metrics",
     .type = Type::boolean,
     .sql = "o.domain_metrics",
     .column = "domain_metrics",
     .update = flag("domain_metrics")},
    {.path = "domain_contact",
     .type = Type::boolean,
     .sql = "o.domain_contact",
     .column = "domain_contact",
     .update = flag("domain_contact")},
    {.path = "disable_deduplication",
     .type = Type::boolean,
     .sql = "o.disable_deduplication",
     .column = "disable_deduplication",
     .update = flag("disable_deduplication")},
    {.path = "approval_workflow",
     .type = Type::boolean,
     .sql = "o.approval_workflow",
     .column = "approval_workflow",
     .update = flag("approval_workflow")},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "type", .sql = "o.type", .fixed = true},
    {.path = "data_source", .sql = "o.data_source", .fixed = true},
    {.path = "disable_deduplication_all_projects",
     .type = Type::boolean,
     .sql = "o.disable_deduplication_all_projects",
     .column = "disable_deduplication_all_projects",
     .update = flag("disable_deduplication_all_projects")},
    {.path = "disable_deduplication_partners",
     .type = Type::boolean,
     .sql = "o.disable_deduplication_partners",
     .column = "disable_deduplication_partners",
     .update = flag("disable_deduplication_partners")},
};
constexpr rest::Join kJoins[] = {
    {"p", OVERTURE_PROJECT_JOIN},
    {"u", OVERTURE_USER_JOIN("u", "o.created_by")},
    {"k", OVERTURE_COUNTRY_JOIN},
};

constexpr std::string_view kTypes[] = {"import", "discovery", "backlink"};
constexpr Shape kShapes[] = {{.path = "status", .allowed = kLifeStatuses},
                             {.path = "project.status", .allowed = kLifeStatuses},
                             {.path = "type", .allowed = kTypes},
                             {.path = "tags.tag.type", .allowed = kTagTypes},
                             {.path = "tags.type", .allowed = kTagTypes}};

constexpr rest::Input kStatusInputs[] = {
    {.key = "status", .required = true, .allowed = kLifeStatuses, .doc = "active, archived or deleted"}};

std::string list_campaigns(Call& call) { return list(call, campaign_view()); }
std::string get_campaign(Call& call) { return show(call, campaign_view(), call.id(0, kCampaigns.not_found)); }

std::string update_campaign(Call& call) {
  std::int64_t id = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, id);
  rest::Body body = checked_body(call, kCampaigns, false);
  update(call, kCampaigns, body, id);
  return show_written(call, campaign_view(), id);
}

/// Archiving or deleting stops what is being brought in; everything that is there stays readable.
std::string set_campaign_status(Call& call) {
  std::int64_t id = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, id);
  rest::Body body(call.body(), kStatusInputs);
  std::string status = body.text("status");
  std::int64_t account = call.scope().account;
  call.db().execute(
      db::Sql("UPDATE campaigns SET status = ? WHERE account_id = ? AND id = ?", status, account, id));
  if (status != "active") {
    jobs::cancel_of_campaign(call.db(), account, id, call.now, "the campaign was " + status);
  }
  intake::wake_campaign(call.db(), account, id, call.now);
  intake::bump_names_version(call.db(), account);
  return show_written(call, campaign_view(), id);
}

void write_time(std::string& out, std::string_view key, std::optional<base::Millis> time) {
  out += ",\"";
  out += key;
  out += "\":";
  if (time) {
    rest::write_string(out, base::rfc3339(*time));
  } else {
    out += "null";
  }
}

constexpr Field kProgressFields[] = {
    {.path = "state", .doc = "none for a campaign that never had a job"},
    {.path = "done", .type = Type::integer},
    {.path = "total", .type = Type::integer},
    {.path = "counts", .type = Type::object, .doc = "what became of what was done"},
    {.path = "errors", .type = Type::array, .doc = "the first hundred rows that could not be used"},
    {.path = "error", .nullable = true, .doc = "why the job failed"},
    {.path = "created_at", .type = Type::time},
    {.path = "started_at", .type = Type::time},
    {.path = "finished_at", .type = Type::time},
};
constexpr Form kProgress{.name = "CampaignProgress", .fields = kProgressFields};

std::vector<Shape> progress_shapes() {
  static const std::vector<std::string_view> states = [] {
    std::vector<std::string_view> all = job_states();
    all.emplace_back("none");
    return all;
  }();
  return {{.path = "state", .allowed = states},
          {.path = "counts", .schema = kCountsSchema},
          {.path = "errors", .schema = kRowErrorsSchema}};
}

/// The newest prospecting job of the campaign; `state` is `none` for a campaign that never had one.
std::string get_progress(Call& call) {
  std::int64_t id = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, id);
  std::optional<jobs::Job> job = jobs::find_last_job(call.db(), call.scope().account, id);
  std::string out = "{\"state\":";
  rest::write_string(out, job ? jobs::state_name(job->state) : "none");
  out += ",\"done\":";
  rest::write_integer(out, job ? job->done : 0);
  out += ",\"total\":";
  rest::write_integer(out, job ? job->total : 0);
  out += ",\"counts\":" + (job ? job->counts : std::string("{}"));
  out += ",\"errors\":" + (job ? job->errors : std::string("[]"));
  out += ",\"error\":";
  if (job && !job->error.empty()) {
    rest::write_string(out, job->error);
  } else {
    out += "null";
  }
  write_time(out, "created_at", job ? std::optional(job->created_at) : std::nullopt);
  write_time(out, "started_at", job ? job->started_at : std::nullopt);
  write_time(out, "finished_at", job ? job->finished_at : std::nullopt);
  return out + "}";
}

}  // namespace

const rest::Resource kCampaigns{
    .name = "Campaign",
    .not_found = "Campaign not found",
    .from = "campaigns o",
    .table = "campaigns",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS,
    .collaborating = "o.id IN " OVERTURE_OWN_CAMPAIGNS,
    .default_filter = "o.status <> 'deleted'",
    .default_filter_path = "status",
};

const rest::View& campaign_view() {
  static const rest::View made(kCampaigns, rest::kEveryView);
  return made;
}

void add_campaign_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/campaigns/{id}", Permission::signed_in, Lane::read, get_campaign)
                       .documented(14, "Campaigns", "Show one campaign")
                       .answers(campaign_view())
                       .shaped(kShapes));
  routes.push_back(Route(get, "/api/campaigns", Permission::signed_in, Lane::read, list_campaigns)
                       .documented(16, "Campaigns", "List campaigns")
                       .lists(campaign_view()));
  routes.push_back(Route(put, "/api/campaigns/{id}", Permission::member, Lane::write, update_campaign)
                       .documented(18, "Campaigns", "Change a campaign")
                       .answers(campaign_view())
                       .takes(rest::inputs_of(kCampaigns, false)));
  routes.push_back(
      Route(post, "/api/campaigns/{id}/status", Permission::member, Lane::write, set_campaign_status)
          .about("Campaigns", "Activate, archive or delete a campaign")
          .answers(campaign_view())
          .takes(kStatusInputs));
  routes.push_back(Route(get, "/api/campaigns/{id}/progress", Permission::signed_in, Lane::read, get_progress)
                       .about("Campaigns", "How far the last prospecting job of a campaign has got")
                       .answers(kProgress)
                       .shaped(progress_shapes()));
}

}  // namespace overture::api
