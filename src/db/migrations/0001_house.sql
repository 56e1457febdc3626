-- The house: accounts, users, projects, campaigns, opportunities and what hangs on them.
-- Every table of an account carries account_id; times are Unix milliseconds; booleans are 0 and 1.

-- Facts of the whole installation: maintenance, sending_paused.
CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE accounts (
  id {id},
  name TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL DEFAULT 'active',
  timezone TEXT NOT NULL DEFAULT 'UTC',
  deduplication_key TEXT NOT NULL DEFAULT 'host',
  -- Rises whenever something that is shown inside other objects (a name, a colour, a status) changes.
  names_version BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:id}
);

-- Rises with every write of the account: what is cached about it is valid for one sum of n.
CREATE TABLE account_changes (
  account_id BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (account_id, slot)
) {without_rowid};

CREATE TABLE users (
  id {id},
  account_id BIGINT NOT NULL,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  role TEXT NOT NULL DEFAULT 'user',
  status TEXT NOT NULL DEFAULT 'active',
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX users_by_email ON users (account_id, email);

-- Projects that a user who is no admin may see.
CREATE TABLE project_access (
  account_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, user_id, project_id)
) {without_rowid};

-- API keys and refresh tokens: only hashes are kept. Access tokens name the token they came from.
CREATE TABLE tokens (
  id {id},
  account_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_key_hash TEXT NOT NULL,
  read_only BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
  {primary_key:id}
);
CREATE UNIQUE INDEX tokens_by_client_id ON tokens (client_id);
CREATE INDEX tokens_by_user ON tokens (account_id, user_id, id);

-- Requests and costs of a user by day (UTC, YYYY-MM-DD).
CREATE TABLE usage_days (
  account_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  day TEXT NOT NULL,
  requests BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  PRIMARY KEY (account_id, user_id, day)
) {without_rowid};

