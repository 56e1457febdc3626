// Reports that mails came back: whom they blame.
#include <gtest/gtest.h>

#include "outreach/mailbox_state.hpp"
#include "received_house.hpp"

namespace overture::db {
namespace {

class Reports : public ReceivedHouse {
 protected:
  /// A person's reply to the opportunity's contact, or to another address that he asked for.
  void send_reply(std::string_view to) {
    execute(Sql(
        "INSERT INTO sent_replies (id, account_id, project_id, campaign_id, opportunity_id, "
        "email_account_id, user_id, status, to_email, cc, message_id, sent_at, created_at) VALUES (7, ?, ?, "
        "?, ?, 1, 3, 'sent', ?, 'boss@us.test; Aide@a.com', 'reply@us.test', ?, ?)",
        account, project, campaign, opportunity, to, clock.now(), clock.now()));
    execute(
        Sql("INSERT INTO message_ids (account_id, message_id, kind, mail_id) VALUES (?, 'reply@us.test', "
            "'reply', 7)",
            account));
    clock.advance(base::kHour);
  }
  std::string mail_status() {
    return text(Sql("SELECT status || ' ' || bounce FROM outreach_emails WHERE id = 5"));
  }
  std::string reply_status() { return text(Sql("SELECT status FROM sent_replies WHERE id = 7")); }
  std::int64_t flagged() {
    return integer(Sql("SELECT COUNT(*) FROM contacts WHERE bounced_at IS NOT NULL"));
  }
  std::string account_status() { return text(Sql("SELECT status FROM email_accounts")); }
  std::size_t claim() {
    return database()
        .write([&](Connection& connection) {
          return outreach::claim_mails(connection, {account, 1}, "us", clock.now(), 20);
        })
        .size();
  }
  /// What came back leaves once more, and an hour passes.
  void send_again() {
    execute(Sql("UPDATE outbox SET send_at = 0"));
    const auto mails = database().write([&](Connection& connection) {
      connection.execute(Sql("UPDATE email_accounts SET status = 'active'"));
      outreach::forget_mailbox_trouble(connection, {account, 1});
      return outreach::claim_mails(connection, {account, 1}, "us", clock.now(), 20);
    });
    ASSERT_EQ(mails.size(), 1U);
    database().write([&](Connection& connection) {
      EXPECT_TRUE(outreach::mark_dot(connection, mails.at(0), clock.now()));
      outreach::settle(connection, mails.at(0), {.outcome = outreach::Delivery::Outcome::sent}, clock.now(),
                       0);
      outreach::book_taken(connection, mails, clock.now());
    });
    clock.advance(base::kHour);
  }
  std::string last_note() { return text(Sql("SELECT content FROM notes ORDER BY id DESC LIMIT 1")); }
};
ON_EACH_ENGINE(Reports);

TEST_P(Reports, ItsOwnAddress) {
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  EXPECT_EQ(classes(), "bounce");
  EXPECT_EQ(mail_status(), "bounced hard");
  EXPECT_EQ(flagged(), 1);
}

TEST_P(Reports, AnAddressThatItWasPassedOnTo) {
  receive_bounce("ann@elsewhere.test", "5.1.1", "no such user");
  EXPECT_EQ(mail_status(), "bounced hard");
}

TEST_P(Reports, AMailToUsIsNoneOfOurs) {
  receive_bounce("me@us.test", "5.1.1", "no such user");
  EXPECT_EQ(classes(), "bounce");
  EXPECT_EQ(mail_status(), "sent ");
  EXPECT_EQ(flagged(), 0);
}

TEST_P(Reports, ACopyIsANoteAndNoMore) {
  execute(Sql("UPDATE outreach_emails SET cc = 'x@y.test', bcc = 'Boss@Agency.test' WHERE id = 5"));
  receive_bounce("boss@agency.test", "5.1.1", "no such user");
  EXPECT_EQ(classes(), "bounce");
  EXPECT_EQ(mail_status(), "sent ");
  EXPECT_EQ(flagged(), 0);
  EXPECT_NE(run_state(), "over");
  EXPECT_EQ(last_note(),
            "A copy to boss@agency.test did not arrive: 5.1.1 user_unknown: 550 5.1.1 no such user");
}

TEST_P(Reports, AReplyHasFailedAndItsWriterIsAsked) {
  send_reply("ann@a.com");
  receive_bounce("ann@a.com", "5.1.1", "no such user", "reply@us.test");
  EXPECT_EQ(reply_status(), "failed");
  EXPECT_NE(text(Sql("SELECT failure FROM sent_replies")), "");
  EXPECT_EQ(mail_status(), "sent ") << "that one has arrived";
  EXPECT_EQ(flagged(), 1);
  EXPECT_EQ(text(Sql("SELECT type || ' ' || name FROM tasks")),
            "bounce Your reply to ann@a.com did not arrive");
  EXPECT_EQ(integer(Sql("SELECT opportunity_id FROM inbound_emails")), opportunity);
}

TEST_P(Reports, AReplyToAnAddressOfReplyTo) {
  send_reply("office@b.test");
  receive_bounce("office@b.test", "4.2.2", "mailbox full", "reply@us.test");
  EXPECT_EQ(reply_status(), "failed") << "nobody sends it again";
  EXPECT_EQ(flagged(), 0);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM tasks")), 1);
}

TEST_P(Reports, ACopyOfAReply) {
  send_reply("ann@a.com");
  receive_bounce("aide@a.com", "5.1.1", "no such user", "reply@us.test");
  EXPECT_EQ(reply_status(), "sent");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM tasks")), 0);
}

TEST_P(Reports, WithoutAMessageIdItIsTheNewestMailToTheAddress) {
  send_reply("ann@a.com");
  receive_bounce("ann@a.com", "5.1.1", "no such user", "");
  EXPECT_EQ(reply_status(), "failed");
  EXPECT_EQ(mail_status(), "sent ");
}

TEST_P(Reports, WithoutAMessageIdItIsTheAddressThatPassedItOn) {
  receive_bounce("ann@elsewhere.test\nOriginal-Recipient: rfc822; ann@a.com", "5.1.1", "no such user", "");
  EXPECT_EQ(mail_status(), "bounced hard");
}

TEST_P(Reports, WithoutAMessageIdItIsTheAddressInTheHeadersThatAreTold) {
  receive(
      "From: System Administrator <postmaster@a.com>\nTo: me@us.test\nSubject: Undeliverable: Hi\n\n"
      "Your message\n\n  To:      ann@a.com\n  Subject: Hi\n  Sent:    Mon, 2 Mar 2026 08:53:08 -0700\n\n"
      "did not reach the following recipient(s):\n\nann@inner.a.com on Mon, 2 Mar 2026 11:08:59 -0700\n"
      "    The recipient name is not recognized\n");
  EXPECT_EQ(mail_status(), "bounced hard");
}

TEST_P(Reports, AClosedListDoesNotStopTheMailAccount) {
  receive_bounce("ann@a.com", "5.7.133",
                 "RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required");
  EXPECT_EQ(mail_status(), "bounced hard");
  EXPECT_EQ(account_status(), "active");
}

TEST_P(Reports, OneThatBlamesTheSenderStopsTheMailAccountAndTheMailWaits) {
  receive_bounce("ann@a.com", "5.7.1", "Service unavailable; client host [192.0.2.1] blocked by zen.test");
  const std::string words =
      "5.7.1 blocked: 550 5.7.1 Service unavailable; client host [192.0.2.1] blocked by zen.test";
  EXPECT_EQ(account_status(), "error");
  EXPECT_EQ(text(Sql("SELECT type || ': ' || name || ': ' || description FROM tasks")),
            "mailbox_error: Mailbox me@us.test needs attention: " + words);
  EXPECT_EQ(mail_status(), "scheduled soft");
  EXPECT_EQ(text(Sql("SELECT failure FROM outreach_emails WHERE id = 5")), words);
  EXPECT_EQ(run_state(), "outgoing");
  EXPECT_EQ(flagged(), 0);
  EXPECT_EQ(integer(Sql("SELECT SUM(soft_bounces) FROM outreach_emails")), 0);
  clock.advance(base::kDay * 3);
  EXPECT_EQ(claim(), 0U) << "a person has to act";

  execute(Sql("UPDATE email_accounts SET status = 'active'"));
  database().write([&](Connection& connection) {
    outreach::note_mailbox_works(connection, {account, 1}, {}, clock.now());
  });
  execute(Sql("UPDATE outbox SET send_at = 0"));
  EXPECT_EQ(claim(), 1U) << "the same mail, once more";
  EXPECT_EQ(text(Sql("SELECT message_id FROM outreach_emails WHERE id = 5")), "first@us.test");
}

TEST_P(Reports, ManyThatBlameTheSenderAreOneTrouble) {
  receive_bounce("ann@a.com", "5.7.1", "blocked using zen.test");
  clock.advance(base::kMinute);
  receive_bounce("ann@a.com", "5.7.1", "blocked using zen.test");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM tasks")), 1);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 1);
}

TEST_P(Reports, TheSenderIsBlamedInWordsToo) {
  receive_bounce("ann@a.com", "5.0.0", "Your IP address has a poor reputation");
  EXPECT_EQ(account_status(), "error");
  EXPECT_EQ(mail_status(), "scheduled soft");
}

TEST_P(Reports, ABlockThatDoesNotPassIsNotTheContacts) {
  for (int i = 0; i < 3; ++i) {
    receive_bounce("ann@a.com", "4.7.1", "temporarily blocked, try " + std::to_string(i));
    EXPECT_EQ(account_status(), "active");
    EXPECT_EQ(mail_status(), "scheduled soft");
    send_again();
  }
  receive_bounce("ann@a.com", "4.7.1", "temporarily blocked, for good");
  EXPECT_EQ(account_status(), "error");
  EXPECT_EQ(mail_status(), "scheduled soft");
  EXPECT_EQ(flagged(), 0);
}

TEST_P(Reports, AMailThatIsRefusedAgainAndAgainFails) {
  for (int i = 0; i < 2; ++i) {
    receive_bounce("ann@a.com", "5.7.1", "rejected as spam, try " + std::to_string(i));
    EXPECT_EQ(mail_status(), "scheduled soft");
    send_again();
  }
  receive_bounce("ann@a.com", "5.7.1", "rejected as spam, for good");
  EXPECT_EQ(mail_status(), "failed soft");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 0);
  EXPECT_EQ(run_state(), "over");
  EXPECT_EQ(flagged(), 0);
}

TEST_P(Reports, ASecondReportOfTheSameSendingSendsNothingAgain) {
  receive_bounce("ann@a.com", "4.2.2", "mailbox full");
  const base::Millis again_at = integer(Sql("SELECT send_at FROM outbox"));
  clock.advance(base::kDay);
  receive_bounce("ann@a.com", "4.2.2", "mailbox full, says the next server");
  EXPECT_EQ(integer(Sql("SELECT send_at FROM outbox")), again_at);
  EXPECT_EQ(integer(Sql("SELECT soft_bounces FROM outreach_emails WHERE id = 5")), 1);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM inbound_emails WHERE opportunity_id = ?", opportunity)), 2);

  clock.advance(base::kDay * 3);
  send_again();
  EXPECT_EQ(mail_status(), "sent ");
  receive_bounce("ann@a.com", "4.2.2", "mailbox full, the second time");
  EXPECT_EQ(mail_status(), "scheduled soft");
  EXPECT_EQ(integer(Sql("SELECT soft_bounces FROM outreach_emails WHERE id = 5")), 2);
}

TEST_P(Reports, AReportOfTheFirstSendingSaysNothingOfOneThatIsUnknown) {
  receive_bounce("ann@a.com", "4.2.2", "mailbox full");
  clock.advance(base::kDay * 3);
  execute(Sql("UPDATE outbox SET state = 'unknown', first_try_at = 0, lease_until = ?", clock.now()));
  execute(Sql("UPDATE outreach_emails SET status = 'unknown' WHERE id = 5"));
  clock.advance(-base::kHour);
  receive_bounce("ann@a.com", "4.2.2", "mailbox full, says the next server");
  EXPECT_EQ(text(Sql("SELECT state FROM outbox")), "unknown");
  clock.advance(base::kHour * 2);
  receive_bounce("ann@a.com", "4.2.2", "mailbox full, the second time");
  EXPECT_EQ(mail_status(), "scheduled soft");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 1);
}

