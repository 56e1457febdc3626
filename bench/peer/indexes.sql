-- Made after the rows are there, with the counter, whose trigger would slow the filling down.
CREATE INDEX opportunities_of_project ON opportunities (project_id, id);
CREATE INDEX opportunities_of_campaign ON opportunities (campaign_id, id);
CREATE INDEX opportunities_of_domain ON opportunities (domain_id, id);
CREATE INDEX opportunities_by_status ON opportunities (project_id, workflow_status, id);
INSERT INTO opportunity_counts SELECT project_id, count(*) FROM opportunities GROUP BY project_id;
CREATE TRIGGER count_opportunities AFTER INSERT ON opportunities BEGIN
  INSERT INTO opportunity_counts VALUES (new.project_id, 1) ON CONFLICT (project_id) DO UPDATE SET n = n + 1;
END;
ANALYZE;
