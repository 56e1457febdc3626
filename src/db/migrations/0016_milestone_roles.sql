-- Which milestone the server moves an opportunity to by itself (rules/milestone_role.hpp), whatever it is called.
ALTER TABLE milestones ADD COLUMN role TEXT NOT NULL DEFAULT '';
UPDATE milestones SET role = CASE name
    WHEN 'New' THEN 'new'
    WHEN 'Contacted' THEN 'contacted'
    WHEN 'Responded' THEN 'responded'
    WHEN 'Lost - No Response' THEN 'no_response'
    WHEN 'Lost - Bad Contact' THEN 'bad_contact'
    ELSE 'unsubscribed' END
  WHERE name IN ('New', 'Contacted', 'Responded', 'Lost - No Response', 'Lost - Bad Contact', 'Lost - Unsubscribed')
    AND NOT EXISTS (SELECT 1 FROM milestones m WHERE m.account_id = milestones.account_id AND m.name = milestones.name
      AND m.id < milestones.id);
CREATE UNIQUE INDEX milestones_by_role ON milestones (account_id, role) WHERE role <> '';
