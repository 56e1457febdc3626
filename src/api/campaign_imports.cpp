// Create Import Campaign and Add to Import Campaign: rows wait in chunks for the import job.
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "api/tagging.hpp"
#include "base/error.hpp"
#include "intake/import_body.hpp"
#include "intake/import_mapping.hpp"
#include "intake/import_settings.hpp"
#include "intake/target.hpp"
#include "jobs/queue.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Type;

constexpr rest::Input kRows{.key = "import_json", .type = Type::array, .max = 100'000,
                            .doc = "rows as flat objects {column: value}"};
constexpr rest::Input kPersonalization{.key = "personalization_mapping", .type = Type::object,
                                       .doc = "personalization field to column, or column to field"};
constexpr rest::Input kCustomFieldsMapping{.key = "custom_fields_mapping", .type = Type::object,
                                           .doc = "custom field to column, or column to field"};
constexpr rest::Input kTemplate{.key = "metrics_filter_template_id", .type = Type::integer};

constexpr rest::Input kAddInputs[] = {kRows, kPersonalization, kCustomFieldsMapping, kTemplate};
constexpr rest::Input kCreateInputs[] = {
    {.key = "clone_campaign_id", .type = Type::integer, .doc = "copies the settings of this campaign"},
    {.key = "name", .required = true},
    {.key = "project", .type = Type::integer, .required = true},
    {.key = "country", .normalise = normalise_country, .doc = "ISO 3166-1 alpha-2"},
    kRows,
    kPersonalization,
    kCustomFieldsMapping,
    {.key = "tag_campaign_ids", .type = Type::integers, .max = 100},
    {.key = "get_metrics", .type = Type::boolean},
    {.key = "get_contacts", .type = Type::boolean},
    {.key = "approval_workflow", .type = Type::boolean},
    {.key = "opportunity_deduplication", .type = Type::boolean},
    {.key = "merge_duplicate_personalization", .type = Type::boolean},
    kTemplate,
};

/// Rows, and the other keys as a value that a Body can be made from.
struct ImportRequest {
  explicit ImportRequest(std::string_view body) : parsed(intake::parse_import_body(body)) {
    rest = std::move(parsed.rest);
  }
  intake::ImportBody parsed;
  boost::json::value rest;

  void require_rows() const {
    if (!parsed.has_rows || parsed.rows == 0) throw Error(ErrorCode::missing_parameters);
  }
};

std::shared_ptr<const void> prepare(std::string_view body) { return std::make_shared<const ImportRequest>(body); }

/// Checks the mappings and that some row can be used; then the rows are the job's.
void start_import(Call& call, std::int64_t campaign, const rest::Body& body, const ImportRequest& request) {
  std::int64_t account = call.scope().account;
  intake::Target target = intake::load_target(call.db(), account, campaign);
  intake::ImportSettings settings;
  settings.personalization_mapping = body.object("personalization_mapping");
  settings.custom_fields_mapping = body.object("custom_fields_mapping");
  settings.merge_duplicate_personalization = body.boolean("merge_duplicate_personalization", false);
  settings.metrics_filter_template = body.integer("metrics_filter_template_id");
  intake::KnownFields fields = intake::load_known_fields(call.db(), account, target.project, campaign);
  intake::ImportMapping mapping(fields, settings.personalization_mapping, settings.custom_fields_mapping);
  std::string reason;
  if (!intake::has_usable_row(request.parsed, mapping, reason)) {
    throw Error::invalid("import_json", "has no usable row: " + reason);
  }
  jobs::enqueue(call.db(),
                {.account = account,
                 .kind = intake::kImportKind,
                 .campaign = campaign,
                 .user = call.scope().user,
                 .payload = intake::write_import_settings(settings),
                 .total = static_cast<std::int64_t>(request.parsed.rows),
                 .now = call.now},
                request.parsed.chunks);
  call.after.emplace_back([] { jobs::wake_runners(); });
}

std::string add_to_import(Call& call) {
  std::int64_t id = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, id);
  const auto& request = call.prepared_as<ImportRequest>();
  rest::Body body(request.rest, kAddInputs);
  request.require_rows();
  intake::Target target = intake::load_target(call.db(), call.scope().account, id);
  if (target.campaign_type != "import") throw Error::invalid("campaign", "is not an import campaign");
  if (!target.is_active()) throw Error::invalid("campaign", "is archived or deleted; activate it first");
  start_import(call, id, body, request);
  return show_written(call, campaign_view(), id);
}

/// The personalization fields of one campaign for another of the account.
void clone_fields(Call& call, std::int64_t from, std::int64_t project, std::int64_t to) {
  call.db().execute(
      db::Sql("INSERT INTO personalization_fields (account_id, project_id, campaign_id, token, label, description, "
              "type, required, is_system, created_at) SELECT account_id, ?, ?, token, label, description, type, "
              "required, 0, ? FROM personalization_fields WHERE account_id = ? AND campaign_id = ? ORDER BY id",
              project, to, call.now, call.scope().account, from));
}

std::string create_import(Call& call) {
  const auto& request = call.prepared_as<ImportRequest>();
  rest::Body body(request.rest, kCreateInputs);
  request.require_rows();
  std::int64_t project = require_reference(call, kProjects, body.integer("project"), "project");
  std::int64_t clone = 0;
  if (body.given("clone_campaign_id")) {
    clone = require_reference(call, kCampaigns, body.integer("clone_campaign_id"), "clone_campaign_id");
  }
  std::vector<std::int64_t> tags = body.integers("tag_campaign_ids");
  for (std::int64_t tag : tags) {
    require_reference(call, kTags, tag, "tag_campaign_ids");
    require_tag_type(call, tag, "campaign");
  }
  bool deduplicate = body.boolean("opportunity_deduplication", true);
  std::vector<rest::Assignment> row{
      {"account_id", call.scope().account},
      {"project_id", project},
      {"name", body.text("name")},
      {"type", "import"},
      {"data_source", "import"},
      {"country", body.given("country") ? body.value("country") : db::Value()},
      {"domain_metrics", body.integer("get_metrics")},
      {"domain_contact", body.integer("get_contacts")},
      {"disable_deduplication", std::int64_t{deduplicate ? 0 : 1}},
      {"approval_workflow", body.integer("approval_workflow")},
      {"created_by", call.scope().user},
      {"created_at", call.now},
  };
  if (body.given("metrics_filter_template_id")) {
    row.push_back({"metrics_filter_template_id", body.value("metrics_filter_template_id")});
  }
  std::int64_t id = call.db().integer(rest::make_insert(kCampaigns.table, row));
  call.db().execute(
      db::Sql("INSERT INTO outreach_settings (account_id, campaign_id) VALUES (?, ?)", call.scope().account, id));
  if (clone > 0) clone_fields(call, clone, project, id);
  for (std::int64_t tag : tags) add_campaign_tag(call, id, tag);
  start_import(call, id, body, request);
  return show_written(call, campaign_view(), id);
}

}  // namespace

void add_import_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(post, "/api/campaigns/{campaign}/import", Permission::inspect, Lane::write, add_to_import)
                       .documented(9, "Campaigns", "Add rows to an import campaign")
                       .answers(campaign_view())
                       .takes(kAddInputs)
                       .prepares(prepare));
  routes.push_back(Route(post, "/api/campaigns/import", Permission::member, Lane::write, create_import)
                       .documented(12, "Campaigns", "Create a campaign from rows of your own")
                       .answers(campaign_view())
                       .takes(kCreateInputs)
                       .prepares(prepare));
}

}  // namespace overture::api
