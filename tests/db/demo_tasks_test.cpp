// Tasks and exclusion lists of the demo workspace agree with the rest of it.
#include <gtest/gtest.h>

#include "app/demo.hpp"
#include "house.hpp"
#include "rules/blocklist.hpp"

namespace overture::db {
namespace {

class DemoTasks : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    if (!HasFatalFailure()) app::ensure_demo(database(), clock);
  }
};
ON_EACH_ENGINE(DemoTasks);

TEST_P(DemoTasks, AreOpenOverdueAndDone) {
  EXPECT_GT(
      integer(Sql("SELECT COUNT(*) FROM tasks WHERE completed_at IS NULL AND due_date > ?", clock.now())), 5);
  EXPECT_GT(
      integer(Sql("SELECT COUNT(*) FROM tasks WHERE completed_at IS NULL AND due_date < ?", clock.now())), 5);
  EXPECT_GT(integer(Sql("SELECT COUNT(*) FROM tasks WHERE completed_at IS NOT NULL")), 20);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM tasks WHERE completed_at <= created_at OR completed_at > ? OR "
                        "created_at > ? OR (completed_at IS NULL) <> (completed_by = 0)",
                        clock.now(), clock.now())),
            0);
}

TEST_P(DemoTasks, BelongToWhoeverSeesTheProject) {
  EXPECT_EQ(
      integer(
          Sql("SELECT COUNT(*) FROM tasks t JOIN users u ON u.id = t.assigned_to WHERE u.role <> 'admin' AND "
              "NOT EXISTS (SELECT 1 FROM project_access pa WHERE pa.user_id = u.id AND "
              "pa.project_id = t.project_id)")),
      0);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM tasks t JOIN opportunities o ON o.id = t.opportunity_id "
                        "WHERE o.project_id <> t.project_id OR o.campaign_id <> t.campaign_id OR "
                        "o.created_at > t.created_at")),
            0);
  // Those that wait for a milestone would be done if one had come.
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM tasks t JOIN opportunities o ON o.id = t.opportunity_id "
                        "WHERE t.completed_at IS NULL AND t.autocomplete_on_milestone = 1 AND "
                        "o.milestone_date > t.created_at")),
            0);
}

TEST_P(DemoTasks, ListsKnowEverybodyWhoOptedOut) {
  EXPECT_GT(integer(Sql("SELECT COUNT(*) FROM unsubscribes WHERE is_domain = 1")), 0);
  EXPECT_GT(integer(Sql("SELECT COUNT(*) FROM contacts WHERE is_unsubscribed = 1")), 0);
  EXPECT_EQ(
      integer(
          Sql("SELECT COUNT(*) FROM contacts c WHERE is_unsubscribed <> (CASE WHEN EXISTS (SELECT 1 FROM "
              "unsubscribes u WHERE u.entry = c.email OR (u.is_domain = 1 AND c.email LIKE '%@' || u.entry)) "
              "THEN 1 ELSE 0 END)")),
      0);
}

TEST_P(DemoTasks, NothingInTheWorkflowIsBlocked) {
  database().read([&](Connection& connection) {
    std::vector<std::string> hosts;
    for (RowsPtr rows = connection.query(Sql("SELECT name FROM domains")); rows->next();) {
      hosts.emplace_back(rows->text(0));
    }
    int entries = 0;
    for (RowsPtr rows = connection.query(Sql("SELECT pattern, reason FROM blocklist")); rows->next();
         ++entries) {
      const std::string pattern(rows->text(0));
      EXPECT_EQ(rules::parse_block_pattern(pattern), pattern);
      EXPECT_NE(rows->text(1), "");
      for (const std::string& host : hosts) EXPECT_FALSE(rules::blocks(pattern, host)) << host;
    }
    EXPECT_GT(entries, 5);
  });
}

}  // namespace
}  // namespace overture::db
