// Whoever is in copy of a mail that waits, and opts out meanwhile.
#include <gtest/gtest.h>

#include "intake/counts.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/copies_opted_out.hpp"
#include "outreach/mails.hpp"
#include "outreach/message.hpp"
#include "outreach/outbox.hpp"
#include "outreach/reply_outcome.hpp"
#include "planned_house.hpp"

namespace overture::db {
namespace {

class Copies : public PlannedHouse {
 protected:
  void SetUp() override {
    PlannedHouse::SetUp();
    if (HasFatalFailure()) return;
    execute(Sql("UPDATE outreach_emails SET cc = 'boss@b.com; Team@B.com', bcc = 'file@us.test'"));
  }
  void opt_out(std::string_view entry) {
    clock.advance(base::kSecond);
    database().write([&](Connection& connection) {
      intake::unsubscribe(connection, account, *intake::parse_unsubscribe_entry(entry), {.now = clock.now()});
      intake::note_change(connection, account);
    });
  }
  void add_reply(std::int64_t project_of_reply) {
    execute(Sql("DELETE FROM outbox"));
    execute(
        Sql("INSERT INTO sent_replies (id, account_id, project_id, opportunity_id, email_account_id, "
            "user_id, status, "
            "to_email, cc, message_id, created_at) VALUES (7, ?, ?, ?, 1, 0, 'scheduled', 'ann@a.com', "
            "'boss@b.com, kim@b.com', 'r7@us.test', ?)",
            account, project_of_reply, project_of_reply == 0 ? 0 : opportunity, clock.now()));
    execute(
        Sql("INSERT INTO outbox (id, account_id, kind, mail_id, email_account_id, send_at, counted_at, "
            "created_at) "
            "VALUES (7, ?, 'reply', 7, 1, ?, 0, ?)",
            account, clock.now(), clock.now()));
  }
  /// The mail that is due, as it would be handed over.
  mail::OutgoingMessage claim() {
    return database().write([&](Connection& connection) {
      claimed = outreach::claim_mails(connection, {account, 1}, "us", clock.now(), 1).at(0);
      mail::OutgoingMessage message = outreach::load_message(connection, install, claimed);
      outreach::leave_out_opted_out(connection, claimed, message, clock.now());
      return message;
    });
  }
  bool mark_dot() {
    return database().write(
        [&](Connection& connection) { return outreach::mark_dot(connection, claimed, clock.now()); });
  }
  std::int64_t notes() {
    return integer(Sql("SELECT COUNT(*) FROM notes WHERE content LIKE 'Left out of the copies of a mail%'"));
  }

  const outreach::Install install{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
  outreach::ClaimedMail claimed;
};
ON_EACH_ENGINE(Copies);

TEST_P(Copies, WhoOptsOutIsLeftOut) {
  opt_out("TEAM@b.com");
  opt_out("us.test");
  const mail::OutgoingMessage message = claim();
  ASSERT_EQ(message.cc.size(), 1U);
  EXPECT_EQ(message.cc[0].address, "boss@b.com");
  EXPECT_TRUE(message.bcc.empty());
  EXPECT_EQ(message.to.at(0).address, "ann@a.com");
  EXPECT_EQ(text(Sql("SELECT cc || '/' || bcc FROM outreach_emails")), "boss@b.com/");
  EXPECT_EQ(notes(), 1);
  EXPECT_TRUE(mark_dot());
}

TEST_P(Copies, TheOthersStay) {
  opt_out("somebody@else.test");
  EXPECT_EQ(claim().cc.size(), 2U);
  EXPECT_EQ(text(Sql("SELECT cc || '/' || bcc FROM outreach_emails")), "boss@b.com; Team@B.com/file@us.test");
  EXPECT_EQ(notes(), 0);
}

TEST_P(Copies, WhoOptsOutBeforeTheFinalDotHoldsItBack) {
  claim();
  opt_out("boss@b.com");
  EXPECT_FALSE(mark_dot());
}

TEST_P(Copies, OfAReplyOnlyWhoHasOptedOutSince) {
  opt_out("kim@b.com");
  add_reply(project);
  opt_out("boss@b.com");
  const mail::OutgoingMessage message = claim();
  ASSERT_EQ(message.cc.size(), 1U) << "its writer was asked about the other";
  EXPECT_EQ(message.cc[0].address, "kim@b.com");
  EXPECT_EQ(text(Sql("SELECT cc FROM sent_replies")), "kim@b.com");
}

TEST_P(Copies, AReplyThatBelongsNowhereAndFailsAsksSomebody) {
  add_reply(0);
  database().write([&](Connection& connection) {
    outreach::fail_waiting_replies(connection, account, 1, "its mail account was removed", clock.now());
  });
  EXPECT_EQ(text(Sql("SELECT status FROM sent_replies")), "failed");
  EXPECT_EQ(
      integer(Sql("SELECT COUNT(*) FROM tasks WHERE type = 'reply_needed' AND project_id = ?", project)), 1);
}

TEST_P(Copies, AReplyThatBelongsNowhereIsDroppedWhenItsRecipientWritesAgain) {
  add_reply(0);
  const auto drop = [&](std::string_view address) {
    database().write(
        [&](Connection& connection) { outreach::drop_replies_to(connection, account, address); });
    return text(Sql("SELECT status FROM sent_replies"));
  };
  EXPECT_EQ(drop("ann@a.com"), "scheduled") << "it was to be sent whatever comes";
  execute(Sql("UPDATE sent_replies SET stop_schedule_on_communication = 1"));
  EXPECT_EQ(drop("bob@a.com"), "scheduled");
  EXPECT_EQ(drop("ann@a.com"), "cancelled");
}

}  // namespace
}  // namespace overture::db
