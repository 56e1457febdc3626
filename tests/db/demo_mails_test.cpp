// The mails of the demo workspace tell the same story as its opportunities.
#include <gtest/gtest.h>

#include "app/demo.hpp"
#include "house.hpp"
#include "intake/communications.hpp"
#include "intake/counts.hpp"

namespace overture::db {
namespace {

class DemoMails : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    if (!HasFatalFailure()) app::ensure_demo(database(), clock);
  }
  /// How many rows a statement finds; those that it finds must not be there.
  std::int64_t breaches(Literal sql) {
    Sql count("SELECT COUNT(*) FROM (");
    return integer(count << sql << ") x");
  }
};
ON_EACH_ENGINE(DemoMails);

TEST_P(DemoMails, ShowEveryStatus) {
  EXPECT_EQ(count("email_accounts"), 4);
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT status) FROM outreach_emails")),
            4);  // sent, bounced, review, scheduled
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT status) FROM inbound_emails")), 6);
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT class) FROM inbound_emails")), 3);
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT status) FROM sent_replies")), 2);
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT status) FROM form_submissions")), 2);
  EXPECT_EQ(integer(Sql("SELECT MAX(attempt_number) FROM outreach_emails")), 3);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outreach_emails WHERE sent_at > ?", clock.now())), 0);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM inbound_emails WHERE created_at > ?", clock.now())), 0);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM sent_replies WHERE status = 'scheduled' AND schedule_for <= ?",
                        clock.now())),
            0);
  EXPECT_EQ(breaches("SELECT e.id FROM outreach_emails e JOIN outreach_email_texts t ON t.id = e.id WHERE "
                     "t.body_text LIKE '%{%' OR e.subject LIKE '%{%'"),
            0);
  EXPECT_EQ(breaches("SELECT id FROM outreach_emails WHERE contact_id = 0 OR to_email = ''"), 0);
}

TEST_P(DemoMails, AgreeWithTheirOpportunities) {
  // The newest communication, whatever it was.
  EXPECT_EQ(breaches("SELECT o.id FROM opportunities o WHERE COALESCE(o.last_communication_date, 0) <> "
                     "COALESCE((SELECT MAX(t) FROM (SELECT sent_at AS t, opportunity_id AS i FROM "
                     "outreach_emails UNION ALL "
                     "SELECT sent_at, opportunity_id FROM form_submissions UNION ALL "
                     "SELECT sent_at, opportunity_id FROM sent_replies UNION ALL "
                     "SELECT created_at, opportunity_id FROM inbound_emails WHERE class = 'human') y WHERE "
                     "y.i = o.id), 0)"),
            0);
  // The first thing that arrived.
  EXPECT_EQ(
      breaches("SELECT o.id FROM opportunities o WHERE COALESCE(o.outreach_started_date, 0) <> "
               "COALESCE((SELECT MIN(t) FROM (SELECT sent_at AS t, opportunity_id AS i FROM outreach_emails "
               "WHERE status = 'sent' UNION ALL SELECT sent_at, opportunity_id FROM form_submissions WHERE "
               "status = 'submitted') y WHERE y.i = o.id), 0)"),
      0);
  // Attempts have no gaps; nothing is sent after a person has answered; what waits, waits at its stage.
  EXPECT_EQ(
      breaches("SELECT m.id FROM outreach_emails m WHERE m.attempt_number > 1 AND NOT EXISTS (SELECT 1 FROM "
               "outreach_emails b WHERE b.opportunity_id = m.opportunity_id AND "
               "b.attempt_number = m.attempt_number - 1 AND b.status = 'sent')"),
      0);
  EXPECT_EQ(
      breaches(
          "SELECT m.id FROM outreach_emails m JOIN inbound_emails i ON i.opportunity_id = m.opportunity_id "
          "AND i.class = 'human' AND i.created_at < m.sent_at"),
      0);
  EXPECT_EQ(
      breaches("SELECT m.id FROM outreach_emails m JOIN opportunities o ON o.id = m.opportunity_id WHERE "
               "(m.status = 'review' AND o.stage_status <> 'review') OR "
               "(m.status = 'scheduled' AND o.stage_status <> 'queued') OR "
               "(m.status = 'bounced' AND o.stage_status <> 'bounced')"),
      0);
  EXPECT_EQ(
      breaches(
          "SELECT o.id FROM opportunities o WHERE o.stage_status IN ('review', 'queued') AND NOT EXISTS "
          "(SELECT 1 FROM outreach_emails m WHERE m.opportunity_id = o.id AND m.sent_at IS NULL) AND NOT "
          "EXISTS (SELECT 1 FROM form_submissions f WHERE f.opportunity_id = o.id AND f.status = 'pending')"),
      0);
}

TEST_P(DemoMails, KeepTheBooksOfReports) {
  // Moves begin in inspect and end where the opportunity stands.
  EXPECT_EQ(breaches("SELECT o.id FROM opportunities o LEFT JOIN (SELECT opportunity_id, MAX(id) AS id FROM "
                     "stage_events "
                     "GROUP BY opportunity_id) l ON l.opportunity_id = o.id LEFT JOIN stage_events e ON e.id "
                     "= l.id WHERE "
                     "o.workflow_status <> COALESCE(e.to_workflow, 'inspect')"),
            0);
  EXPECT_EQ(
      breaches(
          "SELECT w.id FROM (SELECT id, from_workflow, LAG(to_workflow, 1, 'inspect') OVER (PARTITION BY "
          "opportunity_id ORDER BY id) AS before FROM stage_events) w WHERE w.from_workflow <> w.before"),
      0);
  database().read([](Connection& connection) {
    std::vector<std::pair<std::int64_t, std::int64_t>> projects;
    {
      const auto rows = connection.query(Sql("SELECT id, account_id FROM projects"));
      while (rows->next()) projects.emplace_back(rows->integer(0), rows->integer(1));
    }
    for (const auto& [project, account] : projects) {
      const std::string id = std::to_string(project);
      EXPECT_EQ(intake::counted(connection, account, std::string(intake::kStartedCounter) + id),
                connection.integer(Sql("SELECT COUNT(*) FROM opportunities WHERE project_id = ? AND "
                                       "outreach_started_date IS NOT NULL",
                                       project)));
      EXPECT_EQ(intake::counted(connection, account, std::string(intake::kAnsweredCounter) + id),
                connection.integer(Sql("SELECT COUNT(DISTINCT opportunity_id) FROM inbound_emails WHERE "
                                       "project_id = ? AND class = 'human' AND opportunity_id <> 0",
                                       project)));
    }
  });
}

}  // namespace
}  // namespace overture::db
