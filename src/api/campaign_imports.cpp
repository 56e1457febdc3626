// Create Import Campaign and Add to Import Campaign: rows wait in chunks for the import job.
#include "api/campaign_creation.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
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

constexpr rest::Input kRows{.key = "import_json",
                            .type = Type::array,
                            .filled = true,
                            .max = 100'000,
                            .doc = "rows as flat objects {column: value}"};
constexpr rest::Input kPersonalization{.key = "personalization_mapping",
                                       .type = Type::object,
                                       .doc = "personalization field to column, or column to field"};
constexpr rest::Input kCustomFieldsMapping{.key = "custom_fields_mapping",
                                           .type = Type::object,
                                           .doc = "custom field to column, or column to field"};

constexpr rest::Input kAddInputs[] = {kRows, kPersonalization, kCustomFieldsMapping, kTemplateInput};
constexpr rest::Input kCreateInputs[] = {
    kRows,
    kPersonalization,
    kCustomFieldsMapping,
    {.key = "approval_workflow", .type = Type::boolean},
    {.key = "merge_duplicate_personalization", .type = Type::boolean},
};

std::vector<rest::Input> create_inputs() { return campaign_inputs(kCreateInputs); }

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

std::shared_ptr<const void> prepare(std::string_view body) {
  return std::make_shared<const ImportRequest>(body);
}

/// Checks the mappings and that some row can be used; then the rows are the job's.
void start_import(Call& call, std::int64_t campaign, const rest::Body& body, const ImportRequest& request) {
  std::int64_t account = call.scope().account;
  intake::Target target = intake::load_target(call.db(), account, campaign);
  intake::ImportSettings settings;
  settings.personalization_mapping = body.object("personalization_mapping");
  settings.custom_fields_mapping = body.object("custom_fields_mapping");
  settings.merge_duplicate_personalization = body.boolean("merge_duplicate_personalization", false);
  settings.metrics_filter_template = read_template(call, body);
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

std::string create_import(Call& call) {
  const auto& request = call.prepared_as<ImportRequest>();
  rest::Body body(request.rest, create_inputs());
  request.require_rows();
  std::int64_t id = create_campaign(call, body, read_campaign(call, body, "import", "import"));
  start_import(call, id, body, request);
  return show_written(call, campaign_view(), id);
}

}  // namespace

void add_import_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(
      Route(post, "/api/campaigns/{campaign}/import", Permission::inspect, Lane::write, add_to_import)
          .documented(9, "Campaigns", "Add rows to an import campaign")
          .answers(campaign_view())
          .takes(kAddInputs)
          .needs_one_of({kRows.key})
          .prepares(prepare));
  routes.push_back(Route(post, "/api/campaigns/import", Permission::member, Lane::write, create_import)
                       .documented(12, "Campaigns", "Create a campaign from rows of your own")
                       .answers(campaign_view())
                       .takes(create_inputs())
                       .needs_one_of({kRows.key})
                       .prepares(prepare));
}

}  // namespace overture::api
