-- The peer's tables: what a careful Node developer would write for the same answers. Times are ready-made text,
-- names that are shown often stand in small tables, the number of rows in a counter kept by a trigger.
PRAGMA page_size = 4096;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE campaigns (
  id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE domains (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE milestones (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL, color TEXT NOT NULL, type TEXT NOT NULL);
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY, email TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL);
CREATE TABLE opportunities (
  id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, campaign_id INTEGER NOT NULL, domain_id INTEGER,
  milestone_id INTEGER, url TEXT NOT NULL, name TEXT NOT NULL, contact_form_url TEXT NOT NULL,
  workflow_status TEXT NOT NULL, stage_status TEXT NOT NULL, last_communication_type TEXT NOT NULL,
  link_monitoring_urls TEXT NOT NULL DEFAULT '[]', outreach_in_progress INTEGER NOT NULL DEFAULT 0,
  milestone_date TEXT, last_communication_date TEXT, outreach_started_date TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE opportunity_tags (
  opportunity_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, tagged_at TEXT NOT NULL,
  PRIMARY KEY (opportunity_id, tag_id)) WITHOUT ROWID;
CREATE TABLE opportunity_contacts (
  opportunity_id INTEGER NOT NULL, contact_id INTEGER NOT NULL,
  PRIMARY KEY (opportunity_id, contact_id)) WITHOUT ROWID;
CREATE TABLE personalization (
  opportunity_id INTEGER NOT NULL, token TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (opportunity_id, token)) WITHOUT ROWID;
CREATE TABLE opportunity_counts (project_id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
