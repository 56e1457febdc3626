// Reports against a slow and obvious count over the same random events, for random questions, on both
// engines.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support/report_world.hpp"

namespace overture::test {
namespace {

namespace json = boost::json;

constexpr const char* kReport =
    "/api/reports?campaigns_over_time=true&workflow_over_time=1&outreach_over_time=yes&"
    "won_lost_over_time=true&responses_by_attempt=true";

std::string target_of(std::string target, const ReportQuestion& question) {
  const auto add = [&target](const std::string& name, const std::set<std::int64_t>& ids) {
    for (const std::int64_t id : ids) target += "&" + name + "=" + std::to_string(id);
  };
  if (!question.start.empty()) target += "&start_date=" + question.start;
  if (!question.end.empty()) target += "&end_date=" + question.end;
  add("project_id", question.projects);
  add("campaign_id", question.campaigns);
  add("tag_opp_ids[]", question.opportunity_tags);
  add("tag_campaign_ids[]", question.campaign_tags);
  return target;
}

class ReportsProperty : public testing::TestWithParam<db::Engine> {};

TEST_P(ReportsProperty, SaysWhatASlowCountSays) {
  std::size_t sent = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    ApiHouse house(GetParam());
    ReportWorld world(house, seed);
    for (int i = 0; i < 60; ++i) {
      const ReportQuestion question = world.question();
      const std::string target = target_of(kReport, question);
      const auto response =
          house.ask(house.request(question.restricted ? "ulf" : "ada", http::Method::get, target));
      ASSERT_EQ(response.status, 200) << target << response.body;
      const json::value expected = world.answer(question);
      ASSERT_EQ(json::serialize(json::parse(response.body)), json::serialize(expected))
          << "seed " << seed << " " << target << (question.restricted ? " restricted" : "");
      sent += expected.at("sent_count").as_string() == "0" ? 0U : 1U;
    }
  }
  EXPECT_GT(sent, 100U) << "the questions find too little to prove anything";
}

TEST_P(ReportsProperty, SaysWhatASlowCountSaysOfEachGroup) {
  std::int64_t responded = 0;
  std::int64_t unsubscribed = 0;
  for (std::uint64_t seed = 11; seed <= 13; ++seed) {
    ApiHouse house(GetParam());
    ReportWorld world(house, seed);
    for (int i = 0; i < 60; ++i) {
      const ReportQuestion question = world.question();
      const std::string group = i % 3 == 0 ? "campaign" : i % 3 == 1 ? "email_account" : "attempt";
      const std::string target = target_of("/api/reports/outreach?group=" + group, question);
      const auto response =
          house.ask(house.request(question.restricted ? "ulf" : "ada", http::Method::get, target));
      ASSERT_EQ(response.status, 200) << target << response.body;
      const json::value expected = world.groups(question, group);
      ASSERT_EQ(json::serialize(json::parse(response.body)), json::serialize(expected))
          << "seed " << seed << " " << target << (question.restricted ? " restricted" : "");
      for (const json::value& item : expected.at("items").as_array()) {
        responded += item.at("responded").as_int64();
        unsubscribed += item.at("unsubscribed").as_int64();
      }
    }
  }
  EXPECT_GT(responded, 100) << "the questions find too little to prove anything";
  EXPECT_GT(unsubscribed, 100);
}

INSTANTIATE_TEST_SUITE_P(Api, ReportsProperty, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](const auto& each) {
                           return std::string(each.param == db::Engine::sqlite ? "Sqlite" : "Postgres");
                         });

}  // namespace
}  // namespace overture::test
