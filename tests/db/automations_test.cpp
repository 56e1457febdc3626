// Automations that wait for events, from the cause to what they do: on both engines, told on by the herald.
#include "intake/automations.hpp"

#include <gtest/gtest.h>

#include <set>

#include "events/event.hpp"
#include "house.hpp"
#include "intake/communications.hpp"
#include "intake/counts.hpp"
#include "intake/opportunity.hpp"
#include "intake/stage.hpp"
#include "outreach/trial.hpp"
#include "work/herald.hpp"

namespace overture::db {
namespace {

using rules::StageEvent;

/// What the first mail lacks.
const intake::MissingInMail kNothing = [](std::int64_t) { return std::vector<std::string>(); };

class Automations : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    account_ = add_account();
    project_ = add_project(account_);
    campaign_ = add_campaign(account_, project_);
    opportunity_ = add_one(account_, campaign_, site("https://example.com")).opportunity;
  }

  std::int64_t add(std::string_view name, std::string_view trigger, std::string_view actions,
                   std::string_view conditions = "[]") {
    return add_in(account_, name, trigger, actions, conditions);
  }
  std::int64_t add_in(std::int64_t account, std::string_view name, std::string_view trigger,
                      std::string_view actions, std::string_view conditions = "[]") {
    return database().write([&](Connection& connection) {
      return connection.integer(
          Sql("INSERT INTO automations (account_id, name, trigger_event, conditions, actions, created_by, "
              "created_at) VALUES (?, ?, ?, ?, ?, 1, ?) RETURNING id",
              account, name, trigger, conditions, actions, clock.now()));
    });
  }
  std::int64_t add_milestone(std::int64_t account, std::string_view name, std::string_view kind = "open",
                             std::string_view role = "") {
    return database().write([&](Connection& connection) {
      return connection.integer(
          Sql("INSERT INTO milestones (account_id, name, kind, role, created_at) VALUES (?, ?, ?, ?, 0) "
              "RETURNING id",
              account, name, kind, role));
    });
  }
  std::int64_t add_tag(std::int64_t account, std::string_view name) {
    return database().write([&](Connection& connection) {
      return connection.integer(
          Sql("INSERT INTO tags (account_id, name, type, created_at) VALUES (?, ?, 'opportunity', 0) "
              "RETURNING id",
              account, name));
    });
  }

  void put(std::string_view workflow, std::string_view status) {
    execute(Sql("UPDATE opportunities SET workflow_status = ?, stage_status = ? WHERE id = ?", workflow,
                status, opportunity_));
    database().write([&](Connection& connection) { intake::rebuild_counts(connection, account_); });
  }
  void change(StageEvent event) {
    database().write([&](Connection& connection) {
      ASSERT_TRUE(intake::change_stage(connection, account_, opportunity_, event, 7, clock.now()));
    });
  }
  void move(std::int64_t milestone, std::optional<std::int64_t> user = 7) {
    database().write([&](Connection& connection) {
      ASSERT_TRUE(intake::set_milestone(connection, account_, opportunity_, milestone, user, clock.now()));
    });
  }
  void reply() {
    database().write([&](Connection& connection) {
      const std::int64_t mail = connection.integer(
          Sql("INSERT INTO inbound_emails (account_id, status, from_email, created_at) VALUES (?, "
              "'unmatched', 'olga@example.com', ?) RETURNING id",
              account_, clock.now()));
      intake::match_inbound_email(connection, account_, mail, opportunity_, {}, clock.now());
    });
  }
  void bounce() {
    database().write([&](Connection& connection) {
      events::note(connection, account_,
                   {.kind = events::Kind::email_bounced, .project = project_, .opportunity = opportunity_},
                   clock.now());
    });
  }

