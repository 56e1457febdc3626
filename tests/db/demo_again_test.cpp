// The demo workspace is made once, and is the same for the same time, whatever the engine.
#include <gtest/gtest.h>

#include "app/demo.hpp"
#include "base/crypto.hpp"
#include "house.hpp"

namespace overture::db {
namespace {

class DemoAgain : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    if (!HasFatalFailure()) login_ = app::ensure_demo(database(), clock);
  }

  /// Every row of the tables that the demo fills, apart from the salted hashes of passwords.
  std::string content() {
    std::string all;
    database().read([&](Connection& connection) {
      auto add = [&](Literal sql, int columns) {
        const auto rows = connection.query(Sql(sql));
        while (rows->next()) {
          for (int i = 0; i < columns; ++i) all.append(rows->is_null(i) ? "\\N" : rows->text(i)).append("\t");
          all += '\n';
        }
        all = base::sha256(all);
      };
      add("SELECT id, name, created_at FROM accounts ORDER BY id", 3);
      add("SELECT id, email, first_name, last_name, role, created_at FROM users ORDER BY id", 6);
      add("SELECT user_id, project_id FROM project_access ORDER BY user_id, project_id", 2);
      add("SELECT user_id, day, requests, cost FROM usage_days ORDER BY user_id, day", 4);
      add("SELECT id, name, description, country, timezone, own_sites, created_at FROM projects ORDER BY id",
          7);
      add("SELECT id, project_id, name, status, type, data_source, country, created_at FROM campaigns ORDER "
          "BY id",
          8);
      add("SELECT id, name, color, type FROM tags ORDER BY id", 4);
      add("SELECT id, project_id, opportunity_id, assigned_to, completed_by, name, due_date, completed_at, "
          "created_at FROM tasks ORDER BY id",
          9);
      add("SELECT id, entry, is_domain, reason, user_id, created_at FROM unsubscribes ORDER BY id", 6);
      add("SELECT id, project_id, pattern, reason, user_id, created_at FROM blocklist ORDER BY id", 6);
      add("SELECT campaign_id, tag_id, tagged_at FROM campaign_tags ORDER BY campaign_id, tag_id", 3);
      add("SELECT id, name, registrable_domain FROM domains ORDER BY id", 3);
      add("SELECT id, host, name FROM partners ORDER BY id", 3);
      add("SELECT id, campaign_id, domain_id, milestone_id, version, url, name, workflow_status, "
          "stage_status, "
          "last_communication_type, milestone_date, last_communication_date, outreach_started_date, "
          "created_at, "
          "updated_at, contact_form_url FROM opportunities ORDER BY id",
          16);
      add("SELECT identity, opportunity_id FROM import_rows ORDER BY opportunity_id", 2);
      add("SELECT opportunity_id, tag_id, tagged_at FROM opportunity_tags ORDER BY opportunity_id, tag_id",
          3);
      add("SELECT id, opportunity_id, url FROM opportunity_links ORDER BY id", 3);
      add("SELECT id, email, first_name, last_name, age, location, is_unsubscribed, unsubscribed_date, "
          "created_at "
          "FROM contacts ORDER BY id",
          9);
      add("SELECT opportunity_id, contact_id FROM opportunity_contacts ORDER BY opportunity_id, contact_id",
          2);
      add("SELECT id, opportunity_id, user_id, content, is_system, is_zapier, created_at FROM notes ORDER BY "
          "id",
          7);
      add("SELECT id, opportunity_id, user_id, previous_name, new_name, changed_at FROM milestone_history "
          "ORDER BY id",
          6);
      add("SELECT id, name, token, type, choices FROM custom_fields ORDER BY id", 5);
      add("SELECT id, opportunity_id, field_id, value FROM custom_field_values ORDER BY id", 4);
      add("SELECT id, project_id, campaign_id, token, type, required FROM personalization_fields ORDER BY id",
          6);
      add("SELECT id, opportunity_id, field_id, value FROM personalization_values ORDER BY id", 4);
      add("SELECT id, state, campaign_id, total, done, counts, errors, finished_at FROM jobs ORDER BY id", 8);
      add("SELECT workflow_status, milestone_id, campaign_id, n FROM opportunity_counts ORDER BY "
          "campaign_id, "
          "workflow_status, milestone_id",
          4);
      add("SELECT name, CAST(SUM(n) AS BIGINT) FROM counters GROUP BY name ORDER BY name", 2);
      add("SELECT CAST(SUM(n) AS BIGINT) FROM account_changes", 1);
    });
    return all;
  }

  app::DemoLogin login_;
};
ON_EACH_ENGINE(DemoAgain);

TEST_P(DemoAgain, IsMadeOnce) {
  const std::string before = content();
  clock.advance(3 * base::kDay);
  const auto again = app::ensure_demo(database(), clock);
  EXPECT_EQ(again.account, login_.account);
  EXPECT_EQ(content(), before);
  EXPECT_TRUE(base::verify_password(
      login_.password,
      text(Sql("SELECT password_hash FROM users WHERE email = ? AND role = 'admin'", login_.email))));
}

/// What both engines and all machines must come to.
TEST_P(DemoAgain, IsTheSameForTheSameTime) {
  const std::string first = content();
  TearDown();
  SetUp();
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_EQ(content(), first);
  static std::string of_other_engine;
  if (of_other_engine.empty()) of_other_engine = first;
  EXPECT_EQ(first, of_other_engine);
}

}  // namespace
}  // namespace overture::db