TEST_P(Reports, ASecondReportWhileTheMailWaitsForAnotherMailboxSendsNothing) {
  receive_bounce("ann@a.com", "4.2.2", "mailbox full");
  // Its mail account has left the campaign.
  execute(Sql("DELETE FROM outbox"));
  execute(Sql("UPDATE outreach_runs SET state = 'waiting', email_account_id = 0"));
  clock.advance(base::kHour);
  receive_bounce("ann@a.com", "4.2.2", "mailbox full, says the next server");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 0);
  EXPECT_EQ(run_state(), "waiting");
  EXPECT_EQ(integer(Sql("SELECT soft_bounces FROM outreach_emails WHERE id = 5")), 1);
}

TEST_P(Reports, AHardBounceCountsWhicheverSendingItIsOf) {
  receive_bounce("ann@a.com", "4.2.2", "mailbox full");
  clock.advance(base::kMinute);
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  EXPECT_EQ(mail_status(), "bounced hard");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 0);
}

TEST_P(Reports, WhatIsSentAgainTakesAPlaceInTheDayWhenItLeaves) {
  receive_bounce("ann@a.com", "5.7.1", "blocked using zen.test");
  execute(Sql("UPDATE email_accounts SET status = 'active'"));
  database().write([&](Connection& connection) {
    outreach::note_mailbox_works(connection, {account, 1}, {}, clock.now());
  });
  execute(Sql("UPDATE outbox SET send_at = 0"));
  const Sql counted("SELECT SUM(first_mails + follow_ups) FROM send_counts WHERE kind = 'mailbox'");
  const std::int64_t before = integer(counted);
  EXPECT_EQ(claim(), 1U);
  EXPECT_EQ(integer(counted), before + 1);
}

