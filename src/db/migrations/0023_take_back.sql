-- What followed from a mail that came in, so that it can be taken back when a person says that it was another kind of
-- mail. Where an opportunity and its run stood before an answer, an opt-out or bounces ended its outreach: the last
-- time of each. last_change: the newest change of its milestone then.
CREATE TABLE outreach_ends (
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  event TEXT NOT NULL,
  workflow_status TEXT NOT NULL,
  stage_status TEXT NOT NULL,
  stage_reason TEXT NOT NULL,
  run_state TEXT NOT NULL,
  run_why TEXT NOT NULL,
  ended_at BIGINT NOT NULL,
  last_change BIGINT NOT NULL,
  PRIMARY KEY (account_id, opportunity_id, event)
) {without_rowid};

-- The inbound mail that alone is the cause; 0: another one, or several.
ALTER TABLE unsubscribes ADD COLUMN communication_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN bounced_via BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outreach_emails ADD COLUMN bounced_via BIGINT NOT NULL DEFAULT 0;
CREATE INDEX unsubscribes_of_communication ON unsubscribes (account_id, communication_id) WHERE communication_id <> 0;
CREATE INDEX contacts_bounced_via ON contacts (account_id, bounced_via) WHERE bounced_via <> 0;

-- The inbound mail whose sender became a contact by it; 0: somebody else has added them.
ALTER TABLE opportunity_contacts ADD COLUMN added_via BIGINT NOT NULL DEFAULT 0;