  void tell() {
    const outreach::Install install{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
    work::Herald herald(database(), clock, install);
    while (herald.tell_next()) {
    }
    EXPECT_EQ(count("events"), 0);
  }

  /// Who has written a note (action add_note with "ran"), and how often.
  std::multiset<std::string> ran() {
    std::multiset<std::string> names;
    database().read([&](Connection& connection) {
      RowsPtr rows =
          connection.query(Sql("SELECT content, user_id, is_system FROM notes WHERE content LIKE '%: ran'"));
      while (rows->next()) {
        EXPECT_TRUE(rows->is_null(1));
        EXPECT_EQ(rows->integer(2), 1);
        std::string content(rows->text(0));
        const std::string before = "Automation “";
        EXPECT_TRUE(content.starts_with(before)) << content;
        names.insert(content.substr(before.size(), content.find("”") - before.size()));
      }
    });
    execute(Sql("DELETE FROM notes"));
    return names;
  }
  using Names = std::multiset<std::string>;

  static constexpr std::string_view kNote = R"([{"type":"add_note","content":"ran"}])";

  std::int64_t account_ = 0;
  std::int64_t project_ = 0;
  std::int64_t campaign_ = 0;
  std::int64_t opportunity_ = 0;
};
ON_EACH_ENGINE(Automations);

TEST_P(Automations, EachTriggerHearsItsOwnEvents) {
  add_milestone(account_, "Responded", "open", "responded");
  const auto talking = add_milestone(account_, "Talking");
  for (std::string_view trigger : intake::kTriggerEvents) add(trigger, trigger, kNote);
  add("asks", "stage_changed", kNote, R"([{"field":"stage_status","is":"stopped"}])");

  put("outreach", "queued");
  reply();
  tell();
  EXPECT_EQ(ran(), Names({"reply_received", "stage_changed", "milestone_changed"}));
  bounce();
  tell();
  EXPECT_EQ(ran(), Names({"bounced"}));

  struct Step {
    std::string_view workflow;
    std::string_view status;
    StageEvent event;
    Names names;
  };
  for (const Step& step :
       {Step{"outreach", "queued", StageEvent::all_bounced, {"all_bounced", "stage_changed"}},
        {"outreach", "queued", StageEvent::opted_out, {"unsubscribed", "stage_changed"}},
        {"completed", "finished", StageEvent::opted_out, {"unsubscribed", "stage_changed"}},
        {"outreach", "queued", StageEvent::sequence_finished, {"sequence_finished", "stage_changed"}},
        {"inspect", "awaiting_approval", StageEvent::approve, {"approved", "stage_changed"}},
        {"inspect", "new", StageEvent::accept, {"stage_changed"}},
        {"inspect", "new", StageEvent::reject, {"rejected", "stage_changed"}},
        {"inspect", "awaiting_approval", StageEvent::decline, {"rejected", "stage_changed"}},
        {"outreach", "queued", StageEvent::stop, {"asks", "stage_changed"}},
        {"outreach", "queued", StageEvent::pause, {}},
        {"outreach", "queued", StageEvent::attempt_sent, {}}}) {
    put(step.workflow, step.status);
    change(step.event);
    tell();
    EXPECT_EQ(ran(), step.names) << event_name(step.event);
  }
  move(talking);
  tell();
  EXPECT_EQ(ran(), Names({"milestone_changed"}));
}

TEST_P(Automations, NothingIsNotedWhereNobodyWaits) {
  move(add_milestone(account_, "Talking"));
  add("ready", "ready", R"([{"type":"launch"}])");
  execute(Sql("UPDATE automations SET is_active = 0 WHERE id = ?", add("off", "milestone_changed", kNote)));
  add_in(add_account(), "other", "milestone_changed", kNote);
  change(StageEvent::accept);
  EXPECT_EQ(count("events"), 0);
}

TEST_P(Automations, TheirOwnChangesStartNone) {
  const auto one = add_milestone(account_, "One");
  const auto two = add_milestone(account_, "Two", "lost");
  const auto to = [](std::int64_t milestone) {
    return R"([{"type":"set_milestone","milestone":)" + std::to_string(milestone) +
           R"(},{"type":"add_note","content":"ran"}])";
  };
  const auto at = [](std::int64_t milestone) {
    return R"([{"field":"milestone","is":)" + std::to_string(milestone) + "}]";
  };
  add("there", "milestone_changed", to(two), at(one));
  add("back", "milestone_changed", to(one), at(two));
  add("stage", "stage_changed", kNote);
  put("outreach", "queued");
  move(one);
  tell();
  EXPECT_EQ(ran(), Names({"there"}));
  EXPECT_EQ(integer(Sql("SELECT milestone_id FROM opportunities")), two);
  EXPECT_EQ(text(Sql("SELECT stage_status FROM opportunities")), "stopped");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM milestone_history")), 2);
  check_books(account_);
}

TEST_P(Automations, ALaunchThatLacksSomethingIsTriedOnce) {
  opportunity_ = add_one(account_, campaign_, person("olga@example.com")).opportunity;
  execute(
      Sql("INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, created_at) VALUES (?, "
          "?, 1, 'For {cf.budget}', 'Hi', 0)",
          account_, campaign_));
  add("again", "stage_changed", R"([{"type":"launch"}])",
      R"([{"field":"stage_status","is":"missing_data"}])");
  const outreach::Install install{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
  database().write([&](Connection& connection) {
    const auto missing = outreach::missing_at_launch(connection, install, account_);
    EXPECT_EQ(intake::launch(connection, account_, opportunity_, 7, clock.now(), missing).reason,
              "missing: cf.budget");
  });
  tell();
  EXPECT_EQ(text(Sql("SELECT stage_status FROM opportunities WHERE id = ?", opportunity_)), "missing_data");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM notes WHERE content = 'Launched'")), 0);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM notes WHERE content LIKE '%not launched: missing: cf.budget'")),
            1);
}

