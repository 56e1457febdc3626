// The demo workspace: every stage occurs, and everything in it tells the same story.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>

#include "app/demo.hpp"
#include "house.hpp"
#include "intake/counts.hpp"

namespace overture::db {
namespace {

class Demo : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    if (HasFatalFailure()) return;
    const auto began = std::chrono::steady_clock::now();
    login_ = app::ensure_demo(database(), clock);
    took_ = std::chrono::steady_clock::now() - began;
  }

  std::int64_t account() { return integer(Sql("SELECT id FROM accounts WHERE name = ?", login_.account)); }

  /// How many rows a statement finds; those that it finds must not be there.
  std::int64_t breaches(Literal sql) {
    Sql count("SELECT COUNT(*) FROM (");
    return integer(count << sql << ") x");
  }

  app::DemoLogin login_;
  std::chrono::steady_clock::duration took_{};
};
ON_EACH_ENGINE(Demo);

TEST_P(Demo, ShowsEveryStageInBelievableNumbers) {
  EXPECT_LT(took_, std::chrono::seconds(5));
  std::map<std::string, std::int64_t> stages;
  database().read([&](Connection& connection) {
    const auto rows = connection.query(
        Sql("SELECT workflow_status || '/' || stage_status, COUNT(*) FROM opportunities GROUP BY 1"));
    while (rows->next()) stages[std::string(rows->text(0))] = rows->integer(1);
  });
  const std::set<std::string> expected = {"inspect/new",
                                          "inspect/awaiting_approval",
                                          "personalize/pending",
                                          "personalize/finding_contacts",
                                          "personalize/missing_data",
                                          "personalize/ready",
                                          "compose/review",
                                          "outreach/queued",
                                          "outreach/waiting_follow_up",
                                          "outreach/paused",
                                          "completed/replied",
                                          "completed/finished",
                                          "completed/bounced",
                                          "completed/unsubscribed",
                                          "completed/stopped",
                                          "completed/form_submitted",
                                          "rejected/inspected",
                                          "rejected/declined",
                                          "rejected/filtered"};
  std::int64_t total = 0;
  for (const auto& [stage, n] : stages) {
    EXPECT_TRUE(expected.contains(stage)) << stage;
    EXPECT_GE(n, 3) << stage;
    EXPECT_LT(n, 1200) << stage;
    total += n;
  }
  EXPECT_EQ(stages.size(), expected.size());
  EXPECT_GT(total, 2700);
  EXPECT_LT(total, 3300);
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT status) FROM campaigns")), 2);
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT role) FROM users")), 5);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM jobs WHERE state = 'completed' AND total = done")),
            integer(Sql("SELECT COUNT(*) FROM campaigns WHERE type = 'import'")));
  EXPECT_EQ(count("partners"), 5);
  EXPECT_GT(count("usage_days"), 20);
  EXPECT_GT(integer(Sql("SELECT COUNT(*) FROM contacts WHERE is_unsubscribed = 1")), 10);
}

/// Working days fall differently each day; nothing may depend on that.
TEST_P(Demo, ShowsEveryStageOnAnyDay) {
  const int days = on_sqlite() ? 7 : 1;
  for (int day = 0; day < days; ++day) {
    TearDown();
    clock.advance(base::kDay + 3 * base::kHour);
    SetUp();
    ASSERT_FALSE(HasFatalFailure());
    EXPECT_EQ(
        integer(
            Sql("SELECT COUNT(*) FROM (SELECT DISTINCT workflow_status, stage_status FROM opportunities) x")),
        19);
    EXPECT_EQ(breaches("SELECT o.id FROM opportunities o JOIN campaigns c ON c.id = o.campaign_id WHERE "
                       "o.created_at < c.created_at OR o.updated_at < o.created_at"),
              0);
    EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM opportunities WHERE updated_at > ?", clock.now())), 0);
  }
}

