-- Mails that were sent are looked for by date within a project, campaign, mail account or user: the others are not in these
-- indexes, so that a mail is entered once, when it is sent. Those of a project are found by outreach_emails_of_attempt, those that
-- wait by outreach_emails_by_time, where they have no date.
DROP INDEX outreach_emails_of_project;
DROP INDEX outreach_emails_of_campaign;
DROP INDEX outreach_emails_of_email_account;
DROP INDEX outreach_emails_of_user;
DROP INDEX outreach_emails_of_attempt;
CREATE INDEX outreach_emails_of_campaign ON outreach_emails (account_id, campaign_id, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX outreach_emails_of_email_account ON outreach_emails (account_id, email_account_id, sent_at)
  WHERE sent_at IS NOT NULL;
CREATE INDEX outreach_emails_of_user ON outreach_emails (account_id, user_id, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX outreach_emails_of_attempt ON outreach_emails (account_id, project_id, sent_at, status, attempt_number)
  WHERE sent_at IS NOT NULL;
-- As it was: of two indexes that serve alike, SQLite takes the newest, and this one holds the fewest.
DROP INDEX outreach_emails_to_file;
CREATE INDEX outreach_emails_to_file ON outreach_emails (account_id, email_account_id, sent_at)
  WHERE filed <> 1 AND status = 'sent' AND run > 0;
