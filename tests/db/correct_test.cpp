// What a person corrects about the class of a mail: what followed from the wrong one is taken back.
#include "outreach/correct.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "intake/communications.hpp"
#include "intake/opportunity.hpp"
#include "received_house.hpp"

namespace overture::db {
namespace {

class Correct : public ReceivedHouse {
 protected:
  void SetUp() override {
    ReceivedHouse::SetUp();
    if (HasFatalFailure()) return;
    execute(
        Sql("INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, delay_days, "
            "created_at) VALUES (?, ?, 2, '', 'Still there?', 3, 0)",
            account, campaign));
    execute(Sql("UPDATE outreach_runs SET state = 'waiting'"));
    for (const char* role : {"new", "contacted", "responded", "no_response"}) {
      const std::string_view kind = std::string_view(role) == "no_response" ? "lost" : "open";
      execute(Sql("INSERT INTO milestones (account_id, name, kind, role, created_at) VALUES (?, ?, ?, ?, 0)",
                  account, role, kind, role));
    }
    set_milestone("contacted", {});
    due_at_ = due_at();
    clock.advance(base::kMinute);
  }
  /// As PUT /api/inbound_emails/{id} does it.
  void say(std::string_view kind, std::int64_t mail = 0) {
    if (mail == 0) mail = integer(Sql("SELECT MAX(id) FROM inbound_emails"));
    database().write([&](Connection& connection) {
      outreach::take_back(connection, {account, mail}, kind, 3, clock.now());
      intake::set_inbound_class(connection, account, mail, kind, 3, clock.now());
      if (kind == "bounce") outreach::take_as_bounce(connection, {account, mail}, clock.now());
    });
  }
  void set_milestone(std::string_view role, std::optional<std::int64_t> user) {
    const std::int64_t milestone = integer(Sql("SELECT id FROM milestones WHERE role = ?", role));
    database().write([&](Connection& connection) {
      intake::set_milestone(connection, account, opportunity, milestone, user, clock.now());
    });
  }
  std::string stage() {
    return text(
        Sql("SELECT workflow_status || ' ' || stage_status FROM opportunities WHERE id = ?", opportunity));
  }
  std::string milestone() {
    return text(
        Sql("SELECT COALESCE(m.role, '') FROM opportunities o LEFT JOIN milestones m ON m.account_id = "
            "o.account_id AND m.id = o.milestone_id WHERE o.id = ?",
            opportunity));
  }
  base::Millis due_at() { return integer(Sql("SELECT due_at FROM outreach_runs")); }
  std::string run() {
    return text(Sql("SELECT state || ' ' || next_attempt || ' ' || why FROM outreach_runs"));
  }
  std::int64_t answered() {
    return integer(Sql("SELECT COALESCE(SUM(n), 0) FROM counters WHERE name LIKE 'outreach_answered:%'"));
  }
  std::int64_t flagged() {
    return integer(Sql("SELECT COUNT(*) FROM contacts WHERE bounced_at IS NOT NULL"));
  }
  std::string last_note() { return text(Sql("SELECT content FROM notes ORDER BY id DESC LIMIT 1")); }
  bool has_note(std::string_view words) {
    return integer(Sql("SELECT COUNT(*) FROM notes WHERE is_system = 1 AND content LIKE ?",
                       "%" + std::string(words) + "%")) == 1;
  }
  void receive_human(const std::string& words = "I will look into it.") {
    receive_answer("Subject: Re: Hi\n\n" + words + "\n");
    ASSERT_EQ(stage(), "completed replied");
  }

