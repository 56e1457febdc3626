// Whose turn it is, over which mailbox and to whom, as people change what there is to be sent.
#include <gtest/gtest.h>

#include "intake/opportunity.hpp"
#include "turns.hpp"

namespace overture::db {
namespace {

ON_EACH_ENGINE(Turns);

TEST_P(Turns, AnAnswerEndsAnOutreachThatIsUnderReview) {
  add_attempt(1, "Hi", 1);
  const std::int64_t site = launch("a.com");
  plan();
  ASSERT_EQ(mails(site), "ann/review/1/1");
  answer(site);
  EXPECT_EQ(stage(site), "completed/replied");
  EXPECT_EQ(mails(site), "ann/cancelled/1/1");
  EXPECT_EQ(run_state(site), "over");
  check_books(account);
}

TEST_P(Turns, AnAnswerEndsAnOutreachThatLacksSomething) {
  add_attempt(1, "Hi", 0);
  add_attempt(2, "Again {job_title}", 0);
  const std::int64_t site = launch("a.com");
  plan();
  send(site);
  plan();
  ASSERT_EQ(stage(site), "personalize/missing_data");
  answer(site);
  EXPECT_EQ(stage(site), "completed/replied");
  EXPECT_EQ(run_state(site), "over");
}

TEST_P(Turns, AMilestoneThatIsLostEndsAnOutreachThatIsUnderReview) {
  add_attempt(1, "Hi", 1);
  const std::int64_t site = launch("a.com");
  plan();
  constexpr std::int64_t lost = 77;
  execute(
      Sql("INSERT INTO milestones (id, account_id, name, kind, created_at) VALUES (?, ?, 'No thanks', "
          "'lost', 0)",
          lost, account));
  database().write([&](Connection& connection) {
    intake::set_milestone(connection, account, site, lost, 1, clock.now());
  });
  EXPECT_EQ(stage(site), "completed/stopped");
  EXPECT_EQ(mails(site), "ann/cancelled/1/1");
}

TEST_P(Turns, RotationChoosesWhenAnApprovedMailIsSent) {
  add_attempt(1, "Hi from {sender_name}", 1);
  const std::int64_t site = launch("a.com");
  plan();
  ASSERT_EQ(mails(site), "ann/review/1/1");
  execute(Sql("UPDATE email_accounts SET status = 'paused' WHERE id = 1"));
  approve(integer(Sql("SELECT MAX(id) FROM outreach_emails")));
  plan();
  EXPECT_EQ(mails(site), "ann/scheduled/1/2");
  EXPECT_NE(text(Sql("SELECT body_text FROM outreach_email_texts")).find("Hi from Bo"), std::string::npos);
  EXPECT_EQ(text(Sql("SELECT from_name FROM outreach_emails")), "Bo");
  EXPECT_EQ(run_state(site), "outgoing");
}

TEST_P(Turns, AnEditedMailThatNamesItsSenderKeepsItsMailbox) {
  add_attempt(1, "Hi from {sender_name}", 1);
  const std::int64_t site = launch("a.com");
  plan();
  execute(Sql("UPDATE outreach_emails SET review_type = 'edited'"));
  execute(Sql("UPDATE outreach_email_texts SET body_text = 'It is me, Al'"));
  approve(integer(Sql("SELECT MAX(id) FROM outreach_emails")));
  // The other one has sent less today.
  execute(
      Sql("INSERT INTO send_counts (account_id, kind, subject_id, day, first_mails) SELECT ?, 'mailbox', 1, "
          "?, 9",
          account, clock.now() / base::kDay));
  plan();
  EXPECT_EQ(mails(site), "ann/scheduled/1/1");
  EXPECT_EQ(text(Sql("SELECT body_text FROM outreach_email_texts")), "It is me, Al");
}

TEST_P(Turns, AMailInWhichAPersonHasNamedItsSenderIsLookedAtAgainToo) {
  const std::int64_t site = edit_for_one_who_goes("Hi");
  EXPECT_EQ(mails(site), "ann/review/1/2") << "the template names nobody";
}

TEST_P(Turns, AnEditedMailIsLookedAtAgainWhenItsMailboxIsGone) {
  const std::int64_t site = edit_for_one_who_goes("Hi from {sender_name}");
  EXPECT_EQ(mails(site), "ann/review/1/2") << "it says who would send it now";
  EXPECT_EQ(text(Sql("SELECT from_name FROM outreach_emails")), "Bo");
  EXPECT_EQ(run_state(site), "review");
  EXPECT_NE(text(Sql("SELECT failure FROM outreach_emails")), "");
  approve(integer(Sql("SELECT MAX(id) FROM outreach_emails")));
  plan();
  EXPECT_EQ(mails(site), "ann/scheduled/1/2");
}

TEST_P(Turns, AContactThatWasTakenOffIsNotWrittenTo) {
  add_attempt(1, "Hi", 0);
  const std::int64_t site = launch("a.com");
  plan();
  ASSERT_EQ(mails(site), "ann/scheduled/1/1");
  take_off(site, "ann@a.com");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox")), 0);
  plan();
  EXPECT_EQ(mails(site), "ann/cancelled/1/1 ben/scheduled/1/1");
  take_off(site, "ben@a.com");
  EXPECT_EQ(stage(site), "personalize/missing_data") << "nobody was written to yet";
}

TEST_P(Turns, TheLastContactTakenOffStopsAnOutreachThatHasBegun) {
  add_attempt(1, "Hi", 0);
  add_attempt(2, "Again", 0);
  const std::int64_t site = launch("a.com");
  take_off(site, "ben@a.com");
  plan();
  send(site);
  take_off(site, "ann@a.com");
  EXPECT_EQ(stage(site), "completed/stopped");
  EXPECT_EQ(run_state(site), "over");
}

TEST_P(Turns, AFirstMailThatWasStoppedIsStillTheFirst) {
  add_attempt(1, "Hi", 0);
  add_attempt(2, "Again", 0);
  const std::int64_t site = launch("a.com");
  plan();
  take_off(site, "ann@a.com");
  put_back(site, "ann@a.com");
  plan();
  ASSERT_EQ(mails(site), "ann/cancelled/1/1 ben/scheduled/1/1");
  take_off(site, "ben@a.com");
  plan();
  EXPECT_EQ(mails(site), "ann/scheduled/1/1 ben/cancelled/1/1");
}

TEST_P(Turns, WithoutASequenceTheyWaitForOne) {
  const std::int64_t site = launch("a.com");
  plan();
  EXPECT_EQ(stage(site), "outreach/queued");
  EXPECT_EQ(run_state(site), "waiting");
  EXPECT_EQ(text(Sql("SELECT held_by FROM campaign_sending")), "no_attempt");
  add_attempt(1, "Hi", 0);
  plan();
  EXPECT_EQ(mails(site), "ann/scheduled/1/1");
}

/// Of the same campaign, or of another: she gets one first mail in 30 days.
TEST_P(Turns, WhoHasTwoSitesIsWrittenToForOneOfThem) {
  add_attempt(1, "Hi {first_name}", 0);
  const std::int64_t first = launch("a.com");
  plan();
  send(first);
  const std::int64_t sent_at = integer(Sql("SELECT sent_at FROM outreach_emails"));
  const std::int64_t second = launch("b.com", {"ann@a.com"});
  plan();
  EXPECT_EQ(mails(second), "");
  EXPECT_EQ(stage(second), "outreach/queued");
  EXPECT_EQ(text(Sql("SELECT why FROM outreach_runs WHERE opportunity_id = ?", second)),
            "the project has written to this address for another site");
  // Looked at on every day on which the campaign sends, until then.
  for (int day = 0; day < 29; ++day) {
    clock.advance(base::kDay);
    plan();
  }
  EXPECT_EQ(mails(second), "");
  EXPECT_LE(integer(Sql("SELECT due_at FROM outreach_runs WHERE opportunity_id = ?", second)),
            sent_at + 30 * base::kDay);
  for (int day = 0; day < 4; ++day) {
    clock.advance(base::kDay);
    plan();
  }
  EXPECT_EQ(mails(second).substr(0, 15), "ann/scheduled/1");
}

/// What held it up is gone: the guard is set anew, or its contact has bounced and the next one is written to.
TEST_P(Turns, WhoeverWaitsForAPersonGoesOnWithinADayWhenThatIsOver) {
  add_attempt(1, "Hi {first_name}", 0);
  const std::int64_t first = launch("a.com");
  plan();
  send(first);
  const std::int64_t second = launch("b.com", {"ann@a.com", "ben@b.com"});
  const std::int64_t third = launch("c.com", {"ann@a.com"});
  plan();
  EXPECT_EQ(mails(second) + mails(third), "");
  execute(Sql("UPDATE contacts SET bounced_at = ? WHERE email = 'ann@a.com'", clock.now()));
  clock.advance(3 * base::kDay);  // Monday
  plan();
  EXPECT_EQ(mails(second).substr(0, 15), "ben/scheduled/1");
  EXPECT_EQ(stage(third), "completed/bounced");
}

/// A mail that was written and waits in the outbox: the other site takes no place in the day for nothing.
TEST_P(Turns, TwoSitesOfOnePersonAreNotPlannedAtOnce) {
  add_attempt(1, "Hi {first_name}", 0);
  const std::int64_t first = launch("a.com");
  const std::int64_t second = launch("b.com", {"ann@a.com"});
  plan();
  EXPECT_EQ(mails(first).substr(0, 15), "ann/scheduled/1");
  EXPECT_EQ(mails(second), "");
  EXPECT_EQ(integer(Sql("SELECT SUM(first_mails) FROM send_counts WHERE kind = 'campaign'")), 1);
}

/// Its first mail was left out in review, so the next one is the first to its person.
TEST_P(Turns, AFollowUpAfterAMailThatWasLeftOutIsAFirstMail) {
  add_attempt(1, "Hi {first_name}", 1);
  add_attempt(2, "Again", 0);
  execute(Sql("UPDATE attempts SET subject = 'Two' WHERE number = 2"));
  const std::int64_t first = launch("a.com");
  plan();
  ASSERT_EQ(mails(first).substr(0, 12), "ann/review/1");
  database().write([&](Connection& connection) {
    outreach::skip_mail(connection, install_,
                        {.account = account,
                         .mail = integer(Sql("SELECT id FROM outreach_emails")),
                         .user = 1,
                         .now = clock.now()});
  });
  execute(
      Sql("INSERT INTO outreach_emails (account_id, project_id, campaign_id, opportunity_id, contact_id, "
          "attempt_number, status, sent_at, created_at) VALUES (?, ?, ?, ?, ?, 1, 'sent', ?, ?)",
          account, project, campaign, first + 1, contact("ann@a.com"), clock.now(), clock.now()));
  clock.advance(7 * base::kDay);
  execute(Sql("UPDATE outreach_runs SET due_at = ?", clock.now()));
  plan();
  EXPECT_EQ(mails(first), "ann/skipped/1/1");
  EXPECT_EQ(text(Sql("SELECT why FROM outreach_runs")),
            "the project has written to this address for another site");
}

/// Both were written long ago and waited. What became of the first nobody knows: she counts as written to.
TEST_P(Turns, AMailOfUnknownFateIsTheFirstOneToItsPerson) {
  add_attempt(1, "Hi {first_name}", 0);
  const std::int64_t first = launch("a.com");
  plan();
  execute(Sql("UPDATE outreach_emails SET created_at = 0, status = 'unknown', dated_at = ?", clock.now()));
  const std::int64_t second = launch("b.com", {"ann@a.com"});
  plan();
  EXPECT_EQ(mails(first), "ann/unknown/1/1");
  EXPECT_EQ(mails(second), "");
}

}  // namespace
}  // namespace overture::db
