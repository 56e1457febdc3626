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

  /// The first mail was sent, and the attempt of that subject is written down.
  mail::OutgoingMessage follow_up(std::string_view subject) {
    execute(Sql("UPDATE outreach_emails SET status = 'sent', sent_at = ? WHERE id = 5", clock.now()));
    const std::int64_t id = database().write([&](Connection& connection) {
      outreach::Run run = outreach::find_run(connection, account, opportunity).value();
      run.next_attempt = 2;
      const outreach::Attempt attempt{.number = 2, .subject = std::string(subject), .body_text = "Hi again"};
      return outreach::make_mail(connection, install_, run, attempt, "scheduled", clock.now()).id;
    });
    return message(outreach::kOutreachMail, id);
  }

  const outreach::Install install_{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
};
ON_EACH_ENGINE(Message);

TEST_P(Message, NamesAreOneLine) {
  execute(Sql("UPDATE contacts SET first_name = ?, last_name = ?", "Zoe\r\nBcc: x@y.test", "\tSmith\x01"));
  execute(Sql("UPDATE outreach_emails SET from_name = ?", "Al\nof us"));
  const mail::OutgoingMessage written = message(outreach::kOutreachMail, 5);
  EXPECT_EQ(written.to.at(0).name, "Zoe Bcc: x@y.test Smith");
  EXPECT_EQ(written.from.name, "Al of us");
  EXPECT_NO_THROW(mail::write_message(written));
}

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

TEST_P(Message, AFollowUpWithoutASubjectAnswersWhateverTheFirstOneIs) {
  const mail::OutgoingMessage mail = follow_up("");
  EXPECT_EQ(mail.subject, "Re: Ref: your guide");
  EXPECT_EQ(mail.references, std::vector<std::string>{"first@us.test"});
}

TEST_P(Message, AFollowUpWithItsOwnSubjectBeginsAThread) {
  EXPECT_TRUE(follow_up("Re: something else").references.empty());
  // From before it was written down which of the two it is.
  execute(Sql("UPDATE outreach_emails SET answers = NULL"));
  const std::int64_t second = integer(Sql("SELECT id FROM outreach_emails WHERE attempt_number = 2"));
  EXPECT_EQ(message(outreach::kOutreachMail, second).references, std::vector<std::string>{"first@us.test"});
  execute(Sql("UPDATE outreach_emails SET subject = 'Ref: Hi' WHERE id = ?", second));
  EXPECT_TRUE(message(outreach::kOutreachMail, second).references.empty());
}

}  // namespace
}  // namespace overture::db
