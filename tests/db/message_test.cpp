// Mails of the books as messages: the date they carry, and the thread they stand in.
#include "outreach/message.hpp"

#include <gtest/gtest.h>

#include "outreach/mails.hpp"
#include "outreach/outbox.hpp"
#include "outreach/settle.hpp"
#include "planned_house.hpp"

namespace overture::db {
namespace {

using outreach::ClaimedMail;
using outreach::Delivery;

class Message : public PlannedHouse {
 protected:
  void SetUp() override {
    PlannedHouse::SetUp();
    if (HasFatalFailure()) return;
    execute(Sql("UPDATE outreach_emails SET message_id = 'first@us.test', subject = 'Ref: your guide'"));
  }

  std::optional<ClaimedMail> claim() {
    return database().write([&](Connection& connection) -> std::optional<ClaimedMail> {
      std::vector<ClaimedMail> mails = outreach::claim_mails(connection, {account, 1}, "us", clock.now(), 20);
      if (mails.empty()) return std::nullopt;
      return mails.front();
    });
  }
  void settle(const ClaimedMail& mail, Delivery::Outcome outcome) {
    database().write([&](Connection& connection) {
      outreach::settle(connection, mail, {.outcome = outcome, .text = "later"}, clock.now(), 0);
    });
  }
  mail::OutgoingMessage message(std::string_view kind, std::int64_t mail) {
    return database().read([&](Connection& connection) {
      return outreach::load_message(connection, install_,
                                    {.account = account, .kind = std::string(kind), .mail = mail});
    });
  }
  base::Millis date() { return message(outreach::kOutreachMail, 5).date; }
  base::Millis send_at() { return integer(Sql("SELECT send_at FROM outbox")); }

  const outreach::Install install_{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
};
ON_EACH_ENGINE(Message);

TEST_P(Message, TheDateIsThatOfTheFirstTry) {
  clock.advance(3 * base::kDay);  // Monday: it lay in review, or its mailbox was paused
  const base::Millis tried_at = clock.now();
  settle(claim().value(), Delivery::Outcome::deferred);
  EXPECT_EQ(date(), tried_at);

  clock.set(send_at());
  settle(claim().value(), Delivery::Outcome::unknown);
  database().write([&](Connection& connection) {
    outreach::settle_unknown(connection, account, outreach::kOutreachMail, 5, false, clock.now(),
                             clock.now());
  });
  clock.advance(base::kMinute);
  ASSERT_TRUE(claim());
  EXPECT_EQ(date(), tried_at);
  EXPECT_EQ(message(outreach::kOutreachMail, 5).message_id, "first@us.test");
}

TEST_P(Message, AKillKeepsTheDate) {
  const base::Millis tried_at = clock.now();
  ASSERT_TRUE(claim());
  clock.advance(base::kHour);
  database().write(
      [&](Connection& connection) { outreach::rescue_claims(connection, "others", true, clock.now()); });
  ASSERT_TRUE(claim());
  EXPECT_EQ(date(), tried_at);
}

TEST_P(Message, WhatNobodyHasSeenIsDatedAnew) {
  settle(claim().value(), Delivery::Outcome::login_failed);
  clock.advance(4 * base::kDay);
  execute(Sql("UPDATE email_accounts SET status = 'active'"));
  ASSERT_TRUE(claim());
  EXPECT_EQ(date(), clock.now());
}

TEST_P(Message, WhatWasTriedBeforeThereWasADateKeepsItsOwn) {
  const base::Millis written_at = integer(Sql("SELECT created_at FROM outreach_emails WHERE id = 5"));
  execute(Sql("UPDATE outbox SET tries = 1"));
  ASSERT_TRUE(claim());
  EXPECT_EQ(date(), written_at);
}

TEST_P(Message, AReplyIsDatedWhenItIsSent) {
  execute(Sql("DELETE FROM outbox"));
  execute(Sql(
      "INSERT INTO sent_replies (id, account_id, project_id, campaign_id, opportunity_id, email_account_id, "
      "user_id, subject, body_text, status, from_email, to_email, message_id, created_at) VALUES (7, ?, ?, "
      "?, ?, 1, 0, 'Re: Hi', 'Yes', 'scheduled', 'me@us.test', 'ann@a.com', 'reply@us.test', ?)",
      account, project, campaign, opportunity, clock.now()));
  database().write([&](Connection& connection) {
    outreach::put_into_outbox(connection, account, outreach::kReplyMail, 7, 1, clock.now() + 7 * base::kDay,
                              clock.now());
  });
  clock.advance(7 * base::kDay);
  const base::Millis tried_at = clock.now();
  settle(claim().value(), Delivery::Outcome::deferred);
  clock.set(send_at());
  ASSERT_TRUE(claim());
  EXPECT_EQ(message(outreach::kReplyMail, 7).date, tried_at);
}

}  // namespace
}  // namespace overture::db
