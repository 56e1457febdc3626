// What a person corrects about the class of a mail: what followed from the wrong one is taken back.
#include "outreach/correct.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "intake/communications.hpp"
#include "intake/contacts.hpp"
#include "intake/opportunity.hpp"
#include "intake/unsubscribe.hpp"
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
  void say(std::string_view kind, std::int64_t mail = 0, bool by_admin = true) {
    correct({.kind = std::string(kind), .user = 3, .is_admin = by_admin}, mail);
  }
  void move_to(std::int64_t other) { correct({.opportunity = other, .user = 3, .is_admin = true}, 0); }
  void correct(const outreach::Correction& correction, std::int64_t mail) {
    if (mail == 0) mail = integer(Sql("SELECT MAX(id) FROM inbound_emails"));
    database().write([&](Connection& connection) {
      outreach::correct(connection, {account, mail}, correction, clock.now());
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
  std::string open_tasks() {
    std::string all;
    database().read([&](Connection& connection) {
      RowsPtr rows = connection.query(Sql("SELECT name FROM tasks WHERE completed_at IS NULL ORDER BY id"));
      while (rows->next()) all += (all.empty() ? "" : ", ") + std::string(rows->text(0));
    });
    return all;
  }
  /// Of the opportunity.
  std::string contacts() {
    std::string all;
    database().read([&](Connection& connection) {
      RowsPtr rows = connection.query(
          Sql("SELECT k.email FROM opportunity_contacts x JOIN contacts k ON k.account_id = x.account_id AND "
              "k.id = x.contact_id WHERE x.opportunity_id = ? ORDER BY k.email",
              opportunity));
      while (rows->next()) all += (all.empty() ? "" : " ") + std::string(rows->text(0));
    });
    return all;
  }
  std::int64_t run_contact() {
    return integer(Sql("SELECT contact_id FROM outreach_runs WHERE opportunity_id = ?", opportunity));
  }
  std::int64_t add_ben() {
    database().write([&](Connection& connection) {
      const std::int64_t ben = intake::place_contact(connection, account, {"ben@a.com", {}, {}}, 0).id;
      connection.execute(
          Sql("INSERT INTO opportunity_contacts (account_id, opportunity_id, contact_id) VALUES (?, ?, ?)",
              account, opportunity, ben));
    });
    return integer(Sql("SELECT id FROM contacts WHERE email = 'ben@a.com'"));
  }
  /// Mail 6, as second@us.test; the next one to him is due in three days.
  void send_to_ben(std::int64_t ben) {
    execute(
        Sql("INSERT INTO outreach_emails (id, account_id, project_id, campaign_id, opportunity_id, "
            "contact_id, email_account_id, attempt_number, run, status, to_email, message_id, sent_at, "
            "created_at) SELECT 6, account_id, project_id, campaign_id, opportunity_id, ?, 1, 1, 1, 'sent', "
            "'ben@a.com', 'second@us.test', ?, 0 FROM outreach_emails WHERE id = 5",
            ben, clock.now()));
    execute(
        Sql("INSERT INTO message_ids (account_id, message_id, kind, mail_id) VALUES (?, "
            "'second@us.test', 'outreach', 6)",
            account));
    execute(Sql("UPDATE outreach_runs SET state = 'waiting', next_attempt = 2, due_at = ?",
                clock.now() + 3 * base::kDay));
  }
  void receive_automatic() {
    receive_answer("Auto-Submitted: auto-generated\nSubject: Ticket created\n\nIt is number 5.\n");
    ASSERT_EQ(classes(), "auto_reply");
    ASSERT_EQ(run(), "waiting 2 ");
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

TEST_P(Correct, AWishOfTheContactThatAPersonSawWrongly) {
  receive_automatic();
  say("unsubscribe");
  ASSERT_EQ(stage(), "completed unsubscribed");
  ASSERT_EQ(opt_outs(), 1);
  say("auto_reply");
  EXPECT_EQ(opt_outs(), 0);
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(run(), "waiting 2 ");
}

TEST_P(Correct, AWishThatWasMatchedLater) {
  receive_automatic();
  execute(Sql("UPDATE inbound_emails SET opportunity_id = 0, status = 'unmatched'"));
  say("unsubscribe");
  ASSERT_EQ(stage(), "completed unsubscribed");
  execute(Sql("UPDATE inbound_emails SET opportunity_id = ?", opportunity));
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
}

TEST_P(Correct, OtherSitesOfWhoAskedForNothingGoOnToo) {
  auto prospect = site("b.com");
  prospect.contacts.push_back({"ann@a.com", "Ann", ""});
  const std::int64_t other = add_one(account, campaign, prospect).opportunity;
  database().write([&](Connection& connection) {
    intake::change_stage(connection, account, other, rules::StageEvent::launch, {}, clock.now());
  });
  const auto stage_of_other = [&] {
    return text(Sql("SELECT stage_status FROM opportunities WHERE id = ?", other));
  };
  receive_automatic();
  say("unsubscribe");
  ASSERT_EQ(stage_of_other(), "unsubscribed");
  say("auto_reply");
  EXPECT_EQ(stage_of_other(), "queued");
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
}

TEST_P(Correct, NoAnswerInTwoSteps) {
  receive_human();
  say("unsubscribe");
  ASSERT_EQ(stage(), "completed unsubscribed");
  EXPECT_EQ(open_tasks(), "") << "nobody waits for an answer";
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(milestone(), "contacted");
  EXPECT_EQ(run(), "waiting 2 ");
}

TEST_P(Correct, NoBounceInTwoSteps) {
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  say("unsubscribe");
  ASSERT_EQ(stage(), "completed unsubscribed");
  EXPECT_EQ(flagged(), 0);
  say("auto_reply");
  EXPECT_EQ(flagged(), 0);
  EXPECT_EQ(text(Sql("SELECT status FROM outreach_emails WHERE id = 5")), "sent");
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(run(), "waiting 2 ");
}

TEST_P(Correct, AnAnswerAndThenAWishThatWereNone) {
  execute(Sql("UPDATE accounts SET lost_unsubscribed = 1"));
  execute(
      Sql("INSERT INTO milestones (account_id, name, kind, role, created_at) VALUES (?, 'Out', 'lost', "
          "'unsubscribed', 0)",
          account));
  receive_human();
  const std::int64_t answer = integer(Sql("SELECT MAX(id) FROM inbound_emails"));
  clock.advance(base::kHour);
  receive_answer("Subject: unsubscribe\n\nunsubscribe\n");
  ASSERT_EQ(milestone(), "unsubscribed");
  clock.advance(base::kHour);
  say("auto_reply", answer);
  EXPECT_EQ(stage(), "completed unsubscribed");
  say("auto_reply");
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(milestone(), "contacted");
  EXPECT_EQ(run(), "waiting 2 ");
}

TEST_P(Correct, AWishAfterAnAnswerThatStands) {
  receive_human();
  receive_answer("Subject: unsubscribe\n\nunsubscribe\n");
  say("auto_reply");
  EXPECT_EQ(stage(), "completed replied");
}

/// Mail 5 to Ann came back, Ben was written to, his mail came back too.
TEST_P(Correct, TheFirstContactGoesOnWhereTheSecondHasBounced) {
  const std::int64_t ben = add_ben();
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  const std::int64_t report = integer(Sql("SELECT MAX(id) FROM inbound_emails"));
  ASSERT_EQ(run_contact(), ben);
  send_to_ben(ben);
  receive_bounce("ben@a.com", "5.1.1", "no such user", "second@us.test");
  ASSERT_EQ(stage(), "completed bounced");
  ASSERT_EQ(flagged(), 2);
  ASSERT_EQ(open_tasks(), "Find another contact: every address has bounced");
  say("auto_reply", report);
  EXPECT_EQ(flagged(), 1);
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_NE(run_contact(), ben);
  EXPECT_EQ(run(), "waiting 2 ");
  EXPECT_EQ(integer(Sql("SELECT email_account_id FROM outreach_runs")), 1);
  EXPECT_GT(due_at(), clock.now()) << "three days after the mail to her";
  EXPECT_EQ(open_tasks(), "");
}

TEST_P(Correct, TheSecondContactGoesOnWhereItIsWrittenTo) {
  const std::int64_t ben = add_ben();
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  send_to_ben(ben);
  say("auto_reply");
  EXPECT_EQ(flagged(), 0);
  EXPECT_EQ(run_contact(), ben);
}

TEST_P(Correct, ABounceOfAContactThatWasTakenOff) {
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  execute(Sql("DELETE FROM opportunity_contacts"));
  say("auto_reply");
  EXPECT_EQ(flagged(), 0);
  EXPECT_EQ(stage(), "completed bounced") << "nobody is there to be written to";
}

TEST_P(Correct, WhoHasNotWrittenIsNoContact) {
  const std::string headers = "From: Desk <help@desk.test>\nTo: me@us.test\nIn-Reply-To: <first@us.test>\n";
  receive(headers + "Subject: Re: Hi\n\nWe will see to it.\n");
  ASSERT_EQ(stage(), "completed replied");
  ASSERT_EQ(contacts(), "ann@a.com help@desk.test");
  say("auto_reply");
  EXPECT_EQ(contacts(), "ann@a.com");
  say("human");
  EXPECT_EQ(contacts(), "ann@a.com help@desk.test");
}

TEST_P(Correct, WhoWroteAnotherAnswerStaysAContact) {
  const std::string headers = "From: Bob <bob@a.com>\nTo: me@us.test\nIn-Reply-To: <first@us.test>\n";
  receive(headers + "Subject: Re: Hi\n\nI will see to it.\n");
  const std::int64_t first = integer(Sql("SELECT MAX(id) FROM inbound_emails"));
  receive(headers + "Subject: Re: Hi\n\nI have seen to it.\n");
  say("auto_reply", first);
  EXPECT_EQ(contacts(), "ann@a.com bob@a.com");
  say("auto_reply");
  EXPECT_EQ(contacts(), "ann@a.com") << "the last one was no answer either";
}

TEST_P(Correct, WhoWasWrittenToStaysAContact) {
  receive("From: Bob <bob@a.com>\nTo: me@us.test\nIn-Reply-To: <first@us.test>\nSubject: Re: Hi\n\nYes?\n");
  execute(
      Sql("INSERT INTO sent_replies (account_id, opportunity_id, status, to_email, sent_at, created_at) "
          "VALUES (?, ?, 'sent', 'bob@a.com', 1, 1)",
          account, opportunity));
  say("auto_reply");
  EXPECT_EQ(contacts(), "ann@a.com bob@a.com");
}

TEST_P(Correct, WhatIsMovedAwayWasNoAnswerHere) {
  const std::int64_t other = add_one(account, campaign, site("b.com")).opportunity;
  receive("From: Bob <bob@b.com>\nTo: me@us.test\nIn-Reply-To: <first@us.test>\nSubject: Re: Hi\n\nYes?\n");
  ASSERT_EQ(stage(), "completed replied");
  move_to(other);
  EXPECT_EQ(stage(), "outreach waiting_follow_up");
  EXPECT_EQ(milestone(), "contacted");
  EXPECT_EQ(contacts(), "ann@a.com");
  EXPECT_EQ(text(Sql("SELECT k.email FROM opportunity_contacts x JOIN contacts k ON k.id = x.contact_id "
                     "WHERE x.opportunity_id = ?",
                     other)),
            "bob@b.com");
  EXPECT_EQ(open_tasks(), "Answer b.com");
}

TEST_P(Correct, WhatIsMovedAwayLeavesAnotherAnswer) {
  const std::int64_t other = add_one(account, campaign, site("b.com")).opportunity;
  receive_human();
  receive_human("And one more thing.");
  move_to(other);
  EXPECT_EQ(stage(), "completed replied");
}

TEST_P(Correct, AnAnswerAfterAllAsksForOneAgain) {
  receive_human();
  ASSERT_EQ(open_tasks(), "Answer a.com");
  say("auto_reply");
  ASSERT_EQ(open_tasks(), "");
  say("human");
  EXPECT_EQ(open_tasks(), "Answer a.com");
}

TEST_P(Correct, WhatWasAnsweredMeanwhileAsksForNothing) {
  receive_human();
  say("auto_reply");
  execute(
      Sql("INSERT INTO sent_replies (account_id, opportunity_id, status, to_email, sent_at, created_at) "
          "VALUES (?, ?, 'sent', 'ann@a.com', ?, ?)",
          account, opportunity, clock.now(), clock.now()));
  say("human");
  EXPECT_EQ(open_tasks(), "");
}

TEST_P(Correct, AComplaintStaysOneWhateverItIsCalled) {
  receive_bounce("ann@a.com", "5.1.1", "no such user");
  const std::int64_t report = integer(Sql("SELECT MAX(id) FROM inbound_emails"));
  database().write([&](Connection& connection) {
    intake::unsubscribe(connection, account, {"ann@a.com", false},
                        {.communication = report, .reason = "Complained", .now = clock.now()});
  });
  say("auto_reply");
  EXPECT_EQ(opt_outs(), 1);
}

TEST_P(Correct, OnlyAnAdminTakesSomebodyOffTheList) {
  receive_answer("Subject: unsubscribe\n\nunsubscribe\n");
  EXPECT_THROW(say("auto_reply", 0, false), base::Error);
  EXPECT_EQ(opt_outs(), 1);
  EXPECT_EQ(classes(), "unsubscribe");
}

}  // namespace
}  // namespace overture::db
