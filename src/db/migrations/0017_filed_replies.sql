-- As outreach_emails.filed: what was sent before is left as it is.
ALTER TABLE sent_replies ADD COLUMN filed BIGINT NOT NULL DEFAULT 0;
UPDATE sent_replies SET filed = 1 WHERE status = 'sent';
CREATE INDEX sent_replies_to_file ON sent_replies (account_id, email_account_id, sent_at)
  WHERE filed <> 1 AND status = 'sent' AND message_id <> '';