TEST_P(Demo, KeepsTheBooks) {
  check_books(account());
  database().read([&](Connection& connection) {
    std::vector<std::int64_t> projects;
    {
      const auto rows = connection.query(Sql("SELECT id FROM projects"));
      while (rows->next()) projects.push_back(rows->integer(0));
    }
    EXPECT_EQ(projects.size(), 3U);
    for (const std::int64_t project : projects) {
      const std::string id = std::to_string(project);
      const std::int64_t changed = connection.integer(
          Sql("SELECT COUNT(DISTINCT opportunity_id) FROM milestone_history WHERE project_id = ?", project));
      const std::int64_t won =
          connection.integer(Sql("SELECT COUNT(DISTINCT h.opportunity_id) FROM milestone_history h JOIN "
                                 "milestones m ON m.id = h.new_id "
                                 "WHERE h.project_id = ? AND m.kind = 'won'",
                                 project));
      EXPECT_EQ(intake::counted(connection, account(), "milestone_changed:" + id), changed);
      EXPECT_EQ(intake::counted(connection, account(), "milestone_won:" + id), won);
      EXPECT_GE(won * 100, changed * 15);
      EXPECT_LE(won * 100, changed * 40);
    }
  });
}

TEST_P(Demo, TellsOneStory) {
  // The last change of milestone is where the opportunity stands, and each change begins where the last one
  // ended.
  EXPECT_EQ(
      breaches(
          "SELECT o.id FROM opportunities o LEFT JOIN milestone_history h ON h.opportunity_id = o.id AND "
          "h.id = (SELECT MAX(id) FROM milestone_history WHERE opportunity_id = o.id) WHERE "
          "o.milestone_id <> COALESCE(h.new_id, 0) OR COALESCE(o.milestone_date, 0) <> "
          "COALESCE(h.changed_at, 0)"),
      0);
  EXPECT_EQ(
      breaches(
          "SELECT h.id FROM milestone_history h WHERE h.previous_id <> COALESCE((SELECT g.new_id FROM "
          "milestone_history g WHERE g.opportunity_id = h.opportunity_id AND g.id < h.id ORDER BY g.id DESC "
          "LIMIT 1), 0)"),
      0);
  EXPECT_EQ(breaches("SELECT h.id FROM milestone_history h JOIN milestones m ON m.id = h.new_id WHERE "
                     "h.new_name <> m.name"),
            0);
  // Nothing before it was there, nothing after it was last changed, nothing in the future.
  EXPECT_EQ(
      breaches("SELECT h.id FROM milestone_history h JOIN opportunities o ON o.id = h.opportunity_id WHERE "
               "h.changed_at < o.created_at OR h.changed_at > o.updated_at"),
      0);
  EXPECT_EQ(breaches("SELECT n.id FROM notes n JOIN opportunities o ON o.id = n.opportunity_id WHERE "
                     "n.created_at < o.created_at OR n.created_at > o.updated_at"),
            0);
  EXPECT_EQ(breaches("SELECT o.id FROM opportunities o WHERE o.outreach_started_date < o.created_at OR "
                     "o.last_communication_date < o.outreach_started_date OR o.last_communication_date > "
                     "o.updated_at OR o.milestone_date > o.updated_at OR o.updated_at < o.created_at"),
            0);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM opportunities WHERE updated_at > ?", clock.now())), 0);
  EXPECT_EQ(
      integer(Sql("SELECT COUNT(*) FROM opportunities WHERE created_at < ?", clock.now() - 181 * base::kDay)),
      0);
  EXPECT_EQ(breaches("SELECT o.id FROM opportunities o JOIN campaigns c ON c.id = o.campaign_id WHERE "
                     "o.created_at < c.created_at OR c.project_id <> o.project_id"),
            0);
  // Stages and what they say about the past.
  EXPECT_EQ(
      breaches("SELECT id FROM opportunities WHERE workflow_status IN ('inspect', 'personalize', 'compose', "
               "'rejected') AND (milestone_id <> 0 OR outreach_started_date IS NOT NULL OR "
               "last_communication_type <> '')"),
      0);
  EXPECT_EQ(
      breaches(
          "SELECT id FROM opportunities WHERE (last_communication_type = '') <> (last_communication_date "
          "IS NULL)"),
      0);
  EXPECT_EQ(breaches("SELECT o.id FROM opportunities o JOIN milestones m ON m.id = o.milestone_id WHERE "
                     "m.kind = 'won' AND o.stage_status <> 'stopped'"),
            0);
  EXPECT_EQ(
      breaches("SELECT l.id FROM opportunity_links l JOIN opportunities o ON o.id = l.opportunity_id JOIN "
               "milestones m ON m.id = o.milestone_id WHERE m.kind <> 'won'"),
      0);
  EXPECT_EQ(
      breaches(
          "SELECT o.id FROM opportunities o JOIN milestones m ON m.id = o.milestone_id WHERE m.name = "
          "'Won - Link Placed' AND NOT EXISTS (SELECT 1 FROM opportunity_links l WHERE l.opportunity_id = "
          "o.id)"),
      0);
  // Nobody hears from us after opting out.
  EXPECT_EQ(
      breaches("SELECT k.id FROM contacts k WHERE k.is_unsubscribed = 1 AND (k.unsubscribed_date IS NULL OR "
               "k.last_communication_date > k.unsubscribed_date)"),
      0);
  EXPECT_EQ(
      breaches(
          "SELECT o.id FROM opportunities o WHERE o.workflow_status = 'outreach' AND NOT EXISTS (SELECT 1 "
          "FROM opportunity_contacts x WHERE x.opportunity_id = o.id)"),
      0);
  // Ids follow time.
  EXPECT_EQ(
      breaches(
          "SELECT a.id FROM opportunities a JOIN opportunities b ON b.id = a.id + 1 WHERE b.created_at < "
          "a.created_at"),
      0);
  EXPECT_EQ(
      breaches("SELECT a.id FROM notes a JOIN notes b ON b.id = a.id + 1 WHERE b.created_at < a.created_at"),
      0);
  EXPECT_EQ(breaches("SELECT id FROM notes WHERE content LIKE '%{%'"), 0);
  EXPECT_EQ(breaches("SELECT id FROM personalization_values WHERE value LIKE '%{%' OR value = ''"), 0);
}

