-- What is still to be done in a project, and the entries of exclusion lists in the order of lists.
CREATE INDEX tasks_open ON tasks (account_id, project_id, id) WHERE completed_at IS NULL;
CREATE INDEX tasks_of_campaign ON tasks (account_id, campaign_id, id);
CREATE INDEX tasks_of_communication ON tasks (account_id, communication_id, id);
CREATE INDEX unsubscribes_of_account ON unsubscribes (account_id, id);
CREATE INDEX blocklist_of_account ON blocklist (account_id, id);