TEST_P(Automations, LaunchesByAutomationsStartNone) {
  opportunity_ = add_one(account_, campaign_, person("olga@example.com")).opportunity;
  const auto id = add("call", "launch_call", R"([{"type":"launch"}])");
  add("stage", "stage_changed", kNote);
  database().write([&](Connection& connection) {
    const auto automation = intake::load_automation(connection, account_, id);
    EXPECT_EQ(intake::run_automation(connection, account_, automation, opportunity_, 7, clock.now(), kNothing)
                  .status,
              intake::LaunchStatus::queued);
  });
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM notes WHERE content = 'Automation “call”: launched'")), 1);
  EXPECT_EQ(count("events"), 1);
  tell();
  EXPECT_EQ(ran(), Names());
}

TEST_P(Automations, EachStepIsHeardOfOnceAlsoWhenTheNextHasHappened) {
  const auto one = add_milestone(account_, "One");
  const auto two = add_milestone(account_, "Two");
  for (const auto& [name, milestone] : {std::pair("one", one), {"two", two}}) {
    add(name, "milestone_changed", kNote,
        R"([{"field":"milestone","is":)" + std::to_string(milestone) + "}]");
  }
  add("none", "milestone_changed", kNote, R"([{"field":"milestone","is":null}])");
  move(one);
  move(two);
  move(0);
  move(two);
  tell();
  EXPECT_EQ(ran(), Names({"one", "two", "none", "two"}));
}

TEST_P(Automations, StayInTheirAccountProjectAndCampaign) {
  const auto other = add_account();
  const auto other_project = add_project(account_);
  const auto talking = add_milestone(account_, "Talking");
  add_in(other, "other account", "milestone_changed", kNote);
  const auto place = [&](std::string_view name, std::int64_t project, std::int64_t campaign) {
    const auto id = add(name, "milestone_changed", kNote);
    execute(
        Sql("UPDATE automations SET project_id = ?, campaign_id = ? WHERE id = ?", project, campaign, id));
  };
  place("here", project_, campaign_);
  place("project", project_, 0);
  place("other project", other_project, 0);
  place("other campaign", project_, add_campaign(account_, project_));
  execute(Sql("UPDATE automations SET is_active = 0 WHERE id = ?", add("off", "milestone_changed", kNote)));
  move(talking);
  tell();
  EXPECT_EQ(ran(), Names({"here", "project"}));

  // What is another account's, by whatever way it came into the rules or the event, is not there.
  const auto their_tag = add_tag(other, "theirs");
  const auto their_milestone = add_milestone(other, "Theirs");
  execute(Sql("DELETE FROM automations"));
  add("takes", "stage_changed",
      R"([{"type":"add_tag","tag":)" + std::to_string(their_tag) +
          R"(},{"type":"set_milestone","milestone":)" + std::to_string(their_milestone) +
          R"(},{"type":"add_task","name":"x","assigned_to":999}])");
  change(StageEvent::accept);
  tell();
  EXPECT_EQ(count("opportunity_tags"), 0);
  EXPECT_EQ(integer(Sql("SELECT milestone_id FROM opportunities WHERE id = ?", opportunity_)), talking);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM tasks WHERE assigned_to = 0 AND account_id = ?", account_)), 1);

  add_in(other, "strange", "bounced", kNote);
  database().write([&](Connection& connection) {
    events::note(connection, other, {.kind = events::Kind::email_bounced, .opportunity = opportunity_},
                 clock.now());
    events::note(connection, other, {.kind = events::Kind::unsubscribed}, clock.now());
  });
  EXPECT_EQ(count("events"), 2);
  tell();
  EXPECT_EQ(ran(), Names());
}

