// Steps of the state machine in the database: what the rules say, with the books right after each.
#include "intake/stage.hpp"

#include <gtest/gtest.h>

#include "house.hpp"
#include "intake/counts.hpp"
#include "intake/launch.hpp"
#include "intake/opportunity.hpp"

namespace overture::db {
namespace {

using rules::StageEvent;

class StageStep : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    account_ = add_account();
    project_ = add_project(account_);
    campaign_ = add_campaign(account_, project_);
    opportunity_ = add_one(account_, campaign_, site("https://example.com")).opportunity;
  }

  void put(const rules::Stage& stage) {
    execute(Sql("UPDATE opportunities SET workflow_status = ?, stage_status = ? WHERE id = ?", stage.workflow,
                stage.status, opportunity_));
    database().write([&](Connection& connection) { intake::rebuild_counts(connection, account_); });
  }

  std::optional<intake::StageChange> change(StageEvent event, std::string_view reason = {}) {
    return database().write([&](Connection& connection) {
      return intake::change_stage(connection, account_, opportunity_, event, 7, clock.now(), reason);
    });
  }

  std::string standing() {
    return text(
        Sql("SELECT workflow_status || '/' || stage_status FROM opportunities WHERE id = ?", opportunity_));
  }

  std::int64_t account_ = 0;
  std::int64_t project_ = 0;
  std::int64_t campaign_ = 0;
  std::int64_t opportunity_ = 0;
};
ON_EACH_ENGINE(StageStep);

TEST_P(StageStep, EveryEventEverywhereKeepsTheBooks) {
  for (const rules::Stage& from : rules::all_stages()) {
    for (int number = 0; number <= static_cast<int>(StageEvent::form_submitted); ++number) {
      const auto event = static_cast<StageEvent>(number);
      const auto expected = rules::next_stage(from, event);
      put(from);
      const std::int64_t version =
          integer(Sql("SELECT version FROM opportunities WHERE id = ?", opportunity_));
      const std::int64_t events = integer(Sql("SELECT count(*) FROM stage_events"));
      const auto changed = change(event);
      ASSERT_EQ(changed.has_value(), expected.has_value()) << standing() << " " << event_name(event);
      const rules::Stage& to = expected.value_or(from);
      EXPECT_EQ(standing(), std::string(to.workflow) + "/" + std::string(to.status));
      EXPECT_EQ(integer(Sql("SELECT version FROM opportunities WHERE id = ?", opportunity_)),
                version + (expected ? 1 : 0));
      EXPECT_EQ(integer(Sql("SELECT count(*) FROM stage_events")),
                events + (to.workflow != from.workflow ? 1 : 0));
      check_books(account_);
    }
  }
}

TEST_P(StageStep, WritesReasonsAndNotes) {
  ASSERT_TRUE(change(StageEvent::reject, "Too small"));
  EXPECT_EQ(text(Sql("SELECT stage_reason FROM opportunities")), "Too small");
  EXPECT_EQ(text(Sql("SELECT content FROM notes WHERE is_system = 1 AND user_id = 7")),
            "Rejected: Too small");
  ASSERT_TRUE(change(StageEvent::restore));
  EXPECT_EQ(text(Sql("SELECT stage_reason FROM opportunities")), "");
  EXPECT_FALSE(change(StageEvent::restore));
  EXPECT_EQ(integer(Sql("SELECT count(*) FROM notes")), 2);
}

TEST_P(StageStep, LeavesOtherAccountsAlone) {
  const std::int64_t other = add_account();
  const auto changed = database().write([&](Connection& connection) {
    return intake::change_stage(connection, other, opportunity_, StageEvent::accept, {}, clock.now());
  });
  EXPECT_FALSE(changed);
  EXPECT_EQ(standing(), "inspect/new");
}

TEST_P(StageStep, CancelsWhatWaits) {
  put({"outreach", "waiting_follow_up"});
  for (const char* status : {"sent", "scheduled", "review", "draft", "sending", "unknown"}) {
    execute(
        Sql("INSERT INTO outreach_emails (account_id, project_id, campaign_id, opportunity_id, contact_id, "
            "attempt_number, status, created_at) VALUES (?, ?, ?, ?, 1, 1, ?, 1)",
            account_, project_, campaign_, opportunity_, status));
  }
  ASSERT_TRUE(change(StageEvent::pause));
  EXPECT_EQ(integer(Sql("SELECT count(*) FROM outreach_emails WHERE status = 'cancelled'")), 0);
  ASSERT_TRUE(change(StageEvent::stop));
  EXPECT_EQ(integer(Sql("SELECT count(*) FROM outreach_emails WHERE status = 'cancelled'")), 3);
  // What is on its way, or may be, is left to those who send.
  EXPECT_EQ(
      integer(Sql("SELECT count(*) FROM outreach_emails WHERE status IN ('sent', 'sending', 'unknown')")), 3);
}

TEST_P(StageStep, StopsAtWonAndLostMilestones) {
  for (const char* kind : {"open", "won", "lost"}) {
    const std::int64_t milestone = database().write([&](Connection& connection) {
      return connection.integer(
          Sql("INSERT INTO milestones (account_id, name, kind, created_at) VALUES (?, ?, ?, 1) RETURNING id",
              account_, kind, kind));
    });
    put({"outreach", "queued"});
    database().write([&](Connection& connection) {
      intake::set_milestone(connection, account_, opportunity_, milestone, {}, clock.now());
    });
    EXPECT_EQ(standing(), std::string(kind) == "open" ? "outreach/queued" : "completed/stopped") << kind;
    check_books(account_);
  }
}

TEST_P(StageStep, TwoStepsOfOneWrite) {
  put({"outreach", "queued"});
  database().write([&](Connection& connection) {
    auto row = intake::OpportunityRow::open(connection, account_, opportunity_);
    EXPECT_TRUE(intake::take_step(*row, StageEvent::pause, {}, clock.now(), "later"));
    EXPECT_TRUE(intake::take_step(*row, StageEvent::stop, {}, clock.now(), "enough"));
    row->write(clock.now());
  });
  EXPECT_EQ(standing(), "completed/stopped");
  EXPECT_EQ(text(Sql("SELECT stage_reason FROM opportunities WHERE id = ?", opportunity_)), "enough");
  check_books(account_);
}

}  // namespace
}  // namespace overture::db
