-- Milestones that are gone, with the kind they had: what was won or lost by them stays so in win rates and reports.
CREATE TABLE deleted_milestones (
  account_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (account_id, id)
) {without_rowid};

-- Of those deleted before there was this table only the names are left, in the history: they are taken to be named as the
-- milestones of a new account are.
INSERT INTO deleted_milestones (account_id, id, kind)
  SELECT h.account_id, h.new_id, CASE
      WHEN max(CASE WHEN lower(substr(h.new_name, 1, 3)) = 'won' THEN 1 ELSE 0 END) = 1 THEN 'won'
      WHEN max(CASE WHEN lower(substr(h.new_name, 1, 4)) = 'lost' THEN 1 ELSE 0 END) = 1 THEN 'lost'
      ELSE 'open' END
    FROM milestone_history h
    WHERE h.new_id <> 0 AND NOT EXISTS (SELECT 1 FROM milestones m WHERE m.account_id = h.account_id AND m.id = h.new_id)
    GROUP BY h.account_id, h.new_id;

-- Deletions and changes of kind had left the counts of won opportunities as they were: they are counted anew.
DELETE FROM counters WHERE name LIKE 'milestone_won:%';
INSERT INTO counters (account_id, name, slot, n)
  SELECT h.account_id, 'milestone_won:' || h.project_id, 0, COUNT(DISTINCT h.opportunity_id)
    FROM milestone_history h
    LEFT JOIN milestones m ON m.account_id = h.account_id AND m.id = h.new_id
    LEFT JOIN deleted_milestones d ON d.account_id = h.account_id AND d.id = h.new_id
    WHERE COALESCE(m.kind, d.kind) = 'won'
    GROUP BY h.account_id, h.project_id;
