-- What people and the sending engine do with opportunities: settings, mails, tasks, exclusions, automations.

-- One row a campaign. Times of day are HH:MM in the project's time zone.
CREATE TABLE outreach_settings (
  account_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  daily_limit BIGINT NOT NULL DEFAULT 50,
  schedule_time_from TEXT NOT NULL DEFAULT '09:00',
  schedule_time_to TEXT NOT NULL DEFAULT '17:00',
  is_active BIGINT NOT NULL DEFAULT 1,
  pause_outreach_until BIGINT,
  monday BIGINT NOT NULL DEFAULT 1,
  tuesday BIGINT NOT NULL DEFAULT 1,
  wednesday BIGINT NOT NULL DEFAULT 1,
  thursday BIGINT NOT NULL DEFAULT 1,
  friday BIGINT NOT NULL DEFAULT 1,
  saturday BIGINT NOT NULL DEFAULT 0,
  sunday BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, campaign_id)
) {without_rowid};
INSERT INTO outreach_settings (account_id, campaign_id) SELECT account_id, id FROM campaigns;

-- The sequence of a campaign, first mail and follow-ups, numbered from 1.
CREATE TABLE attempts (
  id {id},
  account_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  subject TEXT NOT NULL DEFAULT '',
  body_text TEXT NOT NULL DEFAULT '',
  body_html TEXT NOT NULL DEFAULT '',
  delay_days BIGINT NOT NULL DEFAULT 0,
  review BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX attempts_of_campaign ON attempts (account_id, campaign_id, number);

CREATE TABLE campaign_collaborators (
  account_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, campaign_id, user_id)
) {without_rowid};
CREATE INDEX campaign_collaborators_by_user ON campaign_collaborators (account_id, user_id, campaign_id);

-- The six provider objects are kept word for word. visibility: private or account.
CREATE TABLE metrics_filter_templates (
  id {id},
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  visibility TEXT NOT NULL DEFAULT 'private',
  moz TEXT NOT NULL DEFAULT '{}',
  semrush TEXT NOT NULL DEFAULT '{}',
  majestic TEXT NOT NULL DEFAULT '{}',
  google TEXT NOT NULL DEFAULT '{}',
  cemper TEXT NOT NULL DEFAULT '{}',
  ahrefs TEXT NOT NULL DEFAULT '{}',
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX metrics_filter_templates_of_account ON metrics_filter_templates (account_id, id);

-- What a provider said of a registrable domain, and when. metrics is a JSON object of numbers.
CREATE TABLE domain_metrics (
  account_id BIGINT NOT NULL,
  domain TEXT NOT NULL,
  provider TEXT NOT NULL,
  metrics TEXT NOT NULL,
  fetched_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, domain, provider)
) {without_rowid};

