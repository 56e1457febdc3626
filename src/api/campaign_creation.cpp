// A campaign's row and everything that belongs to it from the start.
#include "api/campaign_creation.hpp"

#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "api/tagging.hpp"
#include "base/error.hpp"

namespace overture::api {
namespace {

using rest::Type;

constexpr rest::Input kCampaignInputs[] = {
    {.key = "clone_campaign_id", .type = Type::integer, .doc = "copies the settings of this campaign"},
    {.key = "name", .required = true},
    {.key = "project", .type = Type::integer, .required = true},
    {.key = "country", .normalise = normalise_country, .doc = "ISO 3166-1 alpha-2"},
    {.key = "tag_campaign_ids", .type = Type::integers, .max = 100},
    {.key = "get_metrics", .type = Type::boolean},
    {.key = "get_contacts", .type = Type::boolean},
    {.key = "opportunity_deduplication", .type = Type::boolean},
    kTemplateInput,
};

/// The sequence of mails.
void clone_attempts(Call& call, std::int64_t from, std::int64_t to) {
  call.db().execute(db::Sql(
      "INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, body_html, delay_days, "
      "review, opt_out, created_at) SELECT account_id, ?, number, subject, body_text, body_html, delay_days, "
      "review, opt_out, ? "
      "FROM attempts WHERE account_id = ? AND campaign_id = ? ORDER BY number",
      to, call.now, call.scope().account, from));
}

/// A pause belongs to the moment it was made in, so it stays behind. Nothing when `from` has no settings.
void clone_outreach_settings(Call& call, std::int64_t from, std::int64_t to) {
  call.db().execute(db::Sql(
      "INSERT INTO outreach_settings (account_id, campaign_id, daily_limit, schedule_time_from, "
      "schedule_time_to, is_active, monday, tuesday, wednesday, thursday, friday, saturday, sunday) "
      "SELECT account_id, ?, daily_limit, schedule_time_from, schedule_time_to, is_active, monday, tuesday, "
      "wednesday, thursday, friday, saturday, sunday FROM outreach_settings WHERE account_id = ? AND "
      "campaign_id = ?",
      to, call.scope().account, from));
}

/// In another project only the mail accounts that belong to that one, too.
void clone_rotation(Call& call, std::int64_t from, std::int64_t project, std::int64_t to) {
  call.db().execute(db::Sql(
      "INSERT INTO campaign_email_accounts (account_id, campaign_id, email_account_id) SELECT r.account_id, "
      "?, r.email_account_id FROM campaign_email_accounts r JOIN campaigns c ON c.account_id = r.account_id "
      "AND c.id = r.campaign_id WHERE r.account_id = ? AND r.campaign_id = ? AND (c.project_id = ? OR EXISTS "
      "(SELECT 1 FROM email_account_projects p WHERE p.account_id = r.account_id AND p.email_account_id = "
      "r.email_account_id AND p.project_id = ?))",
      to, call.scope().account, from, project, project));
}

/// The campaign's own fields and, into another project, also those of its project that are not there.
void clone_fields(Call& call, std::int64_t from, std::int64_t project, std::int64_t to) {
  call.db().execute(db::Sql(
      "INSERT INTO personalization_fields (account_id, project_id, campaign_id, token, label, description, "
      "type, required, is_system, created_at) SELECT f.account_id, ?, ?, f.token, f.label, f.description, "
      "f.type, f.required, 0, ? FROM personalization_fields f JOIN campaigns c ON "
      "c.account_id = f.account_id AND c.id = ? WHERE f.account_id = ? AND (f.campaign_id = c.id OR "
      "(f.campaign_id = 0 AND f.project_id = c.project_id AND c.project_id <> ?)) AND NOT EXISTS "
      "(SELECT 1 FROM personalization_fields k WHERE k.account_id = f.account_id AND "
      "k.project_id IN (0, ?) AND k.campaign_id = 0 AND k.token = f.token) ORDER BY f.id "
      "ON CONFLICT DO NOTHING",
      project, to, call.now, from, call.scope().account, project, project));
}

}  // namespace

std::vector<rest::Input> campaign_inputs(std::span<const rest::Input> own) {
  std::vector<rest::Input> all(std::begin(kCampaignInputs), std::end(kCampaignInputs));
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

std::int64_t read_template(Call& call, const rest::Body& body) {
  if (!body.given(kTemplateInput.key)) return 0;
  return require_reference(call, kMetricsFilters, body.integer(kTemplateInput.key), kTemplateInput.key);
}

NewCampaign read_campaign(Call& call, const rest::Body& body, std::string_view type,
                          std::string data_source) {
  NewCampaign campaign{.type = type, .data_source = std::move(data_source)};
  campaign.project = require_reference(call, kProjects, body.integer("project"), "project");
  if (body.given("clone_campaign_id")) {
    campaign.clone =
        require_reference(call, kCampaigns, body.integer("clone_campaign_id"), "clone_campaign_id");
  }
  campaign.tags = body.integers("tag_campaign_ids");
  for (const std::int64_t tag : campaign.tags) {
    require_reference(call, kTags, tag, "tag_campaign_ids");
    require_tag_type(call, tag, "campaign", "tag_campaign_ids");
  }
  return campaign;
}

std::int64_t create_campaign(Call& call, const rest::Body& body, const NewCampaign& campaign) {
  const std::int64_t account = call.scope().account;
  const std::int64_t filter = read_template(call, body);
  const bool deduplicate = body.boolean("opportunity_deduplication", true);
  std::vector<rest::Assignment> row{
      {"account_id", account},
      {"project_id", campaign.project},
      {"name", body.text("name")},
      {"type", std::string(campaign.type)},
      {"data_source", campaign.data_source},
      {"country", body.given("country") ? body.value("country") : db::Value()},
      {"domain_metrics", body.integer("get_metrics")},
      {"domain_contact", body.integer("get_contacts")},
      {"disable_deduplication", std::int64_t{deduplicate ? 0 : 1}},
      {"approval_workflow", body.integer("approval_workflow")},
      {"created_by", call.scope().user},
      {"created_at", call.now},
  };
  if (campaign.limit) row.push_back({"opportunities_limit", *campaign.limit});
  if (filter != 0) row.push_back({"metrics_filter_template_id", filter});
  const std::int64_t id = call.db().integer(rest::make_insert(kCampaigns.table, row));
  if (campaign.clone > 0) {
    clone_attempts(call, campaign.clone, id);
    clone_outreach_settings(call, campaign.clone, id);
    clone_rotation(call, campaign.clone, campaign.project, id);
    clone_fields(call, campaign.clone, campaign.project, id);
  }
  call.db().execute(
      db::Sql("INSERT INTO outreach_settings (account_id, campaign_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
              account, id));
  for (const std::int64_t tag : campaign.tags) add_campaign_tag(call, id, tag);
  return id;
}

}  // namespace overture::api