TEST_P(Demo, RespectsDeduplication) {
  // With it, no older opportunity of the project has the host.
  EXPECT_EQ(breaches("SELECT o.id FROM opportunities o JOIN campaigns c ON c.id = o.campaign_id AND "
                     "c.disable_deduplication = 0 JOIN opportunities p ON p.project_id = o.project_id AND "
                     "p.domain_id = o.domain_id AND p.id < o.id"),
            0);
  // Without it, only imports have a host twice, and never the same page.
  EXPECT_EQ(
      breaches(
          "SELECT o.campaign_id FROM opportunities o JOIN campaigns c ON c.id = o.campaign_id AND c.type "
          "<> 'import' GROUP BY o.campaign_id, o.domain_id HAVING COUNT(*) > 1"),
      0);
  EXPECT_EQ(
      breaches("SELECT campaign_id FROM opportunities WHERE domain_id <> 0 GROUP BY campaign_id, url HAVING "
               "COUNT(*) > 1"),
      0);
  EXPECT_EQ(
      breaches("SELECT o.id FROM opportunities o JOIN campaigns c ON c.id = o.campaign_id AND "
               "c.disable_deduplication_partners = 0 JOIN domains d ON d.id = o.domain_id JOIN partners p ON "
               "p.host = d.name"),
      0);

  // The rules agree: what is there does not come again.
  for (const char* deduplicated : {"0", "1"}) {
    const std::int64_t opportunity =
        integer(Sql("SELECT MIN(o.id) FROM opportunities o JOIN campaigns c ON c.id = o.campaign_id WHERE "
                    "c.type = 'import' "
                    "AND c.disable_deduplication = ? AND o.domain_id <> 0 AND NOT EXISTS (SELECT 1 FROM "
                    "opportunity_contacts "
                    "x WHERE x.opportunity_id = o.id)",
                    std::int64_t{*deduplicated - '0'}));
    const auto placement =
        add_one(account(), integer(Sql("SELECT campaign_id FROM opportunities WHERE id = ?", opportunity)),
                site(text(Sql("SELECT url FROM opportunities WHERE id = ?", opportunity))));
    EXPECT_EQ(placement.outcome, intake::Outcome::duplicate_in_campaign) << deduplicated;
    EXPECT_EQ(placement.opportunity, opportunity);
  }
}

}  // namespace
}  // namespace overture::db
