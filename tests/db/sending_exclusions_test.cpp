// What takes opportunities out of outreach beside the state machine also takes their mails out of the outbox.
#include <gtest/gtest.h>

#include "house.hpp"
#include "intake/blocklist.hpp"
#include "intake/stage.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/obstacle.hpp"
#include "outreach/outbox.hpp"

namespace overture::db {
namespace {

/// One opportunity, launched, with its first mail in the outbox.
class SendingExclusions : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    if (HasFatalFailure()) return;
    account = add_account();
    project = add_project(account);
    campaign = add_campaign(account, project);
    auto prospect = site("a.com");
    prospect.contacts.push_back({"ann@a.com", "Ann", ""});
    opportunity = add_one(account, campaign, prospect).opportunity;
    execute(
        Sql("INSERT INTO email_accounts (id, account_id, name, status, daily_limit, created_by, created_at, "
            "updated_at) VALUES (1, ?, 'me@us.test', 'active', 50, 0, 0, 0)",
            account));
    execute(Sql("INSERT INTO mailboxes (account_id, email_account_id, address) VALUES (?, 1, 'me@us.test')",
                account));
    execute(
        Sql("INSERT INTO email_account_projects (account_id, email_account_id, project_id) VALUES (?, 1, ?)",
            account, project));
    execute(
        Sql("INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, created_at) VALUES "
            "(?, ?, 1, 'Hi', 'Hi', 0)",
            account, campaign));
    database().write([&](Connection& connection) {
      intake::change_stage(connection, account, opportunity, rules::StageEvent::launch, {}, clock.now());
    });
    execute(
        Sql("UPDATE outreach_runs SET state = 'outgoing', contact_id = (SELECT id FROM contacts WHERE email "
            "= 'ann@a.com'), email_account_id = 1 WHERE opportunity_id = ?",
            opportunity));
    execute(
        Sql("INSERT INTO outreach_emails (id, account_id, project_id, campaign_id, opportunity_id, "
            "contact_id, email_account_id, attempt_number, run, status, to_email, created_at) SELECT 5, "
            "account_id, project_id, campaign_id, opportunity_id, contact_id, 1, 1, 1, 'scheduled', "
            "'ann@a.com', ? FROM outreach_runs WHERE opportunity_id = ?",
            clock.now(), opportunity));
    execute(
        Sql("INSERT INTO outbox (id, account_id, kind, mail_id, email_account_id, send_at, counted_at, "
            "created_at) VALUES (5, ?, 'outreach', 5, 1, ?, ?, ?)",
            account, clock.now(), clock.now(), clock.now()));
    clock.advance(2 * base::kHour);  // Friday, ten o'clock
  }

  std::optional<outreach::Obstacle> obstacle() {
    return database().read([&](Connection& connection) {
      return outreach::find_obstacle(
          connection,
          {.outbox = 5, .account = account, .email_account = 1, .kind = "outreach", .mail = 5, .tries = 1},
          clock.now());
    });
  }

  std::int64_t account = 0;
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
};
ON_EACH_ENGINE(SendingExclusions);

TEST_P(SendingExclusions, NothingIsInTheWayAtFirst) { EXPECT_FALSE(obstacle()); }

TEST_P(SendingExclusions, ABlockedSiteLeavesTheOutbox) {
  database().write([&](Connection& connection) {
    const std::int64_t entry = intake::add_blocklist_entry(
        connection, account, {.pattern = "a.com", .reason = {}, .project = 0}, clock.now());
    EXPECT_EQ(intake::apply_blocklist(connection, account, std::vector<std::int64_t>{entry}, clock.now()),
              1U);
  });
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 0);
  EXPECT_EQ(text(Sql("SELECT status || ': ' || failure FROM outreach_emails WHERE id = 5")),
            "cancelled: the site is on the blocklist");
  EXPECT_EQ(text(Sql("SELECT state || ': ' || why FROM outreach_runs WHERE opportunity_id = ?", opportunity)),
            "over: the site is on the blocklist");
  check_books(account);
}

TEST_P(SendingExclusions, AMailThatIsHandedOverIsStoppedAtItsLastGate) {
  execute(Sql("UPDATE outbox SET state = 'sending' WHERE id = 5"));
  execute(Sql("UPDATE outreach_emails SET status = 'sending' WHERE id = 5"));
  database().write([&](Connection& connection) {
    const std::int64_t entry = intake::add_blocklist_entry(
        connection, account, {.pattern = "a.com", .reason = {}, .project = 0}, clock.now());
    intake::apply_blocklist(connection, account, std::vector<std::int64_t>{entry}, clock.now());
  });
  ASSERT_TRUE(obstacle());
  EXPECT_FALSE(obstacle()->until);
  EXPECT_EQ(obstacle()->why, "the site is on the blocklist");
}

/// The gates see it; nothing else has to be done for mails that were planned already.
TEST_P(SendingExclusions, AnAddressOnTheDoNotEmailListIsNotWrittenTo) {
  database().write([&](Connection& connection) {
    intake::unsubscribe(connection, account, *intake::parse_unsubscribe_entry("ann@a.com"),
                        {.user = 1, .reason = {}, .now = clock.now()});
  });
  ASSERT_TRUE(obstacle());
  EXPECT_FALSE(obstacle()->until);
  EXPECT_EQ(obstacle()->why, "the address is on the do-not-email list");
}

}  // namespace
}  // namespace overture::db