CREATE TABLE projects (
  id {id},
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active',
  country TEXT,
  timezone TEXT NOT NULL DEFAULT 'UTC',
  own_sites TEXT NOT NULL DEFAULT '[]',
  is_outreach_active BIGINT NOT NULL DEFAULT 1,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX projects_of_account ON projects (account_id, id);

CREATE TABLE campaigns (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'active',
  type TEXT NOT NULL,
  data_source TEXT NOT NULL,
  country TEXT,
  domain_metrics BIGINT NOT NULL DEFAULT 0,
  domain_contact BIGINT NOT NULL DEFAULT 0,
  disable_deduplication BIGINT NOT NULL DEFAULT 0,
  disable_deduplication_all_projects BIGINT NOT NULL DEFAULT 1,
  disable_deduplication_partners BIGINT NOT NULL DEFAULT 1,
  approval_workflow BIGINT NOT NULL DEFAULT 0,
  opportunities_limit BIGINT,
  metrics_filter_template_id BIGINT,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX campaigns_of_account ON campaigns (account_id, id);
CREATE INDEX campaigns_of_project ON campaigns (account_id, project_id, id);

CREATE TABLE tags (
  id {id},
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  color TEXT NOT NULL DEFAULT '#888888',
  type TEXT NOT NULL,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX tags_of_account ON tags (account_id, id);

CREATE TABLE campaign_tags (
  account_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  tag_id BIGINT NOT NULL,
  tagged_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, campaign_id, tag_id)
) {without_rowid};
CREATE INDEX campaign_tags_by_tag ON campaign_tags (account_id, tag_id, campaign_id);

-- kind: open, won or lost.
CREATE TABLE milestones (
  id {id},
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'open',
  position BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX milestones_of_account ON milestones (account_id, id);

-- Hosts, lower case, ASCII; registrable_domain by the public suffix list.
CREATE TABLE domains (
  id {id},
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  registrable_domain TEXT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX domains_by_name ON domains (account_id, name);
CREATE INDEX domains_by_registrable ON domains (account_id, registrable_domain);

-- Sites of partners, which campaigns may leave out.
CREATE TABLE partners (
  id {id},
  account_id BIGINT NOT NULL,
  host TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX partners_by_host ON partners (account_id, host);

-- version rises with every change of the row or of what is shown inside it (tags, contacts, links).
-- domain_id and milestone_id are 0 where there is none.
CREATE TABLE opportunities (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  domain_id BIGINT NOT NULL DEFAULT 0,
  milestone_id BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 1,
  url TEXT NOT NULL,
  name TEXT NOT NULL,
  contact_form_url TEXT NOT NULL DEFAULT '',
  workflow_status TEXT NOT NULL,
  stage_status TEXT NOT NULL,
  last_communication_type TEXT NOT NULL DEFAULT '',
  milestone_date BIGINT,
  last_communication_date BIGINT,
  outreach_started_date BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX opportunities_of_account ON opportunities (account_id, id, version);
CREATE INDEX opportunities_of_project ON opportunities (account_id, project_id, id, version);
CREATE INDEX opportunities_of_campaign ON opportunities (account_id, campaign_id, id, version);
CREATE INDEX opportunities_of_domain ON opportunities (account_id, domain_id, id, version);
CREATE INDEX opportunities_by_status ON opportunities (account_id, workflow_status, id, version);

-- What rows of import campaigns became, by domain, address and contacts: finds equal rows again when
-- de-duplication is off. It begins with the domain's number, so that new sites go to its end.
CREATE TABLE import_rows (
  account_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  identity TEXT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, campaign_id, identity, opportunity_id)
) {without_rowid};

-- How many opportunities there are of each kind: what items_count is summed from.
CREATE TABLE opportunity_counts (
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  workflow_status TEXT NOT NULL,
  milestone_id BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (account_id, project_id, campaign_id, workflow_status, milestone_id, slot)
) {without_rowid};

CREATE TABLE opportunity_tags (
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  tag_id BIGINT NOT NULL,
  tagged_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, opportunity_id, tag_id)
) {without_rowid};
CREATE INDEX opportunity_tags_by_tag ON opportunity_tags (account_id, tag_id, opportunity_id);

CREATE TABLE opportunity_links (
  id {id},
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  url TEXT NOT NULL,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX opportunity_links_of_opportunity ON opportunity_links (account_id, opportunity_id, id);

-- The address book: one row an address (lower case) of the account.
CREATE TABLE contacts (
  id {id},
  account_id BIGINT NOT NULL,
  email TEXT NOT NULL,
  first_name TEXT NOT NULL DEFAULT '',
  last_name TEXT NOT NULL DEFAULT '',
  age TEXT NOT NULL DEFAULT '',
  location TEXT NOT NULL DEFAULT '',
  organization_name TEXT NOT NULL DEFAULT '',
  organization_title TEXT NOT NULL DEFAULT '',
  is_unsubscribed BIGINT NOT NULL DEFAULT 0,
  unsubscribed_date BIGINT,
  unsubscribed_by BIGINT,
  unsubscribed_via_communication BIGINT,
  last_communication_date BIGINT,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX contacts_by_email ON contacts (account_id, email);
CREATE INDEX contacts_of_account ON contacts (account_id, id);

CREATE TABLE opportunity_contacts (
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, opportunity_id, contact_id)
) {without_rowid};
CREATE INDEX opportunity_contacts_by_contact ON opportunity_contacts (account_id, contact_id, opportunity_id);

CREATE TABLE notes (
  id {id},
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  user_id BIGINT,
  content TEXT NOT NULL,
  is_system BIGINT NOT NULL DEFAULT 0,
  is_zapier BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX notes_of_opportunity ON notes (account_id, opportunity_id, id);

-- Names are kept as they were; user_id is null for automation. Ids are 0 for none.
CREATE TABLE milestone_history (
  id {id},
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  user_id BIGINT,
  previous_id BIGINT NOT NULL,
  new_id BIGINT NOT NULL,
  previous_name TEXT,
  new_name TEXT,
  changed_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX milestone_history_of_opportunity ON milestone_history (account_id, opportunity_id, id);
CREATE INDEX milestone_history_of_project ON milestone_history (account_id, project_id, changed_at);

CREATE TABLE custom_fields (
  id {id},
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  group_name TEXT NOT NULL DEFAULT '',
  token TEXT NOT NULL,
  type TEXT NOT NULL DEFAULT 'text',
  currency TEXT NOT NULL DEFAULT '',
  choices TEXT NOT NULL DEFAULT '[]',
  is_required_milestone_change BIGINT NOT NULL DEFAULT 0,
  is_required_opp_details BIGINT NOT NULL DEFAULT 0,
  is_required_personalization BIGINT NOT NULL DEFAULT 0,
  opportunity_usage BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX custom_fields_by_token ON custom_fields (account_id, token);

CREATE TABLE custom_field_values (
  id {id},
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  value TEXT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX custom_field_values_of_opportunity ON custom_field_values (account_id, opportunity_id, field_id);
CREATE INDEX custom_field_values_by_field ON custom_field_values (account_id, field_id);

-- project_id and campaign_id are 0 for a field of the whole account (the twelve system fields) or project.
CREATE TABLE personalization_fields (
  id {id},
  account_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL DEFAULT 0,
  campaign_id BIGINT NOT NULL DEFAULT 0,
  token TEXT NOT NULL,
  label TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  type TEXT NOT NULL DEFAULT 'text',
  required BIGINT NOT NULL DEFAULT 0,
  is_system BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX personalization_fields_by_token
  ON personalization_fields (account_id, project_id, campaign_id, token);

CREATE TABLE personalization_values (
  id {id},
  account_id BIGINT NOT NULL,
  opportunity_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  value TEXT NOT NULL
  {primary_key:account_id, id}
);
CREATE UNIQUE INDEX personalization_values_of_opportunity
  ON personalization_values (account_id, opportunity_id, field_id);
CREATE INDEX personalization_values_by_field ON personalization_values (account_id, field_id);

-- state: queued, running, completed, completed_at_limit, failed, cancelled. counts and errors are JSON.
-- lease_token rises with each claim: a worker that lost its lease cannot write any more.
CREATE TABLE jobs (
  id {id},
  account_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued',
  campaign_id BIGINT NOT NULL DEFAULT 0,
  user_id BIGINT NOT NULL DEFAULT 0,
  payload TEXT NOT NULL,
  total BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  counts TEXT NOT NULL DEFAULT '{}',
  errors TEXT NOT NULL DEFAULT '[]',
  error TEXT NOT NULL DEFAULT '',
  attempts BIGINT NOT NULL DEFAULT 0,
  run_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL DEFAULT 0,
  lease_token BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT
  {primary_key:id}
);
CREATE INDEX jobs_by_state ON jobs (state, run_at);
CREATE INDEX jobs_of_campaign ON jobs (account_id, campaign_id, id);

-- The input of a job in pieces of some hundred rows, removed as they are worked off.
CREATE TABLE job_chunks (
  account_id BIGINT NOT NULL,
  job_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (account_id, job_id, position)
) {without_rowid};

-- Plain counters of an account (how many contacts).
CREATE TABLE counters (
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  slot BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (account_id, name, slot)
) {without_rowid};
