// What takes opportunities out of outreach beside the state machine also takes their mails out of the outbox.
#include <gtest/gtest.h>

#include "intake/blocklist.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/obstacle.hpp"
#include "outreach/outbox.hpp"
#include "planned_house.hpp"

namespace overture::db {
namespace {

class SendingExclusions : public PlannedHouse {
 protected:
  std::optional<outreach::Obstacle> obstacle() {
    return database().read([&](Connection& connection) {
      return outreach::find_obstacle(
          connection,
          {.outbox = 5, .account = account, .email_account = 1, .kind = "outreach", .mail = 5, .tries = 1},
          clock.now());
    });
  }
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

/// A reply that waits; who was answered in spite of the list is answered, who joins it later is not.
TEST_P(SendingExclusions, AReplyIsNotSentToSomebodyWhoHasOptedOutSince) {
  const auto opt_out = [&](std::string_view address) {
    database().write([&](Connection& connection) {
      intake::unsubscribe(connection, account, *intake::parse_unsubscribe_entry(address),
                          {.user = 0, .reason = {}, .now = clock.now()});
    });
  };
  opt_out("before@b.com");
  clock.advance(base::kMinute);
  execute(
      Sql("INSERT INTO sent_replies (id, account_id, project_id, email_account_id, status, to_email, "
          "created_at) VALUES (7, ?, ?, 1, 'scheduled', 'before@b.com', ?), (8, ?, ?, 1, 'scheduled', "
          "'ann@a.com', ?)",
          account, project, clock.now(), account, project, clock.now()));
  clock.advance(base::kMinute);
  const auto in_the_way = [&](std::int64_t reply) {
    return database().read([&](Connection& connection) {
      const auto found = outreach::find_obstacle(
          connection,
          {.outbox = 9, .account = account, .email_account = 1, .kind = "reply", .mail = reply, .tries = 1},
          clock.now());
      return found ? found->why : std::string();
    });
  };
  EXPECT_EQ(in_the_way(7), "");
  EXPECT_EQ(in_the_way(8), "");
  opt_out("a.com");
  EXPECT_EQ(in_the_way(7), "");
  EXPECT_EQ(in_the_way(8), "the recipient has opted out since it was written");
}

TEST_P(SendingExclusions, AContactThatWasTakenOffIsNotWrittenTo) {
  execute(Sql("UPDATE outbox SET state = 'sending' WHERE id = 5"));
  execute(Sql("DELETE FROM opportunity_contacts WHERE opportunity_id = ?", opportunity));
  ASSERT_TRUE(obstacle());
  EXPECT_FALSE(obstacle()->until);
  EXPECT_EQ(obstacle()->why, "the contact was taken off the opportunity");
}

}  // namespace
}  // namespace overture::db
