// What becomes of a mailbox whose server is away.
#include "outreach/mailbox_state.hpp"

#include <gtest/gtest.h>

#include "outreach/outbox.hpp"
#include "planned_house.hpp"

namespace overture::db {
namespace {

class MailboxState : public PlannedHouse {
 protected:
  void SetUp() override {
    PlannedHouse::SetUp();
    if (HasFatalFailure()) return;
    execute(
        Sql("INSERT INTO webhooks (account_id, url, event_types, created_by, created_at, updated_at, "
            "sealed_secret) VALUES (?, 'https://hooks.test', '[]', 0, 0, 0, '')",
            account));
  }
  base::Millis fail(outreach::MailboxTrouble trouble = outreach::MailboxTrouble::resting,
                    outreach::MailboxUse use = outreach::MailboxUse::sending) {
    return database().write([&](Connection& connection) {
      return outreach::note_mailbox_trouble(connection, {account, 1}, use, trouble, "Connection refused",
                                            clock.now());
    });
  }
  void be_away() {
    fail();
    clock.advance(base::kHour);
    fail();
  }
  void work(outreach::MailboxUse use = outreach::MailboxUse::sending) {
    database().write([&](Connection& connection) {
      outreach::note_mailbox_works(connection, {account, 1}, use, clock.now());
    });
  }
  std::size_t claim() {
    return database()
        .write([&](Connection& connection) {
          return outreach::claim_mails(connection, {account, 1}, "us", clock.now(), 20);
        })
        .size();
  }
  std::int64_t tasks() { return integer(Sql("SELECT COUNT(*) FROM tasks WHERE type = 'mailbox_error'")); }
  std::string status() { return text(Sql("SELECT status FROM email_accounts WHERE id = 1")); }
  std::string news() {
    std::string all;
    database().read([&](Connection& connection) {
      RowsPtr rows = connection.query(
          Sql("SELECT data FROM events WHERE kind = 'email_account.status_changed' ORDER BY id"));
      while (rows->next()) all += std::string(rows->text(0)) + "\n";
    });
    return all;
  }
};
ON_EACH_ENGINE(MailboxState);

TEST_P(MailboxState, APersonIsToldWhenItsServerIsAwayForLong) {
  fail();
  clock.advance(30 * base::kMinute);
  fail();
  EXPECT_EQ(tasks(), 0) << "it passes by itself";
  EXPECT_EQ(status(), "active");
  EXPECT_EQ(news(), "");
  clock.advance(30 * base::kMinute);
  fail();
  EXPECT_EQ(tasks(), 1);
  EXPECT_EQ(text(Sql("SELECT description FROM tasks WHERE type = 'mailbox_error'")),
            "Its server could not be used for more than an hour: Connection refused");
  EXPECT_EQ(status(), "error");
  const std::string away =
      "{\"email_account\":1,\"status\":\"error\",\"reason\":\"Its server could not be used for more than an "
      "hour: Connection refused\"}\n";
  EXPECT_EQ(news(), away);
  clock.advance(base::kHour);
  fail();
  EXPECT_EQ(tasks(), 1) << "once while it is open";
  EXPECT_EQ(news(), away) << "once while it is away";

  work();
  EXPECT_EQ(status(), "active");
  EXPECT_EQ(text(Sql("SELECT trouble FROM mailbox_states WHERE email_account_id = 1")), "");
  EXPECT_EQ(news(), away +
                        "{\"email_account\":1,\"status\":\"active\",\"reason\":\"its server can be used "
                        "again\"}\n");
}

TEST_P(MailboxState, NobodyIsAskedAnyMoreOnceItWorks) {
  add_mailbox(2, "you@us.test");
  database().write([&](Connection& connection) {
    outreach::note_mailbox_trouble(connection, {account, 2}, outreach::MailboxUse::sending,
                                   outreach::MailboxTrouble::disconnected, "no", clock.now());
  });
  fail(outreach::MailboxTrouble::disconnected);
  const Sql open("SELECT COUNT(*) FROM tasks WHERE type = 'mailbox_error' AND completed_at IS NULL");
  EXPECT_EQ(integer(open), 2);
  clock.advance(base::kMinute);
  work();
  EXPECT_EQ(status(), "active");
  EXPECT_EQ(integer(open), 1);
  EXPECT_EQ(text(Sql("SELECT name FROM tasks WHERE completed_at IS NULL")),
            "Mailbox you@us.test needs attention");
  clock.advance(base::kDay);
  fail(outreach::MailboxTrouble::disconnected);
  EXPECT_EQ(integer(open), 2) << "asked anew";
}

TEST_P(MailboxState, OneThatIsAwayIsTriedAgainByItself) {
  be_away();
  EXPECT_EQ(claim(), 0U) << "it rests";
  clock.advance(base::kHour);
  EXPECT_EQ(claim(), 1U);
}

TEST_P(MailboxState, RepliesTryItAgainToo) {
  execute(
      Sql("INSERT INTO sent_replies (id, account_id, project_id, opportunity_id, email_account_id, subject, "
          "status, to_email, created_at) VALUES (9, ?, ?, ?, 1, 'Re: Hi', 'scheduled', 'ann@a.com', ?)",
          account, project, opportunity, clock.now()));
  execute(Sql("UPDATE outbox SET kind = 'reply', mail_id = 9"));
  be_away();
  clock.advance(base::kHour);
  EXPECT_EQ(claim(), 1U);
}

TEST_P(MailboxState, ThatItCanBeReadSaysNothingAboutSending) {
  be_away();
  clock.advance(base::kHour);
  work(outreach::MailboxUse::reading);
  EXPECT_EQ(status(), "error");
}

TEST_P(MailboxState, OneThatIsRefusedWhileItWasAwayWaitsForAPerson) {
  be_away();
  fail(outreach::MailboxTrouble::refused);
  clock.advance(base::kHour);
  EXPECT_EQ(status(), "error");
  EXPECT_EQ(claim(), 0U);
  work();
  EXPECT_EQ(status(), "error");
}

TEST_P(MailboxState, OneThatIsAwayCanBeDisconnected) {
  be_away();
  fail(outreach::MailboxTrouble::disconnected);
  EXPECT_EQ(status(), "disconnected");
  work();
  EXPECT_EQ(status(), "active");
}

TEST_P(MailboxState, WhatAPersonHasPausedStaysPaused) {
  execute(Sql("UPDATE email_accounts SET status = 'paused'"));
  be_away();
  EXPECT_EQ(status(), "paused");
  work();
  EXPECT_EQ(status(), "paused");
  EXPECT_EQ(news(), "");
}

}  // namespace
}  // namespace overture::db
