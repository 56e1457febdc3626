// What the doctor finds: nothing in a house that is sound, and each kind of damage by its name.
#include <gtest/gtest.h>

#include "app/demo.hpp"
#include "house.hpp"
#include "intake/loose_ends.hpp"
#include "intake/opportunity.hpp"

namespace overture::db {
namespace {

class LooseEnds : public House {
 protected:
  std::vector<std::string> found(std::int64_t account) {
    std::vector<std::string> names;
    database().read([&](Connection& connection) {
      for (const auto& end : intake::find_loose_ends(connection, account)) names.push_back(end.what);
    });
    return names;
  }
};
ON_EACH_ENGINE(LooseEnds);

TEST_P(LooseEnds, NoneInTheDemo) {
  const app::DemoLogin login = app::ensure_demo(database(), clock);
  const std::int64_t account = integer(Sql("SELECT id FROM accounts WHERE name = ?", login.account));
  EXPECT_EQ(found(account), std::vector<std::string>());
}

TEST_P(LooseEnds, EachKindOfDamageIsFound) {
  struct Damage {
    Literal done;    ///< with the account
    Literal undone;  ///< with the account
    std::string what;
  };
  const std::vector<Damage> damages = {
      {"INSERT INTO opportunity_tags SELECT account_id, id, 77, 0 FROM opportunities WHERE account_id = ?",
       "DELETE FROM opportunity_tags WHERE account_id = ?", "tags of opportunities where either is gone"},
      {"INSERT INTO campaign_tags SELECT account_id, id, 77, 0 FROM campaigns WHERE account_id = ?",
       "DELETE FROM campaign_tags WHERE account_id = ?", "tags of campaigns where either is gone"},
      {"INSERT INTO opportunity_contacts (account_id, opportunity_id, contact_id) SELECT account_id, id, 77 "
       "FROM opportunities WHERE account_id = ?",
       "DELETE FROM opportunity_contacts WHERE account_id = ?",
       "contacts of opportunities where either is gone"},
      {"INSERT INTO custom_field_values (account_id, opportunity_id, field_id, value) SELECT account_id, id, "
       "77, 'x' FROM opportunities WHERE account_id = ?",
       "DELETE FROM custom_field_values WHERE account_id = ?",
       "values of custom fields where the field or the opportunity is gone"},
      {"INSERT INTO notes (account_id, opportunity_id, content, created_at) SELECT account_id, 77, 'x', 0 "
       "FROM campaigns WHERE account_id = ?",
       "DELETE FROM notes WHERE account_id = ?", "notes and links whose opportunity is gone"},
      {"INSERT INTO project_access SELECT account_id, 77, id FROM projects WHERE account_id = ?",
       "DELETE FROM project_access WHERE account_id = ?",
       "grants and collaborators where the user, the project or the campaign is gone"},
      {"INSERT INTO campaign_email_accounts SELECT account_id, id, 77 FROM campaigns WHERE account_id = ?",
       "DELETE FROM campaign_email_accounts WHERE account_id = ?",
       "mail accounts of campaigns where either is gone"},
      {"UPDATE opportunities SET domain_id = domain_id + 77 WHERE account_id = ?",
       "UPDATE opportunities SET domain_id = domain_id - 77 WHERE account_id = ?",
       "opportunities whose domain is gone"},
      {"UPDATE webhook_deliveries SET state = 'pending' WHERE account_id = ?",
       "UPDATE webhook_deliveries SET state = 'delivered' WHERE account_id = ?",
       "webhooks with something to be sent that nobody looks at"},
      {"UPDATE webhook_deliveries SET webhook_id = webhook_id + 77 WHERE account_id = ?",
       "UPDATE webhook_deliveries SET webhook_id = webhook_id - 77 WHERE account_id = ?",
       "deliveries whose webhook is gone"},
      {"DELETE FROM milestone_history WHERE account_id = ?", "",
       "opportunities whose last milestone change led elsewhere"},
  };
  const std::int64_t account = add_account();
  const std::int64_t campaign = add_campaign(account, add_project(account));
  const auto placed = add_one(account, campaign, site("https://a.example/"));
  database().write([&](Connection& connection) {
    const std::int64_t milestone = connection.reserve_ids("milestones", 1);
    connection.execute(
        Sql("INSERT INTO milestones (id, account_id, name, created_at) VALUES (?, ?, 'Talks', 0)", milestone,
            account));
    intake::set_milestone(connection, account, placed.opportunity, milestone, {}, clock.now());
  });
  execute(Sql(
      "INSERT INTO webhooks (account_id, url, created_by, created_at, updated_at) VALUES (?, 'x', 1, 0, 0)",
      account));
  execute(
      Sql("INSERT INTO webhook_deliveries (account_id, webhook_id, message_id, event_type, payload, state, "
          "next_try_at, created_at) SELECT account_id, id, 'm', 'x', '{}', 'delivered', 0, 0 FROM webhooks"));
  ASSERT_EQ(found(account), std::vector<std::string>());
  for (const Damage& damage : damages) {
    execute(Sql(damage.done, account));
    EXPECT_EQ(found(account), std::vector<std::string>{damage.what});
    if (!damage.undone.empty()) execute(Sql(damage.undone, account));
  }
}

}  // namespace
}  // namespace overture::db