  base::Millis due_at_ = 0;
};
ON_EACH_ENGINE(Correct);

TEST_P(Correct, WhatWasNoAnswerLetsTheOutreachGoOn) {
  execute(
      Sql("INSERT INTO tasks (account_id, project_id, opportunity_id, type, name, "
          "autocomplete_on_communication, created_at) VALUES (?, ?, ?, 'custom', 'Call them', 1, 0)",
          account, project, opportunity));
  ASSERT_EQ(run(), "waiting 2 ");
  ASSERT_EQ(milestone(), "contacted");
  receive_human();
  ASSERT_EQ(run(), "over 2 somebody has answered");
  ASSERT_EQ(milestone(), "responded");
  ASSERT_EQ(answered(), 1);
  clock.advance(base::kHour);
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(milestone(), "contacted");
  EXPECT_EQ(run(), "waiting 2 ");
  EXPECT_EQ(due_at(), due_at_);
  EXPECT_EQ(answered(), 0);
  EXPECT_TRUE(has_note("which was no answer"));
  EXPECT_EQ(text(Sql("SELECT name FROM tasks WHERE completed_at IS NULL")), "Call them");

  say("human");
  EXPECT_EQ(stage(), "completed replied") << "and back";
  EXPECT_EQ(milestone(), "responded");
  EXPECT_EQ(answered(), 1);
}

TEST_P(Correct, OneWhoIsAwayIsWaitedFor) {
  receive_human("I will look into it.");
  const std::string raw =
      "From: Ann <ann@a.com>\nTo: me@us.test\nSubject: Out of office\n\nI am on holiday.\n";
  execute(Sql("UPDATE inbound_sources SET raw = ?", base::base64url(raw)));
  say("auto_reply");
  EXPECT_EQ(run(), "waiting 2 out of office");
  EXPECT_GT(due_at(), due_at_);
}

TEST_P(Correct, ACancelledMailHasItsTurnAgain) {
  execute(Sql("UPDATE outreach_runs SET state = 'outgoing'"));
  execute(
      Sql("INSERT INTO outreach_emails (id, account_id, project_id, campaign_id, opportunity_id, contact_id, "
          "email_account_id, attempt_number, run, status, to_email, created_at) SELECT 6, account_id, "
          "project_id, campaign_id, opportunity_id, contact_id, 1, 2, 1, 'scheduled', to_email, 0 FROM "
          "outreach_emails WHERE id = 5"));
  execute(Sql("UPDATE opportunities SET stage_status = 'queued'"));
  receive_human();
  ASSERT_EQ(text(Sql("SELECT status FROM outreach_emails WHERE id = 6")), "cancelled");
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach queued");
  EXPECT_EQ(run(), "waiting 2 ");
}

TEST_P(Correct, AfterTheLastMailTheGraceGoesOn) {
  execute(Sql("UPDATE outreach_runs SET state = 'finishing'"));
  receive_human();
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(run(), "finishing 2 ");
  EXPECT_EQ(due_at(), due_at_);
}

TEST_P(Correct, APauseStaysOne) {
  database().write([&](Connection& connection) {
    intake::change_stage(connection, account, opportunity, rules::StageEvent::pause, 3, clock.now());
  });
  receive_human();
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach paused");
  EXPECT_EQ(run(), "paused 2 paused by a person");
}

TEST_P(Correct, AnotherAnswerStands) {
  receive_human();
  receive_human("And one more thing.");
  say("auto_reply");
  EXPECT_EQ(stage(), "completed replied");
  EXPECT_EQ(milestone(), "responded");
  say("auto_reply", integer(Sql("SELECT MIN(id) FROM inbound_emails")));
  EXPECT_EQ(stage(), "outreach waiting_follow_up") << "it was the last one";
}

TEST_P(Correct, WhatAPersonHasSetStands) {
  receive_human();
  set_milestone("no_response", 3);
  say("auto_reply");
  EXPECT_EQ(stage(), "completed replied") << "lost by a person";
  EXPECT_EQ(milestone(), "no_response");

  set_milestone("new", 3);
  say("human");
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(milestone(), "new");
}

TEST_P(Correct, WhatHasMovedOnStands) {
  receive_human();
  database().write([&](Connection& connection) {
    intake::change_stage(connection, account, opportunity, rules::StageEvent::restart, 3, clock.now());
  });
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach queued");
  EXPECT_EQ(run(), "waiting 1 ");
}

TEST_P(Correct, AnEndBeforeTheAnswerIsTheEndAgain) {
  execute(Sql("UPDATE outreach_runs SET state = 'over', why = 'nobody has answered the sequence'"));
  execute(Sql("UPDATE opportunities SET workflow_status = 'completed', stage_status = 'finished'"));
  receive_human();
  say("auto_reply");
  EXPECT_EQ(stage(), "completed finished");
  EXPECT_EQ(run(), "over 2 nobody has answered the sequence");
}

TEST_P(Correct, WhatWasNoAnswerButABounce) {
  receive_human();
  say("bounce");
  EXPECT_EQ(stage(), "completed bounced");
  EXPECT_EQ(flagged(), 1);
}

TEST_P(Correct, WhatWasNoWish) {
  receive_answer("Subject: unsubscribe\n\nunsubscribe\n");
  ASSERT_EQ(stage(), "completed unsubscribed");
  ASSERT_EQ(opt_outs(), 1);
  say("auto_reply");
  EXPECT_EQ(opt_outs(), 0);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM contacts WHERE is_unsubscribed = 1")), 0);
  EXPECT_TRUE(has_note("ann@a.com was taken off the do-not-email list"));
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(run(), "waiting 2 ");
}

TEST_P(Correct, WhatWasNoWishButAnAnswer) {
  receive_answer("Subject: unsubscribe\n\nunsubscribe\n");
  say("human");
  EXPECT_EQ(opt_outs(), 0);
  EXPECT_EQ(stage(), "completed replied");
  EXPECT_EQ(milestone(), "responded");
}

TEST_P(Correct, AWishThatWasTwiceThereStands) {
  receive_answer("Subject: unsubscribe\n\nunsubscribe\n");
  const std::int64_t first = integer(Sql("SELECT MAX(id) FROM inbound_emails"));
  receive_answer("Subject: unsubscribe\n\nunsubscribe, please\n");
  say("auto_reply", first);
  EXPECT_EQ(opt_outs(), 1);
  EXPECT_EQ(stage(), "completed unsubscribed");
}

TEST_P(Correct, WhatWasNoBounce) {
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  ASSERT_EQ(stage(), "completed bounced");
  ASSERT_EQ(flagged(), 1);
  say("auto_reply");
  EXPECT_EQ(flagged(), 0);
  EXPECT_EQ(text(Sql("SELECT status || bounce FROM outreach_emails WHERE id = 5")), "sent");
  EXPECT_TRUE(has_note("ann@a.com can be written to again"));
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(run(), "waiting 2 ");
}

TEST_P(Correct, ABounceThatWasToldTwiceStands) {
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  const std::int64_t first = integer(Sql("SELECT MAX(id) FROM inbound_emails"));
  receive_bounce("ann@a.com", "5.1.1", "still no such user");
  say("human", first);
  EXPECT_EQ(flagged(), 1);
  EXPECT_EQ(text(Sql("SELECT status FROM outreach_emails WHERE id = 5")), "bounced");
}

}  // namespace
}  // namespace overture::db
