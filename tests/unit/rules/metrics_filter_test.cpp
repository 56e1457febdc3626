#include "rules/metrics_filter.hpp"

#include <gtest/gtest.h>

namespace overture::rules {
namespace {

constexpr auto kFits = MetricsVerdict::fits;
constexpr auto kFiltered = MetricsVerdict::filtered;
constexpr auto kPending = MetricsVerdict::pending;

MetricsFilter moz(std::string object) { return MetricsFilter({{"moz", std::move(object)}}); }
SiteMetrics authority(double value) { return {{"moz", {{"domain_authority", value}}}}; }

TEST(MetricsFilter, BoundsAreInclusiveAndEitherMayBeOpen) {
  const MetricsFilter filter = moz(R"({"domain_authority":{"min":20,"max":60.5}})");
  EXPECT_EQ(filter.judge(authority(19.99)), kFiltered);
  EXPECT_EQ(filter.judge(authority(20)), kFits);
  EXPECT_EQ(filter.judge(authority(60.5)), kFits);
  EXPECT_EQ(filter.judge(authority(60.6)), kFiltered);
  EXPECT_EQ(moz(R"({"domain_authority":{"min":null,"max":"50"}})").judge(authority(0)), kFits);
  EXPECT_EQ(moz(R"({"domain_authority":{"min":" 1,000 "}})").judge(authority(999)), kFiltered);
}

TEST(MetricsFilter, AllBoundsOfAllProvidersMustHold) {
  const MetricsFilter filter({{"moz", R"({"domain_authority":{"min":20},"spam_score":{"max":5}})"},
                              {"ahrefs", R"({"domain_rating":{"min":30}})"}});
  EXPECT_EQ(filter.judge({{"moz", {{"domain_authority", 20}, {"spam_score", 5}}},
                          {"ahrefs", {{"domain_rating", 30}}}}),
            kFits);
  EXPECT_EQ(filter.judge({{"moz", {{"domain_authority", 20}, {"spam_score", 6}}},
                          {"ahrefs", {{"domain_rating", 30}}}}),
            kFiltered);
  EXPECT_EQ(filter.judge({{"moz", {{"domain_authority", 20}}}, {"ahrefs", {{"domain_rating", 29}}}}),
            kFiltered);
}

TEST(MetricsFilter, AnsweredButUnknownIsZero) {
  EXPECT_EQ(moz(R"({"domain_authority":{"min":1}})").judge({{"moz", {}}}), kFiltered);
  EXPECT_EQ(moz(R"({"domain_authority":{"min":0,"max":5}})").judge({{"moz", {}}}), kFits);
}

TEST(MetricsFilter, NotAnsweredIsNotApplied) {
  const MetricsFilter filter(
      {{"moz", R"({"domain_authority":{"min":20}})"}, {"ahrefs", R"({"domain_rating":{"min":30}})"}});
  EXPECT_EQ(filter.judge({}), kPending);
  EXPECT_EQ(filter.judge(authority(50)), kPending);
  EXPECT_EQ(filter.judge(authority(10)), kFiltered) << "what can be applied is";
}

TEST(MetricsFilter, WhatIsNoBoundIsLeftAlone) {
  const MetricsFilter filter =
      moz(R"({"note":"x","list":[1],"deep":{"x":1},"domain_authority":{"min":"many"},"n":5})");
  EXPECT_TRUE(filter.empty());
  EXPECT_EQ(filter.judge({}), kFits);
  EXPECT_TRUE(moz("nonsense").empty());
  EXPECT_TRUE(moz("[1]").empty());
}

TEST(MetricsFilter, UnknownNamesAreOnlyAskedWhereTheyAreTold) {
  const MetricsFilter filter = moz(R"({"our_own":{"min":5}})");
  EXPECT_EQ(filter.judge({{"moz", {}}}), kFits);
  EXPECT_EQ(filter.judge({{"moz", {{"our_own", 4}}}}), kFiltered);
}

TEST(Metrics, ReadAndWritten) {
  const auto metrics = parse_metrics(R"({"a":5,"b":"6.5","c":"x","d":null,"e":1e3,"f":{"x":1}})");
  EXPECT_EQ(metrics, (std::map<std::string, double, std::less<>>{{"a", 5}, {"b", 6.5}, {"e", 1000}}));
  EXPECT_EQ(parse_metrics(write_metrics(metrics)), metrics);
  EXPECT_EQ(write_metrics({{"a", 5}}), R"({"a":5})");
  for (const char* text : {"", " ", "x", "1x", "nan", "inf", "1e999", "--1"})
    EXPECT_FALSE(parse_metric(text)) << text;
  EXPECT_EQ(parse_metric(" -1.5 "), -1.5);
}

}  // namespace
}  // namespace overture::rules
