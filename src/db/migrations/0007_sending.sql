-- The sending engine: mailboxes, runs of sequences, the outbox, what was received. See docs/sending.md.

-- How a mail account connects. security: tls, starttls or none. authentication: password, oauth, or outbox (mails
-- are written into a local folder). Secrets are sealed. unsubscribe_rule: subject, anywhere or off.
CREATE TABLE mailboxes (
  account_id BIGINT NOT NULL,
  email_account_id BIGINT NOT NULL,
  address TEXT NOT NULL,
  smtp_host TEXT NOT NULL DEFAULT '',
  smtp_port BIGINT NOT NULL DEFAULT 465,
  smtp_security TEXT NOT NULL DEFAULT 'tls',
  imap_host TEXT NOT NULL DEFAULT '',
  imap_port BIGINT NOT NULL DEFAULT 993,
  imap_security TEXT NOT NULL DEFAULT 'tls',
  login TEXT NOT NULL DEFAULT '',
  authentication TEXT NOT NULL DEFAULT 'password',
  sealed_secret TEXT NOT NULL DEFAULT '',
  oauth_url TEXT NOT NULL DEFAULT '',
  oauth_client TEXT NOT NULL DEFAULT '',
  signature_text TEXT NOT NULL DEFAULT '',
  signature_html TEXT NOT NULL DEFAULT '',
  spacing_seconds BIGINT NOT NULL DEFAULT 60,
  ramp_start BIGINT NOT NULL DEFAULT 0,
  ramp_step BIGINT NOT NULL DEFAULT 0,
  ramp_every_days BIGINT NOT NULL DEFAULT 7,
  unsubscribe_rule TEXT NOT NULL DEFAULT 'subject',
  add_new_contacts BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (account_id, email_account_id)
) {without_rowid};
CREATE INDEX mailboxes_by_address ON mailboxes (account_id, address);

-- What the engine knows of a mailbox. files_sent: whether its server files what it submits (unknown, yes, no).
-- owner, lease_until and fence: which process sends from it; poll_…: which one reads it.
CREATE TABLE mailbox_states (
  account_id BIGINT NOT NULL,
  email_account_id BIGINT NOT NULL,
  trouble TEXT NOT NULL DEFAULT '',
  failing_since BIGINT,
  next_try_at BIGINT NOT NULL DEFAULT 0,
  next_free_at BIGINT NOT NULL DEFAULT 0,
  first_sent_at BIGINT,
  owner TEXT NOT NULL DEFAULT '',
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  poll_owner TEXT NOT NULL DEFAULT '',
  poll_lease_until BIGINT NOT NULL DEFAULT 0,
  next_poll_at BIGINT NOT NULL DEFAULT 0,
  uid_validity BIGINT NOT NULL DEFAULT 0,
  last_uid BIGINT NOT NULL DEFAULT 0,
  connected_at BIGINT NOT NULL,
  polled_at BIGINT,
  files_sent TEXT NOT NULL DEFAULT 'unknown',
  sealed_token TEXT NOT NULL DEFAULT '',
  token_expires_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, email_account_id)
) {without_rowid};
CREATE INDEX mailbox_states_by_poll ON mailbox_states (next_poll_at);

-- One row for each opportunity that was ever launched: where it stands in its campaign's sequence.
-- run counts the restarts. state: compose (its next mail has to be rendered for review), waiting (for its turn, not
-- before due_at), review, outgoing (its mail is in the outbox), finishing (the last mail was sent; over at due_at),
-- held (data is missing), paused or over. why: a person's words for the state. follow_up: 1 once the site was mailed.
-- contact_id and email_account_id are 0 until chosen; from then on the mailbox stays.
CREATE TABLE outreach_runs (
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  run BIGINT NOT NULL DEFAULT 1,
  contact_id BIGINT NOT NULL DEFAULT 0,
  email_account_id BIGINT NOT NULL DEFAULT 0,
  user_id BIGINT NOT NULL DEFAULT 0,
  next_attempt BIGINT NOT NULL DEFAULT 1,
  due_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  why TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (account_id, opportunity_id)
) {without_rowid};
CREATE INDEX outreach_runs_waiting ON outreach_runs (account_id, campaign_id, email_account_id, due_at, opportunity_id)
  WHERE state = 'waiting';
CREATE INDEX outreach_runs_timed ON outreach_runs (due_at, account_id, opportunity_id)
  WHERE state IN ('compose', 'finishing');

-- When the planner looks at a campaign again (null: when something happens), when its next mail may leave, and what
-- holds it.
CREATE TABLE campaign_sending (
  account_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  next_look_at BIGINT,
  next_send_at BIGINT NOT NULL DEFAULT 0,
  held_by TEXT NOT NULL DEFAULT '',
  paused_why TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (account_id, campaign_id)
) {without_rowid};
CREATE INDEX campaign_sending_by_look ON campaign_sending (next_look_at, account_id, campaign_id)
  WHERE next_look_at IS NOT NULL;

