// The mail accounts that a campaign names to send for it, from the plan to the claim.
#include "intake/runs.hpp"
#include "outreach/outbox.hpp"
#include "turns.hpp"

namespace overture::db {
namespace {

class Rotation : public Turns {
 protected:
  void SetUp() override {
    Turns::SetUp();
    if (HasFatalFailure()) return;
    add_mailbox(3, "she@us.test");
    execute(Sql("UPDATE mailboxes SET spacing_seconds = 0"));
  }
  void name(std::vector<std::int64_t> mailboxes) {
    database().write([&](Connection& connection) {
      intake::set_rotation(connection, account, campaign, mailboxes, clock.now());
    });
  }
  void leave_project(std::int64_t mailbox) {
    execute(Sql("DELETE FROM email_account_projects WHERE email_account_id = ?", mailbox));
  }
  std::size_t claim(std::int64_t mailbox) {
    return database().write([&](Connection& connection) {
      return outreach::claim_mails(connection, {account, mailbox}, "me", clock.now(), 10).size();
    });
  }
  std::string held_by() { return text(Sql("SELECT held_by FROM campaign_sending")); }
};
ON_EACH_ENGINE(Rotation);

TEST_P(Rotation, OnlyThoseSendThatTheCampaignNames) {
  add_attempt(1, "Hi", 0);
  name({2, 3});
  const std::int64_t first = launch("a.com");
  const std::int64_t second = launch("b.com");
  const std::int64_t third = launch("c.com");
  plan();
  EXPECT_EQ(mails(first), "ann/scheduled/1/2");
  EXPECT_EQ(mails(second), "ann/scheduled/1/3");
  EXPECT_EQ(mails(third), "ann/scheduled/1/2");
  EXPECT_EQ(claim(2), 2U);
}

TEST_P(Rotation, ACampaignThatNamesNoneSendsFromAllOfItsProject) {
  add_attempt(1, "Hi", 0);
  name({2});
  name({});
  const std::int64_t site = launch("a.com");
  plan();
  EXPECT_EQ(mails(site), "ann/scheduled/1/1");
}

TEST_P(Rotation, TheNextOneTakesOverTheSitesOfOneThatIsLeftOut) {
  add_attempt(1, "Hi", 0);
  add_attempt(2, "Again from {sender_name}", 0);
  name({1, 2});
  const std::int64_t site = launch("a.com");
  plan();
  ASSERT_EQ(mails(site), "ann/scheduled/1/1");
  send(site);
  execute(Sql("UPDATE email_accounts SET status = 'disconnected' WHERE id = 1"));
  plan();
  EXPECT_EQ(mails(site), "ann/sent/1/1") << "its sites wait";
  EXPECT_EQ(held_by(), "email_account_state");
  name({2});
  plan();
  EXPECT_EQ(mails(site), "ann/sent/1/1 ann/scheduled/2/2");
  EXPECT_NE(text(Sql("SELECT t.body_text FROM outreach_emails e JOIN outreach_email_texts t ON t.id = e.id "
                     "WHERE e.attempt_number = 2"))
                .find("from Bo"),
            std::string::npos);
  check_books(account);
}

TEST_P(Rotation, TheNextOneTakesOverTheSitesOfOneThatHasLeftTheProject) {
  add_attempt(1, "Hi", 0);
  add_attempt(2, "Again", 0);
  const std::int64_t site = launch("a.com");
  plan();
  ASSERT_EQ(mails(site), "ann/scheduled/1/1");
  send(site);
  leave_project(1);
  plan();
  EXPECT_EQ(mails(site), "ann/sent/1/1 ann/scheduled/2/2");
}

TEST_P(Rotation, AMailUnderReviewIsWrittenForOneThatSends) {
  add_attempt(1, "Hi", 0);
  add_attempt(2, "Again from {sender_name}", 1);
  const std::int64_t site = launch("a.com");
  plan();
  ASSERT_EQ(mails(site), "ann/scheduled/1/1");
  send(site);
  name({2});
  execute(Sql("UPDATE outreach_runs SET state = 'compose'"));
  plan();
  EXPECT_EQ(mails(site), "ann/sent/1/1 ann/review/2/2");
}

TEST_P(Rotation, AMailOnItsWayGoesOnWithAnother) {
  add_attempt(1, "Hi from {sender_name}", 0);
  name({1});
  const std::int64_t site = launch("a.com");
  plan();
  ASSERT_EQ(mails(site), "ann/scheduled/1/1");
  name({3});
  EXPECT_EQ(claim(1), 0U);
  plan();
  EXPECT_EQ(mails(site), "ann/scheduled/1/3");
  EXPECT_EQ(claim(3), 1U);
  check_books(account);
}

TEST_P(Rotation, AnEditedMailOnItsWayIsLookedAtAgain) {
  add_attempt(1, "Hi from {sender_name}", 1);
  name({1});
  const std::int64_t site = launch("a.com");
  plan();
  execute(Sql("UPDATE outreach_emails SET review_type = 'edited'"));
  execute(Sql("UPDATE outreach_email_texts SET body_text = 'It is me, Al'"));
  approve(integer(Sql("SELECT MAX(id) FROM outreach_emails")));
  plan();
  ASSERT_EQ(mails(site), "ann/scheduled/1/1");
  name({2});
  EXPECT_EQ(claim(1), 0U);
  plan();
  EXPECT_EQ(mails(site), "ann/review/1/2") << "it is signed by somebody else";
  check_books(account);
}

TEST_P(Rotation, WhenThoseThatAreNamedAreGoneNobodyElseSends) {
  add_attempt(1, "Hi", 0);
  name({1, 3});
  const std::int64_t site = launch("a.com");
  leave_project(1);
  execute(Sql("UPDATE email_accounts SET status = 'deleted' WHERE id = 3"));
  plan();
  EXPECT_EQ(mails(site), "");
  EXPECT_EQ(held_by(), "no_email_account");
  name({});
  plan();
  EXPECT_EQ(mails(site), "ann/scheduled/1/2");
}

TEST_P(Rotation, TheDayIsSpreadOverThoseThatSend) {
  add_attempt(1, "Hi", 0);
  execute(Sql("UPDATE mailboxes SET spacing_seconds = 300"));
  const auto gap_with = [&](const std::string& host, std::vector<std::int64_t> mailboxes) {
    name(std::move(mailboxes));
    launch(host);
    execute(Sql("UPDATE campaign_sending SET next_send_at = 0"));
    execute(Sql("UPDATE mailbox_states SET next_free_at = 0"));
    const base::Millis now = clock.now();
    planner_->tick();
    return integer(Sql("SELECT next_send_at FROM campaign_sending")) - now;
  };
  EXPECT_GE(gap_with("a.com", {2}), 300 * base::kSecond);
  EXPECT_LT(gap_with("b.com", {2, 3}), 200 * base::kSecond);
  EXPECT_LT(gap_with("c.com", {}), 150 * base::kSecond);
}

}  // namespace
}  // namespace overture::db
