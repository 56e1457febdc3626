// The resources that more than one file of this folder speaks of; each is defined at the top of its own file.
#pragma once
#include "api/route.hpp"
#include "rest/resource.hpp"
#include "rest/view.hpp"

namespace overture::api {

extern const rest::Resource kProjects;
extern const rest::Resource kCampaigns;
extern const rest::Resource kOpportunities;
extern const rest::Resource kContacts;
extern const rest::Resource kTags;
extern const rest::Resource kMilestones;
extern const rest::Resource kCustomFields;
extern const rest::Resource kPersonalizationFields;
extern const rest::Resource kEmailAccounts;
extern const rest::Resource kMetricsFilters;
extern const rest::Resource kAutomations;

/// Opportunities are shown in several shapes.
enum OpportunityView : rest::Views {
  kOpportunityPlain = 1,         ///< in lists
  kOpportunityWithContacts = 2,  ///< by id, and in lists with include_contacts
  kOpportunityUpdated = 4,       ///< the answer of Update Opportunity: campaign is a number
  kOpportunityFields = 8,        ///< in lists with group=with_fields_and_metrics
  kOpportunityFieldsContacts = 16,
};
inline constexpr std::string_view kOpportunityWithContactsName = "OpportunityWithContacts";
const rest::View& opportunity_view(OpportunityView view);
const rest::View& campaign_view();
const rest::View& contact_view();

// Each file of the folder adds its operations.
void add_auth_routes(Routes& routes);
void add_api_key_routes(Routes& routes);
void add_profile_routes(Routes& routes);
void add_usage_routes(Routes& routes);
void add_project_routes(Routes& routes);
void add_campaign_routes(Routes& routes);
void add_campaign_tag_routes(Routes& routes);
void add_import_routes(Routes& routes);
void add_prospecting_routes(Routes& routes);
void add_email_account_routes(Routes& routes);
void add_mailbox_routes(Routes& routes);
void add_mailbox_test_routes(Routes& routes);
void add_campaign_email_account_routes(Routes& routes);
void add_sequence_routes(Routes& routes);
void add_preview_routes(Routes& routes);
void add_prelaunch_routes(Routes& routes);
void add_account_routes(Routes& routes);
void add_form_submission_routes(Routes& routes);
void add_inbound_email_routes(Routes& routes);
void add_inbound_action_routes(Routes& routes);
void add_outreach_email_routes(Routes& routes);
void add_sent_reply_routes(Routes& routes);
void add_report_routes(Routes& routes);
void add_outreach_report_routes(Routes& routes);
void add_outreach_settings_routes(Routes& routes);
void add_discovery_type_routes(Routes& routes);
void add_provider_routes(Routes& routes);
void add_metrics_filter_routes(Routes& routes);
void add_opportunity_routes(Routes& routes);
void add_add_opportunity_routes(Routes& routes);
void add_opportunity_contact_routes(Routes& routes);
void add_opportunity_tag_routes(Routes& routes);
void add_note_routes(Routes& routes);
void add_custom_field_routes(Routes& routes);
void add_personalization_routes(Routes& routes);
void add_milestone_routes(Routes& routes);
void add_contact_routes(Routes& routes);
void add_tag_routes(Routes& routes);
void add_partner_routes(Routes& routes);
void add_stage_routes(Routes& routes);
void add_sending_explain_routes(Routes& routes);
void add_timeline_routes(Routes& routes);
void add_link_routes(Routes& routes);
void add_automation_launch_routes(Routes& routes);
void add_automation_routes(Routes& routes);
void add_webhook_routes(Routes& routes);
void add_webhook_delivery_routes(Routes& routes);
void add_user_routes(Routes& routes);
void add_job_routes(Routes& routes);
void add_task_routes(Routes& routes);
void add_unsubscribe_routes(Routes& routes);
void add_blocklist_routes(Routes& routes);

}  // namespace overture::api
