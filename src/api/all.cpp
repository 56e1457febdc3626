// The whole API, in the order of the documentation.
#include "api/resources.hpp"

namespace overture::api {

Routes make_routes() {
  Routes routes;
  add_auth_routes(routes);
  add_contact_routes(routes);
  add_campaign_routes(routes);
  add_campaign_tag_routes(routes);
  add_import_routes(routes);
  add_prospecting_routes(routes);
  add_email_account_routes(routes);
  add_mailbox_routes(routes);
  add_mailbox_test_routes(routes);
  add_campaign_email_account_routes(routes);
  add_sequence_routes(routes);
  add_preview_routes(routes);
  add_prelaunch_routes(routes);
  add_account_routes(routes);
  add_form_submission_routes(routes);
  add_inbound_email_routes(routes);
  add_inbound_action_routes(routes);
  add_outreach_email_routes(routes);
  add_sent_reply_routes(routes);
  add_outreach_settings_routes(routes);
  add_discovery_type_routes(routes);
  add_provider_routes(routes);
  add_metrics_filter_routes(routes);
  add_opportunity_routes(routes);
  add_add_opportunity_routes(routes);
  add_opportunity_contact_routes(routes);
  add_opportunity_tag_routes(routes);
  add_note_routes(routes);
  add_custom_field_routes(routes);
  add_personalization_routes(routes);
  add_milestone_routes(routes);
  add_project_routes(routes);
  add_report_routes(routes);
  add_outreach_report_routes(routes);
  add_task_routes(routes);
  add_tag_routes(routes);
  add_profile_routes(routes);
  add_unsubscribe_routes(routes);
  add_blocklist_routes(routes);
  add_api_key_routes(routes);
  add_usage_routes(routes);
  add_partner_routes(routes);
  add_stage_routes(routes);
  add_sending_explain_routes(routes);
  add_timeline_routes(routes);
  add_link_routes(routes);
  add_automation_launch_routes(routes);
  add_automation_routes(routes);
  add_webhook_routes(routes);
  add_webhook_delivery_routes(routes);
  add_user_routes(routes);
  add_job_routes(routes);
  return routes;
}

}  // namespace overture::api
