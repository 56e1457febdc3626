// The milestones that the server sets by itself: when, from where, and what stays.
#include <gtest/gtest.h>

#include "house.hpp"
#include "intake/communications.hpp"
#include "intake/counts.hpp"
#include "intake/opportunity.hpp"
#include "outreach/bounces.hpp"
#include "outreach/opt_out.hpp"
#include "outreach/reply_outcome.hpp"
#include "outreach/run.hpp"
#include "outreach/turn.hpp"

namespace overture::db {
namespace {

constexpr std::int64_t kPerson = 7;
constexpr std::string_view kAddress = "olga@one.example.com";
constexpr std::string_view kNone = "";

/// One opportunity with one contact that has got its first mail and waits for a follow-up.
class ServerMilestones : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    account_ = add_account();
    for (const auto& [name, role] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"New", "new"},
             {"Contacted", "contacted"},
             {"Responded", "responded"},
             {"Negotiating", ""},
             {"Lost - Not Interested", ""},
             {"Lost - No Response", "no_response"},
             {"Lost - Bad Contact", "bad_contact"},
             {"Lost - Unsubscribed", "unsubscribed"},
             {"Won", ""}}) {
      const std::string_view kind = name.starts_with("Lost")  ? "lost"
                                    : name.starts_with("Won") ? "won"
                                                              : "open";
      execute(
          Sql("INSERT INTO milestones (account_id, name, kind, role, created_at) VALUES (?, ?, ?, ?, "
              "0)",
              account_, name, kind, role));
    }
    project_ = add_project(account_);
    campaign_ = add_campaign(account_, project_);
    begin();
  }

  /// Another opportunity; the ones before are over.
  void begin() {
    ++made_;
    address_ = std::to_string(made_) + std::string(kAddress);
    intake::Prospect prospect = site("https://" + std::to_string(made_) + ".example.com");
    prospect.contacts.push_back({address_, "Olga", "Orr"});
    opportunity_ = add_one(account_, campaign_, prospect).opportunity;
    contact_ = integer(Sql("SELECT id FROM contacts WHERE email = ?", address_));
    stand("outreach", "waiting_follow_up");
    execute(
        Sql("INSERT INTO outreach_runs (account_id, opportunity_id, project_id, campaign_id, contact_id, "
            "next_attempt, due_at, state) VALUES (?, ?, ?, ?, ?, 2, 0, 'waiting')",
            account_, opportunity_, project_, campaign_, contact_));
    mail_ = database().write([&](Connection& connection) {
      return connection.integer(
          Sql("INSERT INTO outreach_emails (account_id, project_id, campaign_id, opportunity_id, contact_id, "
              "attempt_number, run, to_email, status, sent_at, created_at) VALUES (?, ?, ?, ?, ?, 1, 1, ?, "
              "'sent', 1, 1) RETURNING id",
              account_, project_, campaign_, opportunity_, contact_, address_));
    });
  }

  void stand(std::string_view workflow, std::string_view status) {
    execute(Sql("UPDATE opportunities SET workflow_status = ?, stage_status = ? WHERE id = ?", workflow,
                status, opportunity_));
    database().write([&](Connection& connection) { intake::rebuild_counts(connection, account_); });
  }

  /// Without the stage that follows a lost one, so that what the server does next has room.
  void put(std::string_view milestone, bool by_person) {
    if (milestone.empty()) return;
    const std::int64_t id =
        integer(Sql("SELECT id FROM milestones WHERE account_id = ? AND name = ?", account_, milestone));
    database().write([&](Connection& connection) {
      intake::set_milestone(connection, account_, opportunity_, id,
                            by_person ? std::optional(kPerson) : std::nullopt, clock.now());
    });
    stand("outreach", "waiting_follow_up");
    execute(Sql("UPDATE outreach_runs SET state = 'waiting' WHERE opportunity_id = ?", opportunity_));
    execute(Sql("DELETE FROM notes"));
  }

  std::string milestone() {
    return text(
        Sql("SELECT m.name FROM opportunities o JOIN milestones m ON m.account_id = o.account_id AND m.id = "
            "o.milestone_id WHERE o.id = ?",
            opportunity_));
  }

  struct Case {
    std::string_view before;
    bool by_person;
    std::string_view after;
  };
  /// Each on a new opportunity; the change stands in the history, by nobody, with a note.
  template <class Cause>
  void expect(const std::vector<Case>& cases, Cause cause) {
    for (const Case& each : cases) {
      SCOPED_TRACE(std::string(each.before) + (each.by_person ? " by a person" : ""));
      begin();
      put(each.before, each.by_person);
      database().write([&](Connection& connection) { cause(connection); });
      EXPECT_EQ(milestone(), each.after);
      const bool moved = each.before != each.after;
      EXPECT_EQ(text(Sql("SELECT CASE WHEN user_id IS NULL THEN new_name ELSE 'of a person' END FROM "
                         "milestone_history WHERE opportunity_id = ? ORDER BY id DESC LIMIT 1",
                         opportunity_)),
                moved                 ? each.after
                : each.by_person      ? "of a person"
                : each.before.empty() ? ""
                                      : each.before);
      EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM notes WHERE opportunity_id = ? AND is_system = 1 AND "
                            "user_id IS NULL AND content LIKE ?",
                            opportunity_, "Milestone set to " + std::string(each.after) + ": %")),
                moved ? 1 : 0);
      check_books(account_);
    }
  }

  std::int64_t account_ = 0;
  std::int64_t project_ = 0;
  std::int64_t campaign_ = 0;
  std::int64_t opportunity_ = 0;
  std::int64_t contact_ = 0;
  std::int64_t mail_ = 0;
  std::string address_;
  int made_ = 0;
};
ON_EACH_ENGINE(ServerMilestones);

