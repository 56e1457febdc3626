-- What has happened that somebody outside or an automation wants to hear of. A row is written in the transaction of its
-- cause and lives until work/herald has told it on. data: a JSON object of what was true then. by_automation: 1 for what
-- automations did themselves; it starts no other.
CREATE TABLE events (
  id {id},
  account_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  project_id BIGINT NOT NULL DEFAULT 0,
  opportunity_id BIGINT NOT NULL DEFAULT 0,
  data TEXT NOT NULL,
  by_automation BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX events_in_order ON events (id);

-- Addresses of other programs that are told. event_types: a JSON array, empty for all. project_id 0: of every project.
-- sealed_secret: the key of the signatures; sealed_old_secret signs too until old_secret_until. failures: in a row;
-- failing_since: the first of them. off_why: a person's words, when the server has switched it off.
-- next_look_at: when a delivery is to be made (null: none waits), not before rest_until. One delivery at a time: lease
-- and fence.
CREATE TABLE webhooks (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL DEFAULT 0,
  url TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  event_types TEXT NOT NULL DEFAULT '[]',
  sealed_secret TEXT NOT NULL DEFAULT '',
  sealed_old_secret TEXT NOT NULL DEFAULT '',
  old_secret_until BIGINT,
  is_active BIGINT NOT NULL DEFAULT 1,
  off_why TEXT NOT NULL DEFAULT '',
  failures BIGINT NOT NULL DEFAULT 0,
  failing_since BIGINT,
  next_look_at BIGINT,
  rest_until BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX webhooks_of_account ON webhooks (account_id, id);
CREATE INDEX webhooks_by_look ON webhooks (next_look_at, account_id, id) WHERE next_look_at IS NOT NULL;
