-- How often a mail has come back and was sent again: for the moment, or because we were blamed. The first was counted for
-- its contact, over all mails.
ALTER TABLE outreach_emails ADD COLUMN soft_bounces BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outreach_emails ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contacts DROP COLUMN soft_bounces;