TEST_P(Automations, ABrokenOneIsDoneNotAtAllAndStopsNoOther) {
  const auto tag = add_tag(account_, "hot");
  const std::string tagging = R"({"type":"add_tag","tag":)" + std::to_string(tag) + "}";
  add("strange", "stage_changed", R"([{"type":"dance"}])");
  add("no rules", "stage_changed", "{");
  add("no array", "stage_changed", "7");
  add("gone", "stage_changed", R"([{"type":"set_milestone","milestone":999},{"type":"add_tag","tag":999}])");
  // Its note is refused by the index below, after the tag.
  add("refused", "stage_changed",
      "[" + tagging +
          R"(,{"type":"add_note","content":"twice"},)"
          R"({"type":"add_note","content":"twice"}])");
  add("fine", "stage_changed", kNote);
  create("CREATE UNIQUE INDEX notes_once ON notes (content)");
  change(StageEvent::accept);
  tell();
  EXPECT_EQ(count("opportunity_tags"), 0);
  EXPECT_EQ(ran(), Names({"fine"}));

  // The same for those that launch at once: the write of their cause goes on.
  opportunity_ = add_one(account_, campaign_, person("olga@example.com")).opportunity;
  add("strange", "ready", R"([{"type":"dance"}])");
  add("refused", "ready",
      "[{\"type\":\"launch\"}," + tagging +
          R"(,{"type":"add_note","content":"twice"},)"
          R"({"type":"add_note","content":"twice"}])");
  change(StageEvent::accept);
  database().write([&](Connection& connection) {
    intake::settle_readiness(connection, account_, opportunity_, clock.now(), kNothing);
  });
  EXPECT_EQ(text(Sql("SELECT stage_status FROM opportunities WHERE id = ?", opportunity_)), "ready");
  check_books(account_);
}

TEST_P(Automations, AWriteThatIsTriedAgainRunsThemOnce) {
  add("note", "stage_changed", kNote);
  change(StageEvent::accept);
  // As when the engine finds a conflict at the end: everything is undone, then done again from the start.
  int tries = 0;
  const auto run = [&](Connection& connection) {
    for (const events::Noted& event : events::find_noted(connection, 10)) {
      intake::run_triggered_automations(connection, event, clock.now(), kNothing);
      events::forget(connection, event);
    }
    if (++tries == 1) throw base::Error(base::ErrorCode::unavailable, "The database is busy");
  };
  EXPECT_EQ(error_of([&] { database().write(run); }), base::ErrorCode::unavailable);
  EXPECT_EQ(count("notes"), 1);  // "Accepted"
  EXPECT_EQ(count("events"), 1);
  database().write(run);
  EXPECT_EQ(ran(), Names({"note"}));
  EXPECT_EQ(count("events"), 0);
  // What this thread notes next was done by nobody's automation.
  put("inspect", "new");
  change(StageEvent::reject);
  tell();
  EXPECT_EQ(ran(), Names({"note"}));
}

TEST_P(Automations, APersonsMilestoneIsReplacedOnPurposeOnly) {
  const auto talking = add_milestone(account_, "Talking");
  const auto other = add_milestone(account_, "Other");
  const std::string to = R"([{"type":"set_milestone","milestone":)" + std::to_string(other) + "}]";
  const auto blind = add("blind", "bounced", to);
  move(talking, 7);
  bounce();
  tell();
  EXPECT_EQ(integer(Sql("SELECT milestone_id FROM opportunities")), talking);
  // The server's own is replaced.
  move(other, 7);
  move(talking, {});
  bounce();
  tell();
  EXPECT_EQ(integer(Sql("SELECT milestone_id FROM opportunities")), other);
  // On purpose.
  move(talking, 7);
  execute(Sql("UPDATE automations SET conditions = ? WHERE id = ?",
              R"([{"field":"milestone","is":)" + std::to_string(talking) + "}]", blind));
  bounce();
  tell();
  EXPECT_EQ(integer(Sql("SELECT milestone_id FROM opportunities")), other);
}

}  // namespace
}  // namespace overture::db
