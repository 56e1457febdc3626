// What exclusion lists do to intake and to what is there already, in any number.
#include <gtest/gtest.h>

#include "house.hpp"
#include "intake/blocklist.hpp"
#include "intake/counts.hpp"
#include "intake/opportunity.hpp"
#include "intake/tasks.hpp"
#include "intake/unsubscribe.hpp"
#include "jobs/queue.hpp"
#include "jobs/runner.hpp"
#include "work/apply_blocklist.hpp"

namespace overture::db {
namespace {

using intake::Outcome;

class Exclusions : public House {
 protected:
  std::int64_t block(std::int64_t account, std::string_view pattern, std::int64_t project = 0) {
    return database().write([&](Connection& connection) {
      return intake::add_blocklist_entry(connection, account,
                                         {.pattern = std::string(pattern), .reason = {}, .project = project},
                                         clock.now());
    });
  }
  std::size_t apply(std::int64_t account, const std::vector<std::int64_t>& entries) {
    return database().write([&](Connection& connection) {
      return intake::apply_blocklist(connection, account, entries, clock.now());
    });
  }
  std::string status(const intake::Placement& placement) {
    return text(Sql("SELECT workflow_status FROM opportunities WHERE id = ?", placement.opportunity));
  }
  base::Millis unsubscribe(std::int64_t account, std::string_view entry, std::int64_t user = 7) {
    return database().write([&](Connection& connection) {
      return intake::unsubscribe(connection, account, *intake::parse_unsubscribe_entry(entry),
                                 {.user = user, .reason = {}, .now = clock.now()});
    });
  }
};
ON_EACH_ENGINE(Exclusions);

TEST_P(Exclusions, BlocklistTakesOutTheUncontactedAndKeepsTheContacted) {
  const auto account = add_account();
  const auto project = add_project(account);
  const auto campaign = add_campaign(account, project, {.in_project = false});
  const auto placed =
      add(account, campaign,
          {site("a.com"), site("www.a.com"), site("x.a.com"), site("ba.com"), site("b.example"),
           site("contacted.a.com"), site("rejected.a.com"), site("sending.a.com")});
  const auto set = [&](std::size_t i, std::string_view workflow, std::string_view stage, bool contacted) {
    database().write([&](Connection& connection) {
      connection.execute(
          Sql("UPDATE opportunities SET workflow_status = ?, stage_status = ?, "
              "outreach_started_date = ? WHERE id = ?",
              workflow, stage, contacted ? Value(std::int64_t{1}) : Value(), placed[i].opportunity));
      intake::count_opportunities(connection, account, project, campaign, "inspect", 0, -1);
      intake::count_opportunities(connection, account, project, campaign, workflow, 0, 1);
    });
  };
  set(1, "outreach", "queued", false);
  set(5, "outreach", "waiting_follow_up", true);
  set(6, "rejected", "declined", false);
  set(7, "outreach", "sending", false);
  execute(
      Sql("INSERT INTO outreach_emails (account_id, project_id, campaign_id, opportunity_id, contact_id, "
          "attempt_number, status, created_at) VALUES (?, ?, ?, ?, 1, 1, 'scheduled', 0)",
          account, project, campaign, placed[1].opportunity));
  const auto version = integer(Sql("SELECT version FROM opportunities WHERE id = ?", placed[0].opportunity));

  EXPECT_EQ(apply(account, {block(account, "a.com")}), 2U);
  EXPECT_EQ(status(placed[0]), "deleted");
  EXPECT_EQ(status(placed[1]), "deleted");
  EXPECT_EQ(status(placed[2]), "inspect");
  EXPECT_EQ(integer(Sql("SELECT version FROM opportunities WHERE id = ?", placed[0].opportunity)),
            version + 1);
  EXPECT_EQ(text(Sql("SELECT status FROM outreach_emails")), "cancelled");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM stage_events WHERE to_workflow = 'deleted'")), 2);
  check_books(account);

  EXPECT_EQ(apply(account, {block(account, "*.a.com")}), 1U);
  EXPECT_EQ(status(placed[2]), "deleted");
  EXPECT_EQ(status(placed[3]), "inspect");
  EXPECT_EQ(status(placed[4]), "inspect");
  EXPECT_EQ(status(placed[5]), "outreach");
  EXPECT_EQ(status(placed[6]), "rejected");
  EXPECT_EQ(status(placed[7]), "outreach");
  check_books(account);
  EXPECT_EQ(add_one(account, campaign, site("new.a.com")).outcome, Outcome::blocklisted);
  EXPECT_EQ(add_one(account, campaign, site("ba.com", "Again")).outcome, Outcome::duplicate_in_campaign);
}

TEST_P(Exclusions, BlocklistOfAProjectStaysInIt) {
  const auto account = add_account();
  const auto here = add_project(account);
  const auto in_here = add_campaign(account, here);
  const auto elsewhere = add_campaign(account, add_project(account));
  const auto other = add_account();
  const auto there = add_one(account, elsewhere, site("a.example"));
  const auto mine = add_one(account, in_here, site("a.example"));
  EXPECT_EQ(apply(account, {block(account, "a.example", here)}), 1U);
  EXPECT_EQ(status(mine), "deleted");
  EXPECT_EQ(status(there), "inspect");
  EXPECT_EQ(add_one(account, in_here, site("www.a.example")).outcome, Outcome::blocklisted);
  EXPECT_EQ(add_one(account, elsewhere, site("www.a.example")).outcome, Outcome::created);
  EXPECT_EQ(add_one(other, add_campaign(other, add_project(other)), site("a.example")).outcome,
            Outcome::created);
  check_books(account);
}

/// Below a public suffix each domain is one of its own.
TEST_P(Exclusions, BlocklistCoversWholeSuffixes) {
  const auto account = add_account();
  const auto campaign = add_campaign(account, add_project(account));
  const auto placed = add(account, campaign, {site("one.co.uk"), site("www.two.co.uk"), site("co.example")});
  EXPECT_EQ(apply(account, {block(account, "*.co.uk")}), 2U);
  EXPECT_EQ(status(placed[2]), "inspect");
  EXPECT_EQ(add_one(account, campaign, site("three.co.uk")).outcome, Outcome::blocklisted);
}

TEST_P(Exclusions, AJobTakesOutWhatIsTooMuchForOneWrite) {
  const auto account = add_account();
  const auto campaign = add_campaign(account, add_project(account));
  constexpr int kSites = static_cast<int>(intake::kBlocklistStep) * 2 + 30;
  std::vector<intake::Prospect> prospects;
  for (int i = 0; i < kSites; ++i) prospects.push_back(site("s" + std::to_string(i) + ".huge.example"));
  for (std::size_t from = 0; from < prospects.size(); from += intake::kIntakeMaxBatch) {
    const auto to = std::min(prospects.size(), from + intake::kIntakeMaxBatch);
    add(account, campaign,
        {prospects.begin() + static_cast<std::ptrdiff_t>(from),
         prospects.begin() + static_cast<std::ptrdiff_t>(to)});
  }
  const auto entry = block(account, "*.huge.example");
  EXPECT_EQ(apply(account, {entry}), intake::kBlocklistStep);
  const auto job = database().write([&](Connection& connection) {
    return jobs::enqueue(connection, {.account = account,
                                      .kind = intake::kApplyBlocklistKind,
                                      .payload = "{\"entries\":[" + std::to_string(entry) + "]}",
                                      .now = clock.now()});
  });
  jobs::Runner runner(database(), clock, {work::apply_blocklist()});
  EXPECT_TRUE(runner.run_one());
  const auto left = integer(Sql("SELECT COUNT(*) FROM opportunities WHERE workflow_status <> 'deleted'"));
  EXPECT_EQ(left, 0);
  EXPECT_EQ(text(Sql("SELECT state FROM jobs WHERE id = ?", job)), "completed");
  EXPECT_EQ(integer(Sql("SELECT done FROM jobs WHERE id = ?", job)),
            kSites - static_cast<int>(intake::kBlocklistStep));
  check_books(account);
}

TEST_P(Exclusions, UnsubscribingIsKeptOnceAndKnownToLaterContacts) {
  const auto account = add_account();
  const auto campaign = add_campaign(account, add_project(account));
  add_one(account, campaign, person("ann@a.example"));
  const auto first = unsubscribe(account, "Ann@A.example");
  clock.advance(base::kDay);
  EXPECT_EQ(unsubscribe(account, "ann@a.example", 8), first);
  EXPECT_EQ(integer(Sql("SELECT unsubscribed_by FROM contacts WHERE email = 'ann@a.example'")), 7);
  EXPECT_EQ(integer(Sql("SELECT unsubscribed_date FROM contacts WHERE email = 'ann@a.example'")), first);
  unsubscribe(account, "b.example");
  unsubscribe(account, "c@c.example", 0);
  add(account, campaign,
      {person("x@b.example"), person("x@sub.b.example"), person("c@c.example"), person("d@c.example")});
  const auto marked = [&](std::string_view email) {
    return integer(Sql("SELECT is_unsubscribed FROM contacts WHERE email = ?", email));
  };
  EXPECT_EQ(marked("x@b.example"), 1);
  EXPECT_EQ(marked("x@sub.b.example"), 0);
  EXPECT_EQ(marked("c@c.example"), 1);
  EXPECT_EQ(marked("d@c.example"), 0);
  EXPECT_EQ(
      integer(Sql("SELECT COUNT(*) FROM contacts WHERE email = 'c@c.example' AND unsubscribed_by IS NULL")),
      1);
  // A person's own wish takes the entry out of the hands of users.
  unsubscribe(account, "ann@a.example", 0);
  EXPECT_EQ(integer(Sql("SELECT user_id FROM unsubscribes WHERE entry = 'ann@a.example'")), 0);
  // Another account's list does not concern them.
  const auto other = add_account();
  add_one(other, add_campaign(other, add_project(other)), person("ann@a.example"));
  EXPECT_EQ(integer(Sql("SELECT is_unsubscribed FROM contacts WHERE account_id = ?", other)), 0);
}

TEST_P(Exclusions, TasksAreDoneByWhatTheyWaitFor) {
  const auto account = add_account();
  const auto project = add_project(account);
  const auto placed = add_one(account, add_campaign(account, project), site("a.example"));
  const auto add_task = [&](bool on_milestone, bool on_communication, std::int64_t opportunity) {
    return database().write([&](Connection& connection) {
      return connection.integer(
          Sql("INSERT INTO tasks (account_id, project_id, opportunity_id, name, autocomplete_on_milestone, "
              "autocomplete_on_communication, created_at) VALUES (?, ?, ?, 'x', ?, ?, 0) RETURNING id",
              account, project, opportunity, on_milestone ? 1 : 0, on_communication ? 1 : 0));
    });
  };
  const auto is_done = [&](std::int64_t task) {
    return integer(Sql("SELECT COUNT(*) FROM tasks WHERE id = ? AND completed_at IS NOT NULL", task)) == 1;
  };
  const auto on_milestone = add_task(true, false, placed.opportunity);
  const auto on_communication = add_task(false, true, placed.opportunity);
  const auto by_hand = add_task(false, false, placed.opportunity);
  const auto elsewhere = add_task(true, true, placed.opportunity + 1);
  execute(Sql("INSERT INTO milestones (account_id, name, created_at) VALUES (?, 'Talking', 0)", account));
  const auto milestone = integer(Sql("SELECT MAX(id) FROM milestones WHERE account_id = ?", account));
  database().write([&](Connection& connection) {
    intake::set_milestone(connection, account, placed.opportunity, milestone, std::nullopt, clock.now());
  });
  EXPECT_TRUE(is_done(on_milestone));
  EXPECT_FALSE(is_done(on_communication));
  const auto completed = database().write([&](Connection& connection) {
    return intake::complete_tasks_on_communication(connection, account, placed.opportunity, clock.now());
  });
  EXPECT_EQ(completed, 1);
  EXPECT_TRUE(is_done(on_communication));
  EXPECT_FALSE(is_done(by_hand));
  EXPECT_FALSE(is_done(elsewhere));
}

}  // namespace
}  // namespace overture::db
