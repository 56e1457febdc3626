// What comes in: its class once our mail is known, and what follows from it.
#include <gtest/gtest.h>

#include "received_house.hpp"

namespace overture::db {
namespace {

class Receive : public ReceivedHouse {};
ON_EACH_ENGINE(Receive);

TEST_P(Receive, TheWordInOurOwnSubjectIsNoWish) {
  set_subject("Opt-out");
  receive_answer("Subject: Re: opt-out\n\nHi, great article. We will link to it.");
  EXPECT_EQ(classes(), "human");
  EXPECT_EQ(opt_outs(), 0);
}

TEST_P(Receive, TheWordThatTheyPutIntoTheSubjectIsAWish) {
  set_subject("A link for your list");
  receive_answer(
      "Subject: Re: a link for your list - how often do I have to say that I want to opt out\n\nx");
  EXPECT_EQ(classes(), "unsubscribe");
  EXPECT_EQ(opt_outs(), 1);
  EXPECT_EQ(run_state(), "over");
}

TEST_P(Receive, TheWordAloneIsAWishWhateverOurSubjectWas) {
  set_subject("How to unsubscribe readers");
  receive_answer("Subject: Re: unsubscribe\n\nx");
  EXPECT_EQ(classes(), "unsubscribe");
}

/// A colleague's mailbox is connected as well.
class ReceiveTwice : public ReceivedHouse {
 protected:
  void SetUp() override {
    ReceivedHouse::SetUp();
    if (HasFatalFailure()) return;
    add_mailbox(2, "kim@us.test");
  }
};
ON_EACH_ENGINE(ReceiveTwice);

TEST_P(ReceiveTwice, WhatACopyOfOursSaysIsNoAnswer) {
  using enum outreach::Received;
  const std::string headers =
      "To: ann@a.com\nCc: kim@us.test\nIn-Reply-To: <first@us.test>\nSubject: Re: Hi\n";
  EXPECT_EQ(receive("From: Me <me@us.test>\nMessage-ID: <x@us.test>\n" + headers + "\nThanks", {}, 2),
            own_copy);
  EXPECT_EQ(receive("From: Alias <sales@us.test>\nMessage-ID: <first@us.test>\n" + headers + "\nHi", {}, 2),
            own_copy);
  EXPECT_EQ(classes(), "");
  EXPECT_NE(run_state(), "over");
}

TEST_P(ReceiveTwice, WhoseMailboxIsConnectedTooMayAnswer) {
  execute(Sql("UPDATE outreach_emails SET to_email = 'kim@us.test'"));
  receive("From: kim@us.test\nTo: me@us.test\nIn-Reply-To: <first@us.test>\nSubject: Re: Hi\n\nYes.");
  EXPECT_EQ(classes(), "human");
}

TEST_P(ReceiveTwice, OneMailToTwoMailboxesIsOneMail) {
  using enum outreach::Received;
  const std::string raw =
      "From: Ann <ann@a.com>\nTo: me@us.test, kim@us.test\nMessage-ID: <y@a.com>\nIn-Reply-To: "
      "<first@us.test>\nSubject: Re: Hi\n\nYes.";
  EXPECT_EQ(receive(raw, {}, 2), stored);
  EXPECT_EQ(receive(raw, {}, 1), known);
  EXPECT_EQ(classes(), "human");
}

TEST_P(ReceiveTwice, OneMailThatBelongsNowhereIsOneMail) {
  using enum outreach::Received;
  const std::string raw =
      "From: Max <max@else.test>\nTo: me@us.test, kim@us.test\nMessage-ID: <z@else.test>\nSubject: "
      "Offer\n\nBuy.";
  EXPECT_EQ(receive(raw, {}, 1), stored);
  EXPECT_EQ(receive(raw, {}, 2), known);
  EXPECT_EQ(classes(), "human");
  EXPECT_EQ(receive("From: Moritz <moritz@else.test>\nMessage-ID: <z@else.test>\n\nBuy.", {}, 2), stored)
      << "somebody else's";
  EXPECT_EQ(receive("From: Max <max@else.test>\nSubject: Offer\n\nBuy.", {}, 1), stored);
  EXPECT_EQ(receive("From: Max <max@else.test>\nSubject: Offer\n\nBuy.", {}, 2), stored)
      << "no Message-ID says that it is the same";
}

TEST_P(ReceiveTwice, WhoSeesTheOtherMailboxOnlyGetsOneThatBelongsNowhereToo) {
  using enum outreach::Received;
  execute(
      Sql("INSERT INTO email_account_projects (account_id, email_account_id, project_id) VALUES (?, 2, 77)",
          account));
  const std::string raw = "From: Max <max@else.test>\nMessage-ID: <z@else.test>\nSubject: Offer\n\nBuy.";
  EXPECT_EQ(receive(raw, {}, 1), stored);
  EXPECT_EQ(receive(raw, {}, 2), stored);
}

TEST_P(ReceiveTwice, ABounceMayBeAboutTheOtherMailbox) {
  const std::string raw =
      "From: MAILER-DAEMON@relay.test\nTo: all@us.test\nMessage-ID: <b@relay.test>\nSubject: Undelivered "
      "Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; "
      "boundary=b\n\n--b\n\nIt was not delivered.\n--b\nContent-Type: "
      "message/delivery-status\n\nReporting-MTA: dns; relay.test\n\nFinal-Recipient: rfc822; "
      "ann@a.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n--b--\n";
  receive(raw, {}, 2);
  ASSERT_EQ(text(Sql("SELECT status FROM outreach_emails WHERE id = 5")), "sent");
  receive(raw, {}, 1);
  EXPECT_EQ(text(Sql("SELECT status FROM outreach_emails WHERE id = 5")), "bounced");
}

/// The mail after the first one is due in four days.
class ReceiveAway : public ReceivedHouse {
 protected:
  void SetUp() override {
    ReceivedHouse::SetUp();
    if (HasFatalFailure()) return;
    execute(Sql("UPDATE outreach_runs SET state = 'waiting', next_attempt = 2, due_at = ?",
                clock.now() + 4 * base::kDay));
  }
  std::int64_t days_to_wait() {
    return (integer(Sql("SELECT due_at FROM outreach_runs")) - clock.now()) / base::kDay;
  }
};
ON_EACH_ENGINE(ReceiveAway);

TEST_P(ReceiveAway, WithoutAReferenceAndWithoutADate) {
  receive("From: Ann <ann@a.com>\nTo: me@us.test\nSubject: Automatic reply: Hi\n\nI am out of the office.");
  EXPECT_EQ(classes(), "auto_reply");
  EXPECT_EQ(integer(Sql("SELECT opportunity_id FROM inbound_emails")), opportunity);
  EXPECT_GE(days_to_wait(), 7);
}

TEST_P(ReceiveAway, WhatIsAutomaticButNoAbsenceChangesNothing) {
  receive_answer(
      "Subject: Delayed\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; "
      "report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nWe try until 30 "
      "November 2026.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
      "a.com\n\nFinal-Recipient: rfc822; ann@a.com\nAction: delayed\nStatus: 4.4.1\n--b--\n");
  receive_answer(
      "Subject: Read: Hi\nContent-Type: multipart/report; report-type=disposition-notification; "
      "boundary=b\n\n--b\nContent-Type: text/plain\n\nread\n--b\nContent-Type: "
      "message/disposition-notification\n\nDisposition: manual-action; displayed\n--b--\n");
  receive_answer("Subject: Accepted: Call\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n");
  EXPECT_EQ(classes(), "auto_reply auto_reply auto_reply");
  EXPECT_EQ(days_to_wait(), 4);
}

}  // namespace
}  // namespace overture::db
