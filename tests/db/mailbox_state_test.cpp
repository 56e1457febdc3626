// What becomes of a mailbox whose server is away.
#include "outreach/mailbox_state.hpp"

#include <gtest/gtest.h>

#include "planned_house.hpp"

namespace overture::db {
namespace {

class MailboxState : public MailboxHouse {
 protected:
  void fail() {
    database().write([&](Connection& connection) {
      outreach::note_mailbox_trouble(connection, {account, 1}, outreach::MailboxUse::sending,
                                     outreach::MailboxTrouble::resting, "Connection refused", clock.now());
    });
  }
  std::int64_t tasks() { return integer(Sql("SELECT COUNT(*) FROM tasks WHERE type = 'mailbox_error'")); }
};
ON_EACH_ENGINE(MailboxState);

TEST_P(MailboxState, APersonIsAskedWhenItsServerIsAwayForLong) {
  fail();
  clock.advance(30 * base::kMinute);
  fail();
  EXPECT_EQ(tasks(), 0) << "it passes by itself";
  clock.advance(30 * base::kMinute);
  fail();
  EXPECT_EQ(tasks(), 1);
  EXPECT_EQ(text(Sql("SELECT description FROM tasks WHERE type = 'mailbox_error'")),
            "Its server could not be used for more than an hour: Connection refused");
  clock.advance(base::kHour);
  fail();
  EXPECT_EQ(tasks(), 1) << "once while it is open";
  EXPECT_EQ(text(Sql("SELECT status FROM email_accounts WHERE id = 1")), "active") << "it is tried again";

  database().write([&](Connection& connection) {
    outreach::note_mailbox_works(connection, {account, 1}, outreach::MailboxUse::sending, clock.now());
  });
  EXPECT_EQ(text(Sql("SELECT trouble FROM mailbox_states WHERE email_account_id = 1")), "");
}

}  // namespace
}  // namespace overture::db