-- Mails that took a place in the limits of a day. kind: campaign or mailbox; day: days since 1970 in the time zone of
-- the project (mailbox: of the account).
CREATE TABLE send_counts (
  account_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  first_mails BIGINT NOT NULL DEFAULT 0,
  follow_ups BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, kind, subject_id, day)
) {without_rowid};

-- Mails that have to be sent, until their outcome is sure. kind: outreach or reply; mail_id is its id there.
-- state: pending, sending (claimed, nothing was handed over), dot (the final dot may have left) or unknown.
-- counted_at: when it took its place in the limits of a day.
CREATE TABLE outbox (
  id {id},
  account_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  mail_id BIGINT NOT NULL,
  email_account_id BIGINT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending',
  send_at BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  first_try_at BIGINT,
  counted_at BIGINT NOT NULL DEFAULT 0,
  owner TEXT NOT NULL DEFAULT '',
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  checks BIGINT NOT NULL DEFAULT 0,
  trouble TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX outbox_of_mail ON outbox (account_id, kind, mail_id);
CREATE INDEX outbox_due ON outbox (send_at, account_id, email_account_id) WHERE state = 'pending';
CREATE INDEX outbox_leases ON outbox (lease_until) WHERE state IN ('sending', 'dot');
CREATE INDEX outbox_unknown ON outbox (send_at, account_id) WHERE state = 'unknown';

-- Every Message-ID that Overture ever gave, without its brackets.
CREATE TABLE message_ids (
  account_id BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  mail_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, message_id)
) {without_rowid};
CREATE INDEX message_ids_of_mail ON message_ids (account_id, kind, mail_id);

-- run 0: mails from before there were runs. failure: why it was not sent, in a person's words. bounce: hard or soft.
ALTER TABLE outreach_emails ADD COLUMN run BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outreach_emails ADD COLUMN message_id TEXT NOT NULL DEFAULT '';
ALTER TABLE outreach_emails ADD COLUMN failure TEXT NOT NULL DEFAULT '';
ALTER TABLE outreach_emails ADD COLUMN bounce TEXT NOT NULL DEFAULT '';
ALTER TABLE outreach_emails ADD COLUMN attempt_version BIGINT NOT NULL DEFAULT 0;
-- 1 once the sent folder of its mailbox is known to hold it.
ALTER TABLE outreach_emails ADD COLUMN filed BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX outreach_emails_once
  ON outreach_emails (account_id, opportunity_id, contact_id, run, attempt_number) WHERE run > 0;
CREATE INDEX outreach_emails_to_file ON outreach_emails (account_id, email_account_id, sent_at)
  WHERE filed = 0 AND status = 'sent' AND run > 0;
CREATE INDEX outreach_emails_of_attempt ON outreach_emails (account_id, project_id, sent_at, status, attempt_number);

ALTER TABLE sent_replies ADD COLUMN message_id TEXT NOT NULL DEFAULT '';
ALTER TABLE sent_replies ADD COLUMN inbound_email_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sent_replies ADD COLUMN failure TEXT NOT NULL DEFAULT '';

-- What an inbound mail was made of; raw is base64, cut where the mail was too large to keep.
CREATE TABLE inbound_sources (
  account_id BIGINT NOT NULL,
  inbound_email_id BIGINT NOT NULL,
  message_id TEXT NOT NULL DEFAULT '',
  references_list TEXT NOT NULL DEFAULT '',
  reply_text TEXT NOT NULL DEFAULT '',
  attachments TEXT NOT NULL DEFAULT '[]',
  suggestions TEXT NOT NULL DEFAULT '[]',
  matched_by TEXT NOT NULL DEFAULT '',
  problem TEXT NOT NULL DEFAULT '',
  raw TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (account_id, inbound_email_id)
) {without_rowid};
-- What a mailbox has taken in, also what was dropped: nothing is taken in twice.
CREATE TABLE inbound_seen (
  account_id BIGINT NOT NULL,
  email_account_id BIGINT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (account_id, email_account_id, digest)
) {without_rowid};

-- An address that does not exist is not written to any more, by nobody.
ALTER TABLE contacts ADD COLUMN bounced_at BIGINT;
ALTER TABLE contacts ADD COLUMN bounce_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN soft_bounces BIGINT NOT NULL DEFAULT 0;

-- version rises with every change; what earlier versions said stays readable.
ALTER TABLE attempts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE attempts ADD COLUMN opt_out BIGINT NOT NULL DEFAULT 1;
CREATE TABLE attempt_versions (
  account_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  sequence TEXT NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, campaign_id, version)
) {without_rowid};

-- Rules for all of an account. contact_guard_days: nobody gets a first mail of another campaign of the project so
-- soon after one. The lost_… and won_… switches move milestones by themselves.
ALTER TABLE accounts ADD COLUMN force_opt_out BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN opt_out_text TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN contact_guard_days BIGINT NOT NULL DEFAULT 30;
ALTER TABLE accounts ADD COLUMN lost_no_response BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN lost_bad_contact BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN lost_unsubscribed BIGINT NOT NULL DEFAULT 0;

CREATE INDEX inbound_emails_of_project_by_id ON inbound_emails (account_id, project_id, id);
CREATE INDEX form_submissions_of_project_by_id ON form_submissions (account_id, project_id, id);
