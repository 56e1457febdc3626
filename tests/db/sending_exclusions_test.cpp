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

}  // namespace
}  // namespace overture::db