TEST_P(ServerMilestones, FirstSend) {
  expect(
      {{kNone, false, "Contacted"},
       {"New", false, "Contacted"},
       {"New", true, "New"},
       {"Responded", false, "Responded"},
       {"Lost - No Response", false, "Lost - No Response"}},
      [&](Connection& connection) {
        intake::note_contacted(
            connection, account_, opportunity_,
            {.type = intake::kOutreachEmailType, .event = rules::StageEvent::attempt_sent, .at = clock.now()},
            clock.now());
      });
}

/// Names are the account's; the server goes by roles.
TEST_P(ServerMilestones, RenamedAndGivenUp) {
  const auto send = [&](Connection& connection) {
    intake::note_contacted(
        connection, account_, opportunity_,
        {.type = intake::kOutreachEmailType, .event = rules::StageEvent::attempt_sent, .at = clock.now()},
        clock.now());
  };
  execute(Sql("UPDATE milestones SET name = 'Neu' WHERE name = 'New'"));
  execute(Sql("UPDATE milestones SET name = 'Angeschrieben' WHERE name = 'Contacted'"));
  execute(Sql("UPDATE milestones SET name = 'Contacted' WHERE name = 'Negotiating'"));
  expect(
      {{kNone, false, "Angeschrieben"}, {"Neu", false, "Angeschrieben"}, {"Contacted", false, "Contacted"}},
      send);
  execute(Sql("UPDATE milestones SET role = '' WHERE role = 'contacted'"));
  expect({{kNone, false, kNone}, {"Neu", false, "Neu"}}, send);
}

TEST_P(ServerMilestones, Reply) {
  expect({{kNone, false, "Responded"},
          {"New", false, "Responded"},
          {"Contacted", false, "Responded"},
          {"Contacted", true, "Contacted"},
          {"Lost - No Response", false, "Responded"},
          {"Lost - No Response", true, "Responded"},
          {"Negotiating", false, "Negotiating"},
          {"Lost - Not Interested", true, "Lost - Not Interested"},
          {"Won", true, "Won"}},
         [&](Connection& connection) {
           const std::int64_t mail = connection.integer(
               Sql("INSERT INTO inbound_emails (account_id, status, from_email, created_at) VALUES (?, "
                   "'unmatched', ?, ?) RETURNING id",
                   account_, address_, clock.now()));
           intake::match_inbound_email(connection, account_, mail, opportunity_, {}, clock.now());
         });
}

