-- The mail accounts that a campaign names to send for it; none: all of its project. One that has left the project or
-- was deleted stays named and does not send.
CREATE TABLE campaign_email_accounts (
  account_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  email_account_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, campaign_id, email_account_id)
) {without_rowid};
