// Who is a duplicate of whom: every combination of switches, places and spellings.
#include "house.hpp"

namespace overture::db {
namespace {

using intake::Outcome;

class IntakeMatrix : public House {};
ON_EACH_ENGINE(IntakeMatrix);

struct Place {
  const char* host;
  const char* email;
};
// What is there already: in the campaign itself, in another one of its project, in another project, in
// deleted ones.
constexpr Place kHere{"here.example", "here@person.example"};
constexpr Place kProject{"project.example", "project@person.example"};
constexpr Place kAccount{"account.example", "account@person.example"};
constexpr Place kPartner{"partner.example", "partner@person.example"};
constexpr Place kDeleted{"deleted.example", "deleted@person.example"};

TEST_P(IntakeMatrix, EverySwitchPlaceAndSpelling) {
  for (int bits = 0; bits < 8; ++bits) {
    const CampaignSwitches switches{.in_project = (bits & 1) != 0,
                                    .in_all_projects = (bits & 2) != 0,
                                    .without_partners = (bits & 4) != 0};
    SCOPED_TRACE(bits);
    const auto account = add_account();
    const auto project = add_project(account);
    const auto other_project = add_project(account, "archived");
    const auto deleted_project = add_project(account, "deleted");
    const auto target = add_campaign(account, project, switches);
    const auto sibling = add_campaign(account, project, {.status = "archived"});
    const auto stranger = add_campaign(account, other_project);
    const auto deleted = add_campaign(account, project, {.status = "deleted"});
    const auto in_deleted = add_campaign(account, deleted_project);
    auto put = [&](std::int64_t campaign, const Place& place) {
      add(account, campaign, {site("https://" + std::string(place.host) + "/one"), person(place.email)});
    };
    put(target, kHere);
    put(sibling, kProject);
    put(stranger, kAccount);
    put(deleted, kDeleted);
    put(in_deleted, kDeleted);
    add_partner(account, kPartner.host);
    // Rejected ones count, those that were removed do not.
    execute(Sql("UPDATE opportunities SET workflow_status = 'rejected' WHERE account_id = ?", account));

    const auto project_level =
        switches.in_project || switches.in_all_projects ? Outcome::duplicate_in_project : Outcome::created;
    const auto account_level = switches.in_all_projects ? Outcome::duplicate_in_account : Outcome::created;
    const auto partner_level = switches.without_partners ? Outcome::partner : Outcome::created;
    auto check = [&](const Place& place, Outcome of_site, Outcome of_person) {
      SCOPED_TRACE(place.host);
      const std::string host = place.host;
      // What is created here is there from then on.
      const Outcome again = of_site == Outcome::created ? Outcome::duplicate_in_campaign : of_site;
      EXPECT_EQ(add_one(account, target, site("https://" + host + "/one")).outcome, of_site) << "same path";
      EXPECT_EQ(add_one(account, target, site("https://" + host + "/two")).outcome, again) << "other path";
      EXPECT_EQ(add_one(account, target, site("https://www." + host + "/one")).outcome, Outcome::created)
          << "www";
      EXPECT_EQ(add_one(account, target, site("https://blog." + host)).outcome, Outcome::created)
          << "sub-domain";
      EXPECT_EQ(add_one(account, target, person(place.email)).outcome, of_person) << "contact-only";
    };
    check(kHere, Outcome::duplicate_in_campaign, Outcome::duplicate_in_campaign);
    check(kProject, project_level, project_level);
    check(kAccount, account_level, account_level);
    check(kPartner, partner_level, Outcome::created);
    check(kDeleted, Outcome::created, Outcome::created);
  }
}

TEST_P(IntakeMatrix, OtherKeys) {
  const std::vector<std::string> hosts = {"a.example.co.uk",   "www.a.example.co.uk", "b.example.co.uk",
                                          "www.example.co.uk", "other.github.io",     "mine.github.io"};
  auto outcomes = [&](std::string_view key, bool at_once) {
    const auto account = add_account(key);
    const auto campaign = add_campaign(account, add_project(account));
    std::vector<intake::Prospect> prospects;
    for (const std::string& host : hosts) prospects.push_back(site(host));
    std::string created;
    if (at_once) {
      for (const auto& placement : add(account, campaign, prospects)) {
        created += placement.outcome == Outcome::created ? '1' : '0';
      }
    } else {
      for (const auto& prospect : prospects) {
        created += add_one(account, campaign, prospect).outcome == Outcome::created ? '1' : '0';
      }
    }
    return created;
  };
  for (const bool at_once : {true, false}) {
    EXPECT_EQ(outcomes("host", at_once), "111111");
    EXPECT_EQ(outcomes("host_without_www", at_once), "101111");
    EXPECT_EQ(outcomes("registrable_domain", at_once), "100011");
  }
}

TEST_P(IntakeMatrix, ImportWithoutDeduplicationCollapsesOnlyEqualRows) {
  const auto account = add_account();
  const auto project = add_project(account);
  const auto campaign = add_campaign(account, project, {.type = "import", .in_project = false});
  const auto sibling = add_campaign(account, project, {.type = "import", .in_project = false});
  auto with_email = site("https://hub.example/a");
  with_email.contacts.push_back({"a@hub.example", "", ""});
  const std::vector<intake::Prospect> rows = {site("https://hub.example/a"), site("https://hub.example/b"),
                                              with_email, person("a@hub.example")};
  for (const auto& placement : add(account, campaign, rows)) EXPECT_EQ(placement.outcome, Outcome::created);
  for (const auto& placement : add(account, campaign, rows)) {
    EXPECT_EQ(placement.outcome, Outcome::duplicate_in_campaign);
  }
  for (const auto& placement : add(account, sibling, rows)) EXPECT_EQ(placement.outcome, Outcome::created);
  // A row that was removed from the workflow may come again; a row that came while de-duplication was on is
  // known.
  execute(Sql("UPDATE opportunities SET workflow_status = 'deleted' WHERE campaign_id = ? AND url LIKE '%/b'",
              campaign));
  EXPECT_EQ(add_one(account, campaign, rows[1]).outcome, Outcome::created);
  execute(Sql("UPDATE campaigns SET disable_deduplication = 0 WHERE id = ?", campaign));
  EXPECT_EQ(add_one(account, campaign, site("https://new.example/")).outcome, Outcome::created);
  execute(Sql("UPDATE campaigns SET disable_deduplication = 1 WHERE id = ?", campaign));
  EXPECT_EQ(add_one(account, campaign, site("https://new.example/")).outcome, Outcome::duplicate_in_campaign);
  EXPECT_EQ(add_one(account, campaign, site("https://new.example/x")).outcome, Outcome::created);
}

TEST_P(IntakeMatrix, OwnSitesPartnersAndLimit) {
  const auto account = add_account("host_without_www");
  const auto project = add_project(account, "active", R"(["https://www.Own.example/x", "else.example"])");
  const auto campaign = add_campaign(account, project, {.without_partners = true, .limit = 2});
  add_partner(account, "www.friend.example");
  const auto placements =
      add(account, campaign,
          {site("own.example"), site("blog.own.example/y"), site("notown.example"), site("friend.example"),
           person("a@own.example"), site("third.example"), site("notown.example/again"), intake::Prospect{}});
  const std::vector<Outcome> expected = {Outcome::own_site,
                                         Outcome::own_site,
                                         Outcome::created,
                                         Outcome::partner,
                                         Outcome::created,
                                         Outcome::over_limit,
                                         Outcome::duplicate_in_campaign,
                                         Outcome::invalid};
  ASSERT_EQ(placements.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(placements[i].outcome, expected[i]) << i;
  EXPECT_EQ(placements[6].opportunity, placements[2].opportunity);
  EXPECT_EQ(add_one(account, campaign, site("third.example")).outcome, Outcome::over_limit);
  check_books(account);
}

}  // namespace
}  // namespace overture::db