TEST_P(ServerMilestones, SequenceFinished) {
  const auto finish = [&](Connection& connection) {
    outreach::finish_sequence(connection, *outreach::find_run(connection, account_, opportunity_),
                              clock.now());
  };
  expect({{"Contacted", false, "Contacted"}}, finish);
  execute(Sql("UPDATE accounts SET lost_no_response = 1"));
  expect({{"Contacted", false, "Lost - No Response"},
          {"Contacted", true, "Contacted"},
          {kNone, false, kNone},
          {"New", false, "New"},
          {"Negotiating", false, "Negotiating"}},
         finish);
}

TEST_P(ServerMilestones, AllBounced) {
  const auto bounce = [&](Connection& connection) {
    outreach::take_bounce(connection,
                          {.account = account_, .outreach_email = mail_, .reason = "5.1.1 no such user"},
                          clock.now(), 1);
  };
  expect({{"Contacted", false, "Contacted"}}, bounce);
  execute(Sql("UPDATE accounts SET lost_bad_contact = 1"));
  // Otherwise the campaign is paused, which writes nothing here.
  expect({{kNone, false, "Lost - Bad Contact"},
          {"New", false, "Lost - Bad Contact"},
          {"Contacted", false, "Lost - Bad Contact"},
          {"Contacted", true, "Contacted"},
          {"Responded", false, "Responded"}},
         bounce);
  // A mail to somebody else has arrived.
  expect({{"Contacted", false, "Contacted"}}, [&](Connection& connection) {
    connection.execute(
        Sql("INSERT INTO outreach_emails (account_id, project_id, campaign_id, opportunity_id, contact_id, "
            "attempt_number, run, status, sent_at, created_at) VALUES (?, ?, ?, ?, ?, 2, 1, 'sent', 1, 1)",
            account_, project_, campaign_, opportunity_, contact_ + 1000));
    bounce(connection);
  });
}

TEST_P(ServerMilestones, AllBouncedElsewhere) {
  execute(Sql("UPDATE accounts SET lost_bad_contact = 1"));
  execute(Sql("DELETE FROM outreach_emails"));
  expect({{kNone, false, "Lost - Bad Contact"}}, [&](Connection& connection) {
    connection.execute(Sql("DELETE FROM outreach_emails WHERE opportunity_id = ?", opportunity_));
    outreach::end_without_address(connection, *outreach::find_run(connection, account_, opportunity_),
                                  clock.now());
  });
}

TEST_P(ServerMilestones, OptOut) {
  const auto opt_out = [&](Connection& connection) {
    connection.execute(Sql("UPDATE contacts SET is_unsubscribed = 1 WHERE id = ?", contact_));
    outreach::follow_opt_out(connection, account_, {address_, false}, clock.now());
  };
  expect({{"Contacted", false, "Contacted"}}, opt_out);
  execute(Sql("UPDATE accounts SET lost_unsubscribed = 1"));
  expect({{kNone, false, "Lost - Unsubscribed"},
          {"New", false, "Lost - Unsubscribed"},
          {"Contacted", false, "Lost - Unsubscribed"},
          {"Responded", false, "Lost - Unsubscribed"},
          {"Negotiating", false, "Lost - Unsubscribed"},
          {"Lost - No Response", false, "Lost - Unsubscribed"},
          {"Negotiating", true, "Negotiating"},
          {"Won", false, "Won"},
          {"Won", true, "Won"}},
         opt_out);
}

