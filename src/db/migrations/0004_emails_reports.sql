-- Events behind the reports, and indexes for the filters of mails.

-- Each change of an opportunity's workflow status after its creation; user_id is 0 for the server itself.
CREATE TABLE stage_events (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  from_workflow TEXT NOT NULL,
  to_workflow TEXT NOT NULL,
  at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX stage_events_of_project ON stage_events (account_id, project_id, at);
CREATE INDEX stage_events_of_opportunity ON stage_events (account_id, opportunity_id, id);

-- Reports ask for a project's events in a stretch of time; mails that never left have no place there.
CREATE INDEX inbound_emails_by_class ON inbound_emails (account_id, project_id, class, created_at);
CREATE INDEX campaigns_by_time ON campaigns (account_id, project_id, created_at);

-- One index for each documented filter of the lists.
CREATE INDEX outreach_emails_of_campaign ON outreach_emails (account_id, campaign_id, sent_at);
CREATE INDEX outreach_emails_of_contact ON outreach_emails (account_id, contact_id, sent_at);
CREATE INDEX outreach_emails_of_email_account ON outreach_emails (account_id, email_account_id, sent_at);
CREATE INDEX outreach_emails_of_user ON outreach_emails (account_id, user_id, sent_at);
CREATE INDEX form_submissions_of_campaign ON form_submissions (account_id, campaign_id, id);
CREATE INDEX form_submissions_of_user ON form_submissions (account_id, user_id, id);
CREATE INDEX inbound_emails_of_campaign ON inbound_emails (account_id, campaign_id, id);
CREATE INDEX inbound_emails_of_email_account ON inbound_emails (account_id, email_account_id, id);
CREATE INDEX sent_replies_of_project ON sent_replies (account_id, project_id, id);
CREATE INDEX sent_replies_of_campaign ON sent_replies (account_id, campaign_id, id);
CREATE INDEX sent_replies_of_email_account ON sent_replies (account_id, email_account_id, id);
CREATE INDEX sent_replies_by_time ON sent_replies (account_id, sent_at, id);
