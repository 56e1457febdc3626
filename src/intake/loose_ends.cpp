// One row a rule: a statement that counts what breaks it.
#include "intake/loose_ends.hpp"

#include <algorithm>

namespace overture::intake {
namespace {

struct Rule {
  const char* what;
  db::Literal count;
};

constexpr Rule kRules[] = {
    {"campaigns whose project is gone",
     "SELECT COUNT(*) FROM campaigns x WHERE x.account_id = ? AND NOT EXISTS (SELECT 1 FROM projects p "
     "WHERE p.account_id = x.account_id AND p.id = x.project_id)"},
    {"opportunities whose campaign is gone or of another project",
     "SELECT COUNT(*) FROM opportunities x WHERE x.account_id = ? AND NOT EXISTS (SELECT 1 FROM campaigns c "
     "WHERE c.account_id = x.account_id AND c.id = x.campaign_id AND c.project_id = x.project_id)"},
    {"opportunities whose domain is gone",
     "SELECT COUNT(*) FROM opportunities x WHERE x.account_id = ? AND x.domain_id <> 0 AND NOT EXISTS "
     "(SELECT 1 FROM domains d WHERE d.account_id = x.account_id AND d.id = x.domain_id)"},
    {"opportunities whose milestone is gone",
     "SELECT COUNT(*) FROM opportunities x WHERE x.account_id = ? AND x.milestone_id <> 0 AND NOT EXISTS "
     "(SELECT 1 FROM milestones m WHERE m.account_id = x.account_id AND m.id = x.milestone_id)"},
    {"tags of opportunities where either is gone",
     "SELECT COUNT(*) FROM opportunity_tags x WHERE x.account_id = ? AND (NOT EXISTS (SELECT 1 FROM tags t "
     "WHERE t.account_id = x.account_id AND t.id = x.tag_id AND t.type = 'opportunity') OR NOT EXISTS "
     "(SELECT 1 FROM opportunities o WHERE o.account_id = x.account_id AND o.id = x.opportunity_id))"},
    {"tags of campaigns where either is gone",
     "SELECT COUNT(*) FROM campaign_tags x WHERE x.account_id = ? AND (NOT EXISTS (SELECT 1 FROM tags t "
     "WHERE t.account_id = x.account_id AND t.id = x.tag_id AND t.type = 'campaign') OR NOT EXISTS "
     "(SELECT 1 FROM campaigns c WHERE c.account_id = x.account_id AND c.id = x.campaign_id))"},
    {"contacts of opportunities where either is gone",
     "SELECT COUNT(*) FROM opportunity_contacts x WHERE x.account_id = ? AND (NOT EXISTS (SELECT 1 FROM "
     "contacts k WHERE k.account_id = x.account_id AND k.id = x.contact_id) OR NOT EXISTS "
     "(SELECT 1 FROM opportunities o WHERE o.account_id = x.account_id AND o.id = x.opportunity_id))"},
    {"values of custom fields where the field or the opportunity is gone",
     "SELECT COUNT(*) FROM custom_field_values x WHERE x.account_id = ? AND (NOT EXISTS (SELECT 1 FROM "
     "custom_fields f WHERE f.account_id = x.account_id AND f.id = x.field_id) OR NOT EXISTS "
     "(SELECT 1 FROM opportunities o WHERE o.account_id = x.account_id AND o.id = x.opportunity_id))"},
    {"personalization where the field or the opportunity is gone",
     "SELECT COUNT(*) FROM personalization_values x WHERE x.account_id = ? AND (NOT EXISTS (SELECT 1 FROM "
     "personalization_fields f WHERE f.account_id = x.account_id AND f.id = x.field_id) OR NOT EXISTS "
     "(SELECT 1 FROM opportunities o WHERE o.account_id = x.account_id AND o.id = x.opportunity_id))"},
    {"notes and links whose opportunity is gone",
     "SELECT COUNT(*) FROM (SELECT account_id, opportunity_id FROM notes UNION ALL SELECT account_id, "
     "opportunity_id FROM opportunity_links) x WHERE x.account_id = ? AND NOT EXISTS (SELECT 1 FROM "
     "opportunities o WHERE o.account_id = x.account_id AND o.id = x.opportunity_id)"},
    {"grants and collaborators where the user, the project or the campaign is gone",
     "SELECT COUNT(*) FROM (SELECT a.account_id FROM project_access a LEFT JOIN users u ON u.account_id = "
     "a.account_id AND u.id = a.user_id LEFT JOIN projects p ON p.account_id = a.account_id AND p.id = "
     "a.project_id WHERE u.id IS NULL OR p.id IS NULL UNION ALL "
     "SELECT a.account_id FROM campaign_collaborators a LEFT JOIN users u ON u.account_id = a.account_id AND "
     "u.id = a.user_id LEFT JOIN campaigns c ON c.account_id = a.account_id AND c.id = a.campaign_id "
     "WHERE u.id IS NULL OR c.id IS NULL) x WHERE x.account_id = ?"},
    {"mail accounts of campaigns where either is gone",
     "SELECT COUNT(*) FROM campaign_email_accounts x WHERE x.account_id = ? AND (NOT EXISTS (SELECT 1 FROM "
     "email_accounts e WHERE e.account_id = x.account_id AND e.id = x.email_account_id) OR NOT EXISTS "
     "(SELECT 1 FROM campaigns c WHERE c.account_id = x.account_id AND c.id = x.campaign_id))"},
    {"milestone changes that do not follow from the one before",
     "SELECT COUNT(*) FROM (SELECT previous_id, new_id, LAG(new_id, 1, CAST(0 AS BIGINT)) OVER (PARTITION BY "
     "opportunity_id ORDER BY id) AS before FROM milestone_history WHERE account_id = ?) x "
     "WHERE x.previous_id <> x.before OR x.previous_id = x.new_id"},
    {"opportunities whose last milestone change led elsewhere",
     "SELECT COUNT(*) FROM opportunities x LEFT JOIN (SELECT opportunity_id, MAX(id) AS id FROM "
     "milestone_history WHERE account_id = ? GROUP BY opportunity_id) newest ON newest.opportunity_id = x.id "
     "LEFT JOIN milestone_history h ON h.account_id = x.account_id AND h.id = newest.id "
     "WHERE x.account_id = ? AND COALESCE(h.new_id, 0) <> x.milestone_id"},
    {"stage changes that do not follow from the one before",
     "SELECT COUNT(*) FROM (SELECT from_workflow, to_workflow, LAG(to_workflow) OVER (PARTITION BY "
     "opportunity_id ORDER BY id) AS before FROM stage_events WHERE account_id = ?) x "
     "WHERE x.from_workflow <> x.before OR x.from_workflow = x.to_workflow"},
    {"opportunities whose last stage change led elsewhere",
     "SELECT COUNT(*) FROM opportunities x JOIN (SELECT opportunity_id, MAX(id) AS id FROM stage_events "
     "WHERE account_id = ? GROUP BY opportunity_id) newest ON newest.opportunity_id = x.id "
     "JOIN stage_events e ON e.account_id = x.account_id AND e.id = newest.id "
     "WHERE x.account_id = ? AND e.to_workflow <> x.workflow_status"},
    {"rows of imports whose opportunity is gone",
     "SELECT COUNT(*) FROM import_rows x WHERE x.account_id = ? AND NOT EXISTS (SELECT 1 FROM opportunities "
     "o "
     "WHERE o.account_id = x.account_id AND o.id = x.opportunity_id)"},
    {"pieces of input whose job is gone or done",
     "SELECT COUNT(*) FROM job_chunks x WHERE x.account_id = ? AND NOT EXISTS (SELECT 1 FROM jobs j "
     "WHERE j.account_id = x.account_id AND j.id = x.job_id AND j.state <> 'completed')"},
    {"deliveries whose webhook is gone",
     "SELECT COUNT(*) FROM webhook_deliveries x WHERE x.account_id = ? AND NOT EXISTS (SELECT 1 FROM "
     "webhooks "
     "w WHERE w.account_id = x.account_id AND w.id = x.webhook_id)"},
    {"webhooks with something to be sent that nobody looks at",
     "SELECT COUNT(*) FROM webhooks x WHERE x.account_id = ? AND x.next_look_at IS NULL AND EXISTS (SELECT 1 "
     "FROM webhook_deliveries d WHERE d.account_id = x.account_id AND d.webhook_id = x.id AND d.state = "
     "'pending')"},
    {"jobs that did more than there was to do",
     "SELECT COUNT(*) FROM jobs x WHERE x.account_id = ? AND x.done > x.total"},
};

}  // namespace

std::vector<LooseEnd> find_loose_ends(db::Connection& connection, std::int64_t account) {
  std::vector<LooseEnd> found;
  for (const Rule& rule : kRules) {
    db::Sql sql(rule.count);
    // Each question mark stands for the account.
    sql.set_params(std::vector<db::Value>(
        static_cast<std::size_t>(std::ranges::count(rule.count.view(), '?')), db::Value(account)));
    if (const std::int64_t rows = connection.integer(sql); rows > 0) found.push_back({rule.what, rows});
  }
  return found;
}

}  // namespace overture::intake
