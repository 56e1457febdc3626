-- The texts of mails, by the id of the mail: most of a mail, and written once, while its row changes with every step on its
-- way out.
CREATE TABLE outreach_email_texts (
  id {id},
  account_id BIGINT NOT NULL,
  body_text TEXT NOT NULL DEFAULT '',
  body_html TEXT NOT NULL DEFAULT ''
  {primary_key:account_id, id}
);
INSERT INTO outreach_email_texts (id, account_id, body_text, body_html)
  SELECT id, account_id, body_text, body_html FROM outreach_emails;
ALTER TABLE outreach_emails DROP COLUMN body_text;
ALTER TABLE outreach_emails DROP COLUMN body_html;