TEST_P(ServerMilestones, OptOutAfterTheEnd) {
  execute(Sql("UPDATE accounts SET lost_unsubscribed = 1"));
  for (const char* status : {"replied", "finished", "stopped", "form_submitted"}) {
    SCOPED_TRACE(status);
    begin();
    stand("completed", status);
    execute(Sql("UPDATE outreach_runs SET state = 'over'"));
    database().write([&](Connection& connection) {
      connection.execute(Sql("UPDATE contacts SET is_unsubscribed = 1 WHERE id = ?", contact_));
      outreach::follow_opt_out(connection, account_, {address_, false}, clock.now());
    });
    EXPECT_EQ(text(Sql("SELECT stage_status FROM opportunities WHERE id = ?", opportunity_)), "unsubscribed");
    EXPECT_EQ(milestone(), "Lost - Unsubscribed");
    check_books(account_);
  }
  // Somebody else of the site may still be written to.
  begin();
  stand("completed", "finished");
  execute(Sql("UPDATE outreach_runs SET state = 'over'"));
  execute(Sql("INSERT INTO contacts (account_id, email, created_at) VALUES (?, 'else@one.example.com', 0)",
              account_));
  execute(Sql(
      "INSERT INTO opportunity_contacts (account_id, opportunity_id, contact_id) SELECT account_id, ?, id "
      "FROM contacts WHERE email = 'else@one.example.com'",
      opportunity_));
  database().write([&](Connection& connection) {
    connection.execute(Sql("UPDATE contacts SET is_unsubscribed = 1 WHERE id = ?", contact_));
    outreach::follow_opt_out(connection, account_, {address_, false}, clock.now());
  });
  EXPECT_EQ(text(Sql("SELECT stage_status FROM opportunities WHERE id = ?", opportunity_)), "finished");
}

TEST_P(ServerMilestones, TasksEndWithWhatPeopleWrite) {
  const auto ends = [&](auto cause) {
    begin();
    const std::int64_t task = database().write([&](Connection& connection) {
      return connection.integer(
          Sql("INSERT INTO tasks (account_id, project_id, opportunity_id, name, "
              "autocomplete_on_communication, created_at) VALUES (?, ?, ?, 'x', 1, 0) RETURNING id",
              account_, project_, opportunity_));
    });
    database().write([&](Connection& connection) { cause(connection); });
    return integer(Sql("SELECT COUNT(*) FROM tasks WHERE id = ? AND completed_at = ? AND completed_by = 0",
                       task, clock.now())) == 1;
  };
  const auto inbound = [&](std::string_view kind) {
    return [this, kind](Connection& connection) {
      const std::int64_t mail = connection.integer(
          Sql("INSERT INTO inbound_emails (account_id, status, class, from_email, created_at) VALUES (?, "
              "'unmatched', ?, ?, ?) RETURNING id",
              account_, kind, address_, clock.now()));
      intake::match_inbound_email(connection, account_, mail, opportunity_, {}, clock.now());
    };
  };
  EXPECT_TRUE(ends(inbound("human")));
  EXPECT_FALSE(ends(inbound("auto_reply")));
  EXPECT_TRUE(ends([&](Connection& connection) {
    const std::int64_t reply = connection.integer(
        Sql("INSERT INTO sent_replies (account_id, project_id, campaign_id, opportunity_id, status, "
            "created_at) VALUES (?, ?, ?, ?, 'scheduled', 0) RETURNING id",
            account_, project_, campaign_, opportunity_));
    outreach::take_sent_reply(connection, account_, reply, clock.now(), clock.now());
  }));
  EXPECT_TRUE(ends([&](Connection& connection) {
    const std::int64_t form = connection.integer(
        Sql("INSERT INTO form_submissions (account_id, project_id, campaign_id, opportunity_id, "
            "attempt_number, status, created_at) VALUES (?, ?, ?, ?, 1, 'pending', 0) RETURNING id",
            account_, project_, campaign_, opportunity_));
    intake::submit_form(connection, account_, form, kPerson, clock.now());
  }));
  EXPECT_FALSE(ends([&](Connection& connection) {
    intake::note_contacted(
        connection, account_, opportunity_,
        {.type = intake::kOutreachEmailType, .event = rules::StageEvent::attempt_sent, .at = clock.now()},
        clock.now());
  }));
}

}  // namespace
}  // namespace overture::db
