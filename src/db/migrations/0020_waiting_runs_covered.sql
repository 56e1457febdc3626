-- SQLite answers a query that names `state` from the index alone only when the index has it: a look into the
-- table for each run is twenty times dearer.
DROP INDEX outreach_runs_waiting;
CREATE INDEX outreach_runs_waiting
  ON outreach_runs (account_id, campaign_id, email_account_id, due_at, opportunity_id, state) WHERE state = 'waiting';
