-- What two kills of a process taught, and spacing that is kept by mails that were late, too.

-- When the mailbox last began to hand over a mail of a sequence: what its spacing is measured from.
ALTER TABLE mailbox_states ADD COLUMN handed_over_at BIGINT NOT NULL DEFAULT 0;
-- outreach_emails.filed: 2 while we put it into the sent folder ourselves, so that a copy found there later says
-- nothing about what the server does.
DROP INDEX outreach_emails_to_file;
CREATE INDEX outreach_emails_to_file ON outreach_emails (account_id, email_account_id, sent_at)
  WHERE filed <> 1 AND status = 'sent' AND run > 0;
