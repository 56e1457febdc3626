// What stands in the tables after prospects came: rows, books, merges; alone, in any split, and at once.
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "house.hpp"
#include "intake/contacts.hpp"
#include "intake/counts.hpp"
#include "intake/opportunity.hpp"

namespace overture::db {
namespace {

using intake::Outcome;

class Intake : public House {};
ON_EACH_ENGINE(Intake);

TEST_P(Intake, KeepsTheBooks) {
  const auto account = add_account();
  const auto campaign = add_campaign(account, add_project(account), {.type = "import"});
  const auto company = add_field(account, "company");
  const auto price = add_field(account, "price", true);
  auto full = site("https://Full.example/a?b#c", "Full");
  full.contacts = {
      {"ann@full.example", "Ann", "A"}, {"bob@full.example", "", ""}, {"ann@full.example", "X", ""}};
  full.contact_form_url = "https://full.example/form";
  full.personalization = {{company, "Full Ltd"}};
  full.custom_values = {{price, "10"}};
  const auto before = integer(Sql("SELECT SUM(n) FROM account_changes WHERE account_id = ?", account));
  const auto placements = add(account, campaign, {full, site("plain.example"), person("bob@full.example")});
  EXPECT_EQ(
      dump(account),
      "0 |  | bob@full.example |  | inspect | new |  |  [bob@full.example= ] [] []\n"
      "0 | https://full.example/a?b | Full | https://full.example/form | inspect | new | full.example | "
      "full.example [ann@full.example=Ann A; bob@full.example= ] [company=Full Ltd] [price=10]\n"
      "0 | https://plain.example | plain.example |  | inspect | new | plain.example | plain.example [] [] "
      "[]");
  check_books(account);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM contacts WHERE account_id = ?", account)), 2);
  EXPECT_EQ(integer(Sql("SELECT SUM(n) FROM account_changes WHERE account_id = ?", account)), before + 1);
  EXPECT_EQ(integer(Sql("SELECT created_at FROM opportunities WHERE id = ?", placements[0].opportunity)),
            clock.now());
  EXPECT_EQ(integer(Sql("SELECT version FROM opportunities WHERE id = ?", placements[0].opportunity)), 1);

  // A name that comes later is filled in, and everything that shows it gets a new version.
  auto named = person("bob@full.example");
  named.contacts[0].first_name = "Bob";
  const auto other = add_campaign(account, add_project(account));
  EXPECT_EQ(add_one(account, other, named).outcome, Outcome::created);
  EXPECT_EQ(text(Sql("SELECT first_name FROM contacts WHERE email = 'bob@full.example'")), "Bob");
  EXPECT_EQ(integer(Sql("SELECT version FROM opportunities WHERE id = ?", placements[0].opportunity)), 2);
  check_books(account);
}

TEST_P(Intake, MergesIntoWhatIsThere) {
  const auto account = add_account();
  const auto campaign = add_campaign(account, add_project(account), {.type = "import"});
  const auto company = add_field(account, "company");
  const auto title = add_field(account, "job_title");
  auto first = site("m.example/1");
  first.contacts = {{"a@m.example", "", ""}};
  first.personalization = {{company, "One"}};
  auto second = site("m.example/2", "Second");
  second.contacts = {{"a@m.example", "Ann", ""}, {"b@m.example", "", ""}};
  second.personalization = {{company, "Two"}, {title, "Editor"}};
  second.contact_form_url = "https://m.example/form";
  const char* merged =
      "0 | https://m.example/1 | Second | https://m.example/form | inspect | new | m.example | m.example "
      "[a@m.example=Ann ; b@m.example= ] [company=One, Two; job_title=Editor] []";

  const auto created = add(account, campaign, {first}).front();
  const auto placements = add(account, campaign, {second, second, first}, true);
  for (const auto& placement : placements) {
    EXPECT_EQ(placement.outcome, Outcome::merged);
    EXPECT_EQ(placement.opportunity, created.opportunity);
  }
  EXPECT_EQ(dump(account), merged);
  const auto version = integer(Sql("SELECT version FROM opportunities WHERE id = ?", created.opportunity));
  EXPECT_GT(version, 1);
  add(account, campaign, {second}, true);
  EXPECT_EQ(integer(Sql("SELECT version FROM opportunities WHERE id = ?", created.opportunity)), version);

  const auto at_once = add_account();
  const auto other = add_campaign(at_once, add_project(at_once), {.type = "import"});
  // Values belong to fields of the account; the same tokens here.
  auto translate = [&](intake::Prospect prospect) {
    for (auto& value : prospect.personalization) {
      value.field = integer(Sql("SELECT id FROM personalization_fields WHERE account_id = ? AND token = ?",
                                at_once, value.field == company ? "company" : "job_title"));
    }
    return prospect;
  };
  add_field(at_once, "company");
  add_field(at_once, "job_title");
  add(at_once, other, {translate(first), translate(second), translate(second)}, true);
  EXPECT_EQ(dump(at_once), merged);
  check_books(account);
}

/// Rows over a few hosts and addresses, so that every kind of meeting happens.
std::vector<intake::Prospect> random_rows(std::mt19937& random, std::size_t count, std::int64_t company) {
  auto pick = [&random](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  std::vector<intake::Prospect> rows;
  for (std::size_t i = 0; i < count; ++i) {
    intake::Prospect row;
    if (pick(4) != 0) {
      row = site((pick(2) != 0 ? "www." : "") + std::string("h") + std::to_string(pick(6)) + ".example/" +
                     std::to_string(pick(3)),
                 pick(3) == 0 ? "name " + std::to_string(pick(3)) : "");
    }
    for (int contacts = pick(3); contacts > 0 || (!row.site && row.contacts.empty()); --contacts) {
      const std::string email = "p" + std::to_string(pick(6)) + "@x.example";
      row.contacts.push_back({email, pick(2) != 0 ? "N" + std::to_string(pick(3)) : "", ""});
    }
    if (pick(2) != 0) row.personalization = {{company, "value " + std::to_string(pick(3))}};
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST_P(Intake, AnySplitGivesTheSame) {
  std::mt19937 random(20240117);
  for (int round = 0; round < 24; ++round) {
    const CampaignSwitches switches{.type = round % 2 == 0 ? "import" : "discovery",
                                    .in_project = random() % 2 != 0,
                                    .in_all_projects = random() % 3 == 0,
                                    .limit = round % 5 == 4 ? std::optional<std::int64_t>(7) : std::nullopt};
    const bool merge = random() % 2 != 0;
    const std::string_view key = round % 3 == 0 ? "host_without_www" : "host";
    const auto seed = random();
    auto fill = [&](bool at_once) {
      std::mt19937 rows_random(seed);
      const auto account = add_account(key);
      const auto project = add_project(account);
      const auto target = add_campaign(account, project, switches);
      const auto sibling = add_campaign(account, project, {.type = "import"});
      const auto company = add_field(account, "company");
      add(account, sibling, random_rows(rows_random, 4, company));
      const auto rows = random_rows(rows_random, 40, company);
      if (at_once) {
        add(account, target, rows, merge);
      } else {
        for (std::size_t from = 0; from < rows.size();) {
          const std::size_t to = std::min(rows.size(), from + 1 + random() % 6);
          add(account, target,
              {rows.begin() + static_cast<std::ptrdiff_t>(from),
               rows.begin() + static_cast<std::ptrdiff_t>(to)},
              merge);
          from = to;
        }
      }
      check_books(account);
      return dump(account);
    };
    const std::string at_once = fill(true);
    ASSERT_EQ(fill(false), at_once) << "round " << round << ", seed " << seed;
  }
}

TEST_P(Intake, WritersAtOnceMakeNoDuplicates) {
  const auto account = add_account();
  const auto project = add_project(account);
  const auto one = add_campaign(account, project);
  const auto two = add_campaign(account, project);
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937 random(thread);
      for (int round = 0; round < 25; ++round) {
        const auto rows = random_rows(random, thread % 2 == 0 ? 1 : 5, 1);
        std::vector<intake::Prospect> plain = rows;
        for (auto& row : plain) row.personalization.clear();
        add(account, round % 2 == 0 ? one : two, plain);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM (SELECT domain_id FROM opportunities WHERE account_id = ? AND "
                        "domain_id <> 0 GROUP BY domain_id HAVING COUNT(*) > 1) AS twice",
                        account)),
            0);
  check_books(account);
}

TEST_P(Intake, RebuildRightsWrongBooks) {
  const auto account = add_account();
  const auto campaign = add_campaign(account, add_project(account));
  add(account, campaign, {site("a.example"), person("b@b.example")});
  execute(Sql("UPDATE opportunity_counts SET n = n + 5 WHERE account_id = ?", account));
  execute(Sql("UPDATE counters SET n = 0 WHERE account_id = ?", account));
  auto differences = [&] {
    return database().read(
        [&](Connection& connection) { return intake::verify_counts(connection, account); });
  };
  ASSERT_EQ(differences().size(), 2U);
  database().write([&](Connection& connection) { intake::rebuild_counts(connection, account); });
  EXPECT_TRUE(differences().empty());
}

TEST_P(Intake, WinsAreVerifiedAndCountedAnew) {
  const auto account = add_account();
  const auto project = add_project(account);
  const auto placed = add_one(account, add_campaign(account, project), site("a.example"));
  const std::string won = std::string(intake::kWonCounter) + std::to_string(project);
  const std::int64_t milestone = database().write([&](Connection& connection) {
    return connection.integer(
        Sql("INSERT INTO milestones (account_id, name, kind, created_at) VALUES (?, 'Yes', 'won', 0) "
            "RETURNING id",
            account));
  });
  database().write([&](Connection& connection) {
    ASSERT_TRUE(
        intake::set_milestone(connection, account, placed.opportunity, milestone, std::nullopt, clock.now()));
    EXPECT_FALSE(
        intake::set_milestone(connection, account, placed.opportunity, milestone + 7, {}, clock.now()));
  });
  const auto expect_recounted = [&](std::int64_t kept, std::int64_t right) {
    const auto differences =
        database().read([&](Connection& connection) { return intake::verify_counts(connection, account); });
    ASSERT_EQ(differences.size(), 1U);
    EXPECT_EQ(differences[0].what, won);
    EXPECT_EQ(differences[0].kept, kept);
    EXPECT_EQ(differences[0].counted, right);
    database().write([&](Connection& connection) { intake::recount_milestones(connection, account); });
    check_books(account);
  };
  check_books(account);
  execute(Sql("UPDATE counters SET n = n + 3 WHERE account_id = ? AND name = ?", account, won));
  expect_recounted(4, 1);
  execute(Sql("UPDATE milestones SET kind = 'lost' WHERE account_id = ? AND id = ?", account, milestone));
  expect_recounted(1, 0);
}

TEST_P(Intake, UnknownCampaign) {
  const auto account = add_account();
  const auto foreign = add_account();
  const auto campaign = add_campaign(foreign, add_project(foreign));
  EXPECT_EQ(error_of([&] { add_one(account, campaign, site("a.example")); }), base::ErrorCode::not_found);
}

}  // namespace
}  // namespace overture::db
