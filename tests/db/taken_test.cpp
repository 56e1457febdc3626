// From the claim of a mail to the books: what its last gate asks, and what a 250 leads to.
#include <gtest/gtest.h>

#include "intake/counts.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/bounces.hpp"
#include "outreach/outbox.hpp"
#include "outreach/settle.hpp"
#include "outreach/taken.hpp"
#include "planned_house.hpp"

namespace overture::db {
namespace {

using outreach::ClaimedMail;
using outreach::Delivery;

class Taken : public PlannedHouse {
 protected:
  ClaimedMail claim() {
    return database().write([&](Connection& connection) {
      return outreach::claim_mails(connection, {account, 1}, "us", clock.now(), 20).at(0);
    });
  }
  bool mark_dot(const ClaimedMail& mail) {
    return database().write(
        [&](Connection& connection) { return outreach::mark_dot(connection, mail, clock.now()); });
  }
  /// Claimed, handed over, and the server has said 250.
  ClaimedMail take() {
    ClaimedMail mail = claim();
    EXPECT_TRUE(mark_dot(mail));
    database().write([&](Connection& connection) {
      outreach::settle(connection, mail, {.outcome = Delivery::Outcome::sent}, clock.now(), 0);
    });
    return mail;
  }
  void book(const ClaimedMail& mail) {
    database().write([&](Connection& connection) {
      outreach::book_taken(connection, std::vector<ClaimedMail>{mail, mail}, clock.now());
    });
  }
  std::string mail_status() { return text(Sql("SELECT status FROM outreach_emails WHERE id = 5")); }
  std::string outbox_state() { return text(Sql("SELECT COALESCE(MAX(state), 'none') FROM outbox")); }
};
ON_EACH_ENGINE(Taken);

TEST_P(Taken, ItIsNotedAtOnceAndBookedLater) {
  const ClaimedMail mail = take();
  const base::Millis taken_at = clock.now();
  EXPECT_EQ(outbox_state(), "taken");
  EXPECT_EQ(mail_status(), "sending");

  clock.advance(base::kMinute);
  book(mail);
  book(mail);
  EXPECT_EQ(outbox_state(), "none");
  EXPECT_EQ(mail_status(), "sent");
  EXPECT_EQ(integer(Sql("SELECT sent_at FROM outreach_emails WHERE id = 5")), taken_at);
  EXPECT_EQ(text(Sql("SELECT state || ' ' || next_attempt FROM outreach_runs")), "finishing 2");
  EXPECT_EQ(integer(Sql("SELECT first_sent_at FROM mailbox_states")), taken_at);
  EXPECT_EQ(text(Sql("SELECT stage_status || ' ' || last_communication_type FROM opportunities")),
            "waiting_follow_up outreach_email");
  check_books(account);
}

/// An automatic reply can be read before its sender has written down that the mail was taken.
TEST_P(Taken, ItsReplyMayComeBeforeItsOutcome) {
  const ClaimedMail mail = claim();
  ASSERT_TRUE(mark_dot(mail));
  const auto settle_unknown = [&](bool was_sent) {
    database().write([&](Connection& connection) {
      outreach::settle_unknown(connection, account, "outreach", 5, was_sent, clock.now(), clock.now());
    });
  };
  settle_unknown(false);
  EXPECT_EQ(outbox_state(), "dot") << "its sender still waits for the answer";
  settle_unknown(true);
  EXPECT_EQ(outbox_state(), "none");
  EXPECT_EQ(mail_status(), "sent");
  EXPECT_EQ(text(Sql("SELECT state FROM outreach_runs")), "finishing");

  for (const auto outcome : {Delivery::Outcome::sent, Delivery::Outcome::unknown}) {
    database().write([&](Connection& connection) {
      outreach::settle(connection, mail, {.outcome = outcome}, clock.now(), 0);
    });
  }
  book(mail);
  EXPECT_EQ(mail_status(), "sent");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 0);
  check_books(account);
}

TEST_P(Taken, WhatADeadProcessHasLeftIsFound) {
  const ClaimedMail mail = take();
  database().write(
      [&](Connection& connection) { outreach::rescue_claims(connection, "another", true, clock.now()); });
  EXPECT_EQ(outbox_state(), "taken");  // nobody sends it again
  const auto find = [&](base::Millis before) {
    return database().read([&](Connection& connection) { return outreach::find_taken(connection, before); });
  };
  EXPECT_TRUE(find(clock.now()).empty());
  const std::vector<ClaimedMail> left = find(clock.now() + 1);
  ASSERT_EQ(left.size(), 1U);
  book(left.front());
  EXPECT_EQ(mail_status(), "sent");
}

/// Its report may be read before the books have the mail.
TEST_P(Taken, ABounceFindsItInTheBooks) {
  const ClaimedMail mail = take();
  database().write([&](Connection& connection) {
    outreach::settle_unknown(connection, account, "outreach", 5, true, clock.now(), clock.now());
    outreach::take_bounce(
        connection,
        {.account = account, .outreach_email = 5, .kind = rules::BounceKind::hard, .reason = "5.1.1"},
        clock.now(), 0);
  });
  EXPECT_EQ(mail_status(), "bounced");
  book(mail);
  EXPECT_EQ(mail_status(), "bounced");
}

TEST_P(Taken, NobodySaysThatItWasNotSent) {
  take();
  database().write([&](Connection& connection) {
    outreach::settle_unknown(connection, account, "outreach", 5, false, clock.now(), clock.now());
  });
  EXPECT_EQ(mail_status(), "sent");
}

TEST_P(Taken, ProgressOfOthersShutsNoGate) {
  const ClaimedMail mail = claim();
  database().write([&](Connection& connection) { intake::note_progress(connection, account); });
  // Against the rules of the account, and not noted: only a gate that is asked again could see it.
  execute(Sql("UPDATE campaigns SET status = 'paused'"));
  EXPECT_TRUE(mark_dot(mail));
}

TEST_P(Taken, AnyChangeHasTheGatesAskedAgain) {
  const ClaimedMail mail = claim();
  database().write([&](Connection& connection) {
    intake::unsubscribe(connection, account, *intake::parse_unsubscribe_entry("ann@a.com"),
                        {.user = 1, .reason = {}, .now = clock.now()});
    intake::note_change(connection, account);
  });
  EXPECT_FALSE(mark_dot(mail));
}

TEST_P(Taken, APauseOfTheServerHasTheGatesAskedAgain) {
  const ClaimedMail mail = claim();
  execute(Sql("INSERT INTO settings (name, value) VALUES ('sending_paused', '1')"));
  EXPECT_FALSE(mark_dot(mail));
}

TEST_P(Taken, TheNextMinuteHasTheGatesAskedAgain) {
  const ClaimedMail mail = claim();
  execute(Sql("UPDATE campaigns SET status = 'paused'"));
  clock.advance(base::kMinute);
  EXPECT_FALSE(mark_dot(mail));
}

/// The guard of the project: a mail to the same person, for another site, was booked meanwhile.
TEST_P(Taken, AMailForAnotherSiteToTheSamePersonHasTheGatesAskedAgain) {
  execute(Sql("UPDATE accounts SET contact_guard_days = 30"));
  const ClaimedMail mail = claim();
  execute(Sql(
      "INSERT INTO outreach_emails (id, account_id, project_id, campaign_id, opportunity_id, contact_id, "
      "email_account_id, attempt_number, run, status, to_email, sent_at, created_at) SELECT 6, account_id, "
      "project_id, campaign_id, opportunity_id + 1, contact_id, 1, 1, 1, 'sent', to_email, ?, ? FROM "
      "outreach_emails WHERE id = 5",
      clock.now(), clock.now()));
  EXPECT_FALSE(mark_dot(mail));
}

/// A list that takes mail only from its own people: neither our mailbox nor our mail is at fault.
TEST_P(Taken, AClosedListIsAnAddressThatDoesNotAccept) {
  const ClaimedMail mail = claim();
  database().write([&](Connection& connection) {
    outreach::settle(connection, mail,
                     {.outcome = Delivery::Outcome::refused,
                      .code = 550,
                      .status = "5.7.1",
                      .text = "RESOLVER.RST.AuthRequired; authentication required"},
                     clock.now(), 0);
  });
  EXPECT_EQ(mail_status(), "bounced");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM contacts WHERE bounced_at IS NOT NULL")), 1);
}

}  // namespace
}  // namespace overture::db
