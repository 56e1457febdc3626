// Times as text, in and out.
#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

namespace overture::base {
namespace {

constexpr Millis kSmallest = std::numeric_limits<Millis>::min();
constexpr Millis kLargest = std::numeric_limits<Millis>::max();
constexpr Millis kFeb24 = 1740355200000;  // 2025-02-24T00:00:00Z, by date(1)

TEST(Time, writes_rfc3339) {
  const std::pair<Millis, const char*> cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {kFeb24, "2025-02-24T00:00:00Z"},
      {kFeb24 + 10 * kHour + 11 * kMinute + 12999, "2025-02-24T10:11:12Z"},
      {951782399999, "2000-02-28T23:59:59Z"},
      {951782400000, "2000-02-29T00:00:00Z"},
      {-1, "1969-12-31T23:59:59Z"},
      {253402300799999, "9999-12-31T23:59:59Z"},
      {kLargest, "9999-12-31T23:59:59Z"},
      {kSmallest, "0000-01-01T00:00:00Z"},
  };
  for (const auto& [time, text] : cases) EXPECT_EQ(rfc3339(time), text) << time;
  std::string out = "x";
  append_rfc3339(out, 0);
  EXPECT_EQ(out, "x1970-01-01T00:00:00Z");
}

TEST(Time, reads_every_documented_form) {
  const Millis ten = kFeb24 + 10 * kHour + 10 * kMinute;
  const std::pair<const char*, TimeSpan> cases[] = {
      {"2025-02-24", {kFeb24, kFeb24 + kDay}},
      {"2025-02-24 10:10", {ten, ten + kMinute}},
      {"2025-02-24 10:10:05", {ten + 5000, ten + 6000}},
      {"2025-02-24T10:10", {ten, ten + kMinute}},
      {"2025-02-24T10:10Z", {ten, ten + kMinute}},
      {"2025-02-24T10:10:05", {ten + 5000, ten + 6000}},
      {"2025-02-24T10:10:05Z", {ten + 5000, ten + 6000}},
      {"2025-02-24T10:10:05.123Z", {ten + 5000, ten + 6000}},
      {"2025-02-24T12:10:05+02:00", {ten + 5000, ten + 6000}},
      {"2025-02-24T04:40:05.5-05:30", {ten + 5000, ten + 6000}},
      {"2025-02-24T12:10+02:00", {ten, ten + kMinute}},
      {"2024-02-29", {1709164800000, 1709164800000 + kDay}},
      {"1970-01-01", {0, kDay}},
      {"9999-12-31", {253402214400000, 253402300800000}},
  };
  for (const auto& [text, span] : cases) EXPECT_EQ(parse_time(text), span) << text;
}

TEST(Time, refuses_everything_else) {
  for (const char* text : {"",
                           "2025",
                           "2025-02",
                           "2025-2-4",
                           "2025-02-30",
                           "2025-02-29",
                           "2025-13-01",
                           "2025-00-01",
                           "2025-01-00",
                           "2025-01-32",
                           "1969-12-31",
                           "0000-01-01",
                           "10000-01-01",
                           "2025-02-24 ",
                           " 2025-02-24",
                           "2025-02-24T",
                           "2025-02-24 24:00",
                           "2025-02-24 10:60",
                           "2025-02-24 10:10:60",
                           "2025-02-24 10",
                           "2025-02-24 10:10Z",
                           "2025-02-24 10:10:10.5",
                           "2025-02-24T10:10:10.",
                           "2025-02-24T10:10.5",
                           "2025-02-24T10:10:10+2:00",
                           "2025-02-24T10:10:10+24:00",
                           "2025-02-24T10:10:10+02:60",
                           "2025-02-24T10:10:10+0200",
                           "2025-02-24T10:10:10ZZ",
                           "2025-02-24t10:10:10z",
                           "2025/02/24",
                           "24-02-2025",
                           "+025-02-24",
                           "2025-+2-24",
                           "2025-02-24|",
                           "now"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(Time, reads_ranges) {
  EXPECT_EQ(parse_time_range("2025-02-24|2025-02-27"), (TimeSpan{kFeb24, kFeb24 + 4 * kDay}));
  EXPECT_EQ(parse_time_range("2025-02-24|2025-02-24 00:00"), (TimeSpan{kFeb24, kFeb24 + kMinute}));
  EXPECT_EQ(parse_time_range("2025-02-24|"), (TimeSpan{kFeb24, kLargest}));
  EXPECT_EQ(parse_time_range("|2025-02-24"), (TimeSpan{kSmallest, kFeb24 + kDay}));
  EXPECT_EQ(parse_time_range("2025-02-24"), (TimeSpan{kFeb24, kFeb24 + kDay}));
  for (const char* text :
       {"|", "", "a|", "|b", "2025-02-24|x", "2025-02-24||", "2025-02-24|2025-02-25|2025-02-26"}) {
    EXPECT_FALSE(parse_time_range(text)) << text;
  }
}

TEST(Time, a_range_turned_round_is_empty) {
  const auto span = parse_time_range("2025-02-27|2025-02-24");
  ASSERT_TRUE(span);
  EXPECT_GT(span->from, span->to);
}

TEST(Time, reads_what_it_writes) {
  rc::check([] {
    const auto second = *rc::gen::inRange<Millis>(0, 253402300800);
    RC_ASSERT(parse_time(rfc3339(second * kSecond)) == (TimeSpan{second * kSecond, (second + 1) * kSecond}));
  });
}

}  // namespace
}  // namespace overture::base