-- kind: search, backlinks, metrics. secret is encrypted and never shown.
CREATE TABLE providers (
  id {id},
  account_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  adapter TEXT NOT NULL,
  settings TEXT NOT NULL DEFAULT '{}',
  secret TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX providers_by_kind ON providers (account_id, kind, adapter);

-- status: active, disconnected, paused, error or deleted.
CREATE TABLE email_accounts (
  id {id},
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  nickname TEXT NOT NULL DEFAULT '',
  from_name TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active',
  daily_limit BIGINT NOT NULL DEFAULT 50,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX email_accounts_of_account ON email_accounts (account_id, id);
CREATE TABLE email_account_projects (
  account_id BIGINT NOT NULL,
  email_account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, email_account_id, project_id)
) {without_rowid};
CREATE INDEX email_account_projects_by_project
  ON email_account_projects (account_id, project_id, email_account_id);

-- status: draft, review, scheduled, sending, sent, bounced, failed, unknown, cancelled or skipped.
CREATE TABLE outreach_emails (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  email_account_id BIGINT NOT NULL DEFAULT 0,
  user_id BIGINT NOT NULL DEFAULT 0,
  attempt_number BIGINT NOT NULL,
  subject TEXT NOT NULL DEFAULT '',
  body_text TEXT NOT NULL DEFAULT '',
  body_html TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  review_type TEXT NOT NULL DEFAULT 'automatic',
  from_name TEXT NOT NULL DEFAULT '',
  to_email TEXT NOT NULL DEFAULT '',
  cc TEXT NOT NULL DEFAULT '',
  bcc TEXT NOT NULL DEFAULT '',
  can_spam_text TEXT NOT NULL DEFAULT '',
  sent_at BIGINT,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX outreach_emails_of_account ON outreach_emails (account_id, id);
CREATE INDEX outreach_emails_of_opportunity ON outreach_emails (account_id, opportunity_id, id);
CREATE INDEX outreach_emails_by_time ON outreach_emails (account_id, sent_at, id);
CREATE INDEX outreach_emails_of_project ON outreach_emails (account_id, project_id, sent_at);

-- status: pending, submitted, failed or cancelled.
CREATE TABLE form_submissions (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  attempt_number BIGINT NOT NULL,
  subject TEXT NOT NULL DEFAULT '',
  body_text TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  review_type TEXT NOT NULL DEFAULT 'manual',
  sent_at BIGINT,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX form_submissions_of_account ON form_submissions (account_id, id);
CREATE INDEX form_submissions_of_opportunity ON form_submissions (account_id, opportunity_id, id);
CREATE INDEX form_submissions_of_project ON form_submissions (account_id, project_id, sent_at);

-- status: unmatched, partial, new, read, snoozed or archived; class: human, auto_reply, bounce or unsubscribe.
-- Ids are 0 where nothing was matched.
CREATE TABLE inbound_emails (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL DEFAULT 0,
  campaign_id BIGINT NOT NULL DEFAULT 0,
  opportunity_id BIGINT NOT NULL DEFAULT 0,
  contact_id BIGINT NOT NULL DEFAULT 0,
  email_account_id BIGINT NOT NULL DEFAULT 0,
  attempt_number BIGINT NOT NULL DEFAULT 0,
  subject TEXT NOT NULL DEFAULT '',
  body_text TEXT NOT NULL DEFAULT '',
  body_html TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  class TEXT NOT NULL DEFAULT 'human',
  from_email TEXT NOT NULL DEFAULT '',
  from_name TEXT NOT NULL DEFAULT '',
  to_email TEXT NOT NULL DEFAULT '',
  to_name TEXT NOT NULL DEFAULT '',
  snooze_until BIGINT,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX inbound_emails_of_account ON inbound_emails (account_id, id);
CREATE INDEX inbound_emails_of_opportunity ON inbound_emails (account_id, opportunity_id, id);
CREATE INDEX inbound_emails_of_project ON inbound_emails (account_id, project_id, created_at);

-- status: scheduled, sent, cancelled or failed.
CREATE TABLE sent_replies (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL DEFAULT 0,
  campaign_id BIGINT NOT NULL DEFAULT 0,
  opportunity_id BIGINT NOT NULL DEFAULT 0,
  email_account_id BIGINT NOT NULL DEFAULT 0,
  user_id BIGINT NOT NULL DEFAULT 0,
  subject TEXT NOT NULL DEFAULT '',
  body_text TEXT NOT NULL DEFAULT '',
  body_html TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  from_email TEXT NOT NULL DEFAULT '',
  from_name TEXT NOT NULL DEFAULT '',
  to_email TEXT NOT NULL DEFAULT '',
  to_name TEXT NOT NULL DEFAULT '',
  cc TEXT NOT NULL DEFAULT '',
  bcc TEXT NOT NULL DEFAULT '',
  schedule_for BIGINT,
  stop_schedule_on_communication BIGINT NOT NULL DEFAULT 0,
  sent_at BIGINT,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX sent_replies_of_account ON sent_replies (account_id, id);
CREATE INDEX sent_replies_of_opportunity ON sent_replies (account_id, opportunity_id, id);

-- communication_id is the id of an inbound mail; ids are 0 for none.
CREATE TABLE tasks (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL DEFAULT 0,
  opportunity_id BIGINT NOT NULL DEFAULT 0,
  communication_id BIGINT NOT NULL DEFAULT 0,
  assigned_to BIGINT NOT NULL DEFAULT 0,
  completed_by BIGINT NOT NULL DEFAULT 0,
  created_by BIGINT NOT NULL DEFAULT 0,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  type TEXT NOT NULL DEFAULT 'custom',
  due_date BIGINT,
  completed_at BIGINT,
  autocomplete_on_communication BIGINT NOT NULL DEFAULT 0,
  autocomplete_on_milestone BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX tasks_of_project ON tasks (account_id, project_id, id);
CREATE INDEX tasks_of_opportunity ON tasks (account_id, opportunity_id, id);

-- Nobody writes to these: an address or a domain, in all projects (project_id 0) or one.
CREATE TABLE unsubscribes (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL DEFAULT 0,
  entry TEXT NOT NULL,
  is_domain BIGINT NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  user_id BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX unsubscribes_by_entry ON unsubscribes (account_id, entry, project_id);

-- Sites that never become prospects: a host or `*.host`, in all projects (project_id 0) or one.
CREATE TABLE blocklist (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL DEFAULT 0,
  pattern TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  user_id BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX blocklist_by_pattern ON blocklist (account_id, pattern, project_id);

-- campaign_id 0: for every campaign. conditions and actions are JSON.
CREATE TABLE automations (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL DEFAULT 0,
  campaign_id BIGINT NOT NULL DEFAULT 0,
  name TEXT NOT NULL,
  trigger_event TEXT NOT NULL,
  conditions TEXT NOT NULL DEFAULT '[]',
  actions TEXT NOT NULL DEFAULT '[]',
  is_active BIGINT NOT NULL DEFAULT 1,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX automations_of_account ON automations (account_id, id);

-- The answer to a POST with an Idempotency-Key, for 24 hours.
CREATE TABLE idempotency_keys (
  account_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  key_hash TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, user_id, key_hash)
) {without_rowid};
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- Why an opportunity was declined or rejected.
ALTER TABLE opportunities ADD COLUMN stage_reason TEXT NOT NULL DEFAULT '';