TEST_P(Reports, AMailWhoseFollowUpWaitsForPeopleIsNotSentAgain) {
  execute(Sql("UPDATE outreach_runs SET next_attempt = 2, state = 'held', why = 'missing data'"));
  receive_bounce("ann@a.com", "4.2.2", "mailbox full");
  receive_bounce("ann@a.com", "5.7.1", "blocked using zen.test");
  EXPECT_EQ(mail_status(), "sent ");
  EXPECT_EQ(run_state(), "held");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 0);
}

TEST_P(Reports, AMailWhoseFollowUpIsWrittenIsNotSentAgain) {
  execute(Sql("UPDATE outreach_runs SET next_attempt = 2, state = 'outgoing'"));
  execute(
      Sql("INSERT INTO outreach_emails (id, account_id, project_id, campaign_id, opportunity_id, contact_id, "
          "email_account_id, attempt_number, run, status, to_email, created_at) SELECT 6, account_id, "
          "project_id, campaign_id, opportunity_id, contact_id, 1, 2, 1, 'scheduled', to_email, 0 FROM "
          "outreach_emails WHERE id = 5"));
  receive_bounce("ann@a.com", "5.7.1", "blocked using zen.test");
  EXPECT_EQ(account_status(), "error");
  EXPECT_EQ(mail_status(), "sent ");
  EXPECT_NE(text(Sql("SELECT failure FROM outreach_emails WHERE id = 5")), "");
  EXPECT_EQ(integer(Sql("SELECT next_attempt FROM outreach_runs")), 2);
}

}  // namespace
}  // namespace overture::db
