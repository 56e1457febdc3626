// The planner over several campaigns: one that cannot be planned for holds up nobody else.
#include "work/planner.hpp"

#include <gtest/gtest.h>

#include "intake/counts.hpp"
#include "planned_house.hpp"

namespace overture::db {
namespace {

class Planning : public MailboxHouse {
 protected:
  void SetUp() override {
    MailboxHouse::SetUp();
    if (HasFatalFailure()) return;
    execute(Sql("UPDATE mailboxes SET spacing_seconds = 0"));
    clock.advance(2 * base::kHour);  // Friday, ten o'clock
  }

  /// With one opportunity that waits for its first mail.
  std::int64_t add_launched(std::string_view host, int review = 0) {
    const std::int64_t campaign = add_campaign(account, project);
    intake::Prospect prospect = site(host);
    prospect.contacts.push_back({"ann@" + std::string(host), "Ann", ""});
    const std::int64_t opportunity = add_one(account, campaign, prospect).opportunity;
    execute(
        Sql("INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, review, created_at) "
            "VALUES (?, ?, 1, 'Hi', 'Hi', ?, 0)",
            account, campaign, review));
    database().write([&](Connection& connection) {
      intake::change_stage(connection, account, opportunity, rules::StageEvent::launch, {}, clock.now());
    });
    return campaign;
  }

  /// Mails of this campaign cannot be written down.
  void break_campaign(std::int64_t campaign) {
    if (GetParam() == Engine::sqlite) {
      execute(Sql("CREATE TABLE broken (campaign_id INTEGER)"));
      execute(
          Sql("CREATE TRIGGER breaks BEFORE INSERT ON outreach_emails WHEN NEW.campaign_id IN (SELECT "
              "campaign_id FROM broken) BEGIN SELECT RAISE(ABORT, 'broken'); END"));
    } else {
      execute(Sql("CREATE TABLE broken (campaign_id BIGINT)"));
      execute(
          Sql("CREATE FUNCTION breaks() RETURNS trigger AS $$ BEGIN IF NEW.campaign_id IN (SELECT "
              "campaign_id FROM broken) THEN RAISE EXCEPTION 'broken'; END IF; RETURN NEW; END $$ LANGUAGE "
              "plpgsql"));
      execute(
          Sql("CREATE TRIGGER breaks BEFORE INSERT ON outreach_emails FOR EACH ROW EXECUTE FUNCTION "
              "breaks()"));
    }
    execute(Sql("INSERT INTO broken VALUES (?)", campaign));
  }

  std::string mails_of(std::int64_t campaign) {
    return text(
        Sql("SELECT COALESCE(MAX(status), 'none') FROM outreach_emails WHERE campaign_id = ?", campaign));
  }

  const outreach::Install install_{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
};
ON_EACH_ENGINE(Planning);

// Whatever was remembered of the account shows it no more.
TEST_P(Planning, WhatIsPutAsideChangesTheAccount) {
  const std::int64_t campaign = add_launched("lacks.example.com");
  execute(Sql("UPDATE attempts SET subject = 'For {cf.nothing}' WHERE campaign_id = ?", campaign));
  const auto changes = [&] {
    return database().read([&](Connection& connection) { return intake::stop_number(connection, account); });
  };
  const std::int64_t before = changes();
  work::Planner planner(database(), clock, install_, [] { return 1; });
  planner.tick();
  EXPECT_EQ(text(Sql("SELECT stage_status FROM opportunities WHERE campaign_id = ?", campaign)),
            "missing_data");
  const std::int64_t after = changes();
  EXPECT_GT(after, before);
  planner.tick();
  EXPECT_EQ(changes(), after) << "there was nothing to do";
}

TEST_P(Planning, ACampaignThatFailsHoldsUpNoOther) {
  const std::int64_t first = add_launched("a.com");
  const std::int64_t broken = add_launched("b.com");
  const std::int64_t last = add_launched("c.com");
  break_campaign(broken);
  work::Planner planner(database(), clock, install_, [] { return 1; });

  planner.tick();
  EXPECT_EQ(mails_of(first), "scheduled");
  EXPECT_EQ(mails_of(broken), "none");
  EXPECT_EQ(mails_of(last), "scheduled");
  EXPECT_GT(integer(Sql("SELECT next_look_at FROM campaign_sending WHERE campaign_id = ?", broken)),
            clock.now());
  check_books(account);

  execute(Sql("DELETE FROM broken"));
  planner.tick();
  EXPECT_EQ(mails_of(broken), "none") << "not at once";
  clock.advance(10 * base::kMinute);
  planner.tick();
  EXPECT_EQ(mails_of(broken), "scheduled");
  check_books(account);
}

TEST_P(Planning, ARunThatFailsHoldsUpNoOther) {
  const std::int64_t broken = add_launched("a.com", 1);
  const std::int64_t reviewed = add_launched("b.com", 1);
  const std::int64_t planned = add_launched("c.com");
  break_campaign(broken);
  work::Planner planner(database(), clock, install_, [] { return 1; });

  planner.tick();
  EXPECT_EQ(mails_of(broken), "none");
  EXPECT_EQ(mails_of(reviewed), "review");
  EXPECT_EQ(mails_of(planned), "scheduled");

  execute(Sql("DELETE FROM broken"));
  clock.advance(10 * base::kMinute);
  planner.tick();
  EXPECT_EQ(mails_of(broken), "review");
  check_books(account);
}

}  // namespace
}  // namespace overture::db
