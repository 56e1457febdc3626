// Days where clocks change, sizes of buckets, and what counts as what.
#include "rules/reports.hpp"

#include <gtest/gtest.h>

namespace overture::rules {
namespace {

constexpr base::Millis kHour = base::kHour;

base::Millis day(const std::string& zone, std::string_view text, int days = 0) {
  const auto found = start_of_day(zone, text, days);
  EXPECT_TRUE(found) << text;
  return found.value_or(0);
}

std::vector<std::string> dates(const std::string& zone, std::string_view from, std::string_view last) {
  std::vector<std::string> all;
  const auto buckets = make_buckets(zone, day(zone, from), day(zone, last, 1));
  for (const Bucket& bucket : buckets.value()) {
    all.push_back(bucket.date);
  }
  return all;
}

TEST(Reports, DaysBeginWhereTheZoneSays) {
  EXPECT_EQ(day("UTC", "2025-02-24"), 1740355200000);
  EXPECT_EQ(day("America/New_York", "2025-02-24"), 1740355200000 + 5 * kHour);
  EXPECT_EQ(day("Asia/Kathmandu", "2025-02-24"), 1740355200000 - 5 * kHour - 45 * base::kMinute);
  // 23 and 25 hours.
  EXPECT_EQ(day("Europe/Berlin", "2025-03-31") - day("Europe/Berlin", "2025-03-30"), 23 * kHour);
  EXPECT_EQ(day("Europe/Berlin", "2025-10-26", 1) - day("Europe/Berlin", "2025-10-26"), 25 * kHour);
  // No midnight: the day begins at one.
  EXPECT_EQ(day("America/Santiago", "2024-09-08", 1) - day("America/Santiago", "2024-09-08"), 23 * kHour);
  // Two midnights: the day begins at the first.
  EXPECT_EQ(day("America/Havana", "2025-11-02", 1) - day("America/Havana", "2025-11-02"), 25 * kHour);
}

TEST(Reports, RefusesDaysThatAreNone) {
  for (const char* text : {"", "2025-02-30", "2025-13-01", "2025-2-3", "1969-12-31", "2025-02-24 ",
                           "2025/02/24", "-025-02-24", "2025-02-2x", "2025-02-24T00:00:00Z"}) {
    EXPECT_FALSE(start_of_day("UTC", text)) << text;
  }
}

TEST(Reports, BucketsAreDaysWeeksOrMonths) {
  EXPECT_EQ(dates("UTC", "2025-02-24", "2025-02-24"), std::vector<std::string>{"2025-02-24"});
  EXPECT_EQ(dates("UTC", "2025-01-01", "2025-01-31").size(), 31U);
  EXPECT_EQ(dates("Europe/Berlin", "2025-03-15", "2025-04-14").size(), 31U);
  const auto weeks = dates("UTC", "2025-01-01", "2025-02-01");
  EXPECT_EQ(weeks,
            (std::vector<std::string>{"2024-12-30", "2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27"}));
  EXPECT_EQ(dates("UTC", "2025-01-06", "2025-07-04").size(), 26U);  // 180 days
  EXPECT_EQ(dates("UTC", "2025-01-06", "2025-07-05"),
            (std::vector<std::string>{"2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01",
                                      "2025-06-01", "2025-07-01"}));
  EXPECT_FALSE(make_buckets("UTC", day("UTC", "1970-01-01"), day("UTC", "2070-01-02", 1)));
  EXPECT_TRUE(make_buckets("UTC", day("UTC", "1970-01-01"), day("UTC", "2069-12-31", 1)));
}

Report of_two_days() {
  return Report(make_buckets("UTC", day("UTC", "2025-02-24"), day("UTC", "2025-02-25", 1)).value());
}
constexpr base::Millis kFirst = 1740355200000;
constexpr base::Millis kSecond = kFirst + base::kDay;

TEST(Reports, EventsFallIntoTheBucketThatHoldsThem) {
  Report report = of_two_days();
  report.add_campaigns(kSecond - 1, 2);
  report.add_campaigns(kSecond, 1);
  report.add_campaigns(kFirst - base::kDay, 4);  // before the first: shown with it
  EXPECT_EQ(report.figures()[0].campaigns, 6);
  EXPECT_EQ(report.figures()[1].campaigns, 1);
  EXPECT_EQ(report.totals().campaigns, 7);
}

TEST(Reports, MovesCountEachStageThatIsPassed) {
  Report report = of_two_days();
  report.add_moves(kFirst, "inspect", "outreach", 1);
  report.add_moves(kFirst, "compose", "outreach", 1);
  report.add_moves(kFirst, "personalize", "compose", 1);
  report.add_moves(kFirst, "outreach", "completed", 1);
  report.add_moves(kFirst, "completed", "outreach", 1);
  report.add_moves(kFirst, "inspect", "rejected", 1);
  report.add_moves(kFirst, "rejected", "inspect", 1);
  const Report::Figures figures = report.figures()[0];
  EXPECT_EQ(figures.inspected, 1);
  EXPECT_EQ(figures.personalized, 2);
  EXPECT_EQ(figures.outreached, 2);
  EXPECT_EQ(figures.rejected, 1);
}

TEST(Reports, RepliesCountOpportunitiesAndAreCreditedOnce) {
  Report report = of_two_days();
  report.add_sent(kFirst, 1, false, 3);
  report.add_sent(kFirst, 2, true, 1);
  report.add_reply(kSecond, 7, 2);
  report.add_reply(kFirst + 5, 7, 1);  // earlier, though it comes later
  report.add_reply(kFirst + 9, 7, 3);
  report.add_reply(kFirst, 8, 0);
  EXPECT_EQ(report.totals().responded, 2);
  EXPECT_EQ(report.figures()[0].responded, 2);
  EXPECT_EQ(report.figures()[1].responded, 1);
  EXPECT_EQ(report.figures()[0].follow_ups, 1);
  EXPECT_EQ(report.figures()[0].bounced, 1);
  const auto attempts = report.attempts();
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_EQ(attempts[0].responded, 1);
  EXPECT_EQ(attempts[0].rate_percent, 33);
  EXPECT_EQ(attempts[1].responded, 0);
}

TEST(Reports, AnOpportunityIsWonOnce) {
  Report report = of_two_days();
  report.add_outcome(kSecond, 7, Report::Outcome::won);
  report.add_outcome(kFirst, 7, Report::Outcome::won);
  report.add_outcome(kFirst, 8, Report::Outcome::lost);
  EXPECT_EQ(report.totals().won, 1);
  EXPECT_EQ(report.figures()[0].won, 0);
  EXPECT_EQ(report.figures()[1].won, 1);
  EXPECT_EQ(report.figures()[0].lost, 1);
}

TEST(Reports, PercentIsRounded) {
  EXPECT_EQ(percent_of(0, 0), 0);
  EXPECT_EQ(percent_of(1, 3), 33);
  EXPECT_EQ(percent_of(2, 3), 67);
  EXPECT_EQ(percent_of(5, 10), 50);
}

}  // namespace
}  // namespace overture::rules
