// The window against a walk minute by minute over the days on which clocks change, in forty zones.
#include "rules/sending_window.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

namespace overture::rules {
namespace {

using base::kDay;
using base::kHour;
using base::kMinute;
using base::Millis;

const std::vector<const char*> kZones = {"UTC",
                                         "Europe/London",
                                         "Europe/Berlin",
                                         "Europe/Lisbon",
                                         "Atlantic/Azores",
                                         "Europe/Moscow",
                                         "Europe/Istanbul",
                                         "Europe/Dublin",
                                         "Africa/Cairo",
                                         "Africa/Casablanca",
                                         "Africa/Nairobi",
                                         "Asia/Beirut",
                                         "Asia/Amman",
                                         "Asia/Gaza",
                                         "Asia/Jerusalem",
                                         "Asia/Tehran",
                                         "Asia/Kabul",
                                         "Asia/Kolkata",
                                         "Asia/Kathmandu",
                                         "Asia/Shanghai",
                                         "Asia/Tokyo",
                                         "Asia/Pyongyang",
                                         "Australia/Sydney",
                                         "Australia/Adelaide",
                                         "Australia/Lord_Howe",
                                         "Pacific/Auckland",
                                         "Pacific/Chatham",
                                         "Pacific/Apia",
                                         "Pacific/Kiritimati",
                                         "Pacific/Pago_Pago",
                                         "America/New_York",
                                         "America/Los_Angeles",
                                         "America/Havana",
                                         "America/St_Johns",
                                         "America/Sao_Paulo",
                                         "America/Santiago",
                                         "America/Asuncion",
                                         "America/Caracas",
                                         "America/Nuuk",
                                         "America/Scoresbysund",
                                         "Antarctica/Troll",
                                         "Antarctica/Casey"};

/// Asked of the library itself, not of our tables.
struct Clock {
  explicit Clock(const char* name) : zone(date::locate_zone(name)) {}
  Millis local(Millis time) const {
    const auto seconds = date::floor<std::chrono::seconds>(
        date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time)));
    return time + std::chrono::milliseconds(zone->get_info(seconds).offset).count();
  }
  const date::time_zone* zone;
};

/// Every moment between 2008 and 2036 at which the zone's clocks are changed.
std::vector<Millis> changes_of(const Clock& clock) {
  std::vector<Millis> found;
  const date::sys_seconds end(date::sys_days(date::year(2036) / 1 / 1));
  for (date::sys_seconds at(date::sys_days(date::year(2008) / 1 / 1)); at < end;) {
    at = clock.zone->get_info(at).end;
    if (at < end) found.push_back(at.time_since_epoch().count() * 1000);
  }
  return found;
}

Millis floor_day(Millis local) { return local >= 0 ? local / kDay : (local - kDay + 1) / kDay; }

bool shows_open(const Clock& clock, const SendingWindow& window, Millis time) {
  const Millis local = clock.local(time);
  const Millis day = floor_day(local);
  const Millis minute = (local - day * kDay) / kMinute;
  const auto weekday = static_cast<std::size_t>(((day % 7) + 10) % 7);
  return window.days[weekday] && minute >= window.from_minute && minute < window.to_minute;
}

SendingWindow window_of(const char* zone, int from, int to) {
  return {Zone::find(zone), from, to, {true, true, true, true, true, true, true}};
}

TEST(SendingWindow, is_what_a_walk_by_minutes_finds_where_clocks_change) {
  const std::pair<int, int> hours[] = {{0, 1440},  {9 * 60, 17 * 60}, {0, 90},
                                       {130, 140}, {23 * 60, 1440},   {1, 1439}};
  std::size_t days = 0;
  for (const char* name : kZones) {
    const Clock clock(name);
    std::vector<Millis> changes = changes_of(clock);
    changes.push_back(1'772'000'000'000 / kMinute * kMinute);
    // All of them would be 1300 days: every third one, and all of the last years.
    for (std::size_t c = 0; c < changes.size(); ++c) {
      if (c % 3 != 0 && c + 6 < changes.size()) continue;
      ++days;
      const auto& [from, to] = hours[(c + days) % std::size(hours)];
      SendingWindow window = window_of(name, from, to);
      if (days % 4 == 0)
        window.days[static_cast<std::size_t>(weekday_of(floor_day(clock.local(changes[c]))))] = false;
      const Millis begin = changes[c] - 36 * kHour;
      const Millis end = changes[c] + 36 * kHour;
      Millis opens = -1;
      for (Millis time = end; time >= begin; time -= kMinute) {
        const bool open = shows_open(clock, window, time);
        if (open) opens = time;
        ASSERT_EQ(is_open(window, time), open) << name << " " << time;
        if (opens >= 0 && (time - begin) % (7 * kMinute) == 0) {
          ASSERT_EQ(next_open(window, time), opens) << name << " " << time << " " << from << "-" << to;
        }
      }
    }
  }
  EXPECT_GT(days, 400U);
}

TEST(SendingWindow, closes_and_counts_as_a_walk_by_minutes_does) {
  const std::pair<int, int> hours[] = {{0, 1440}, {9 * 60, 17 * 60}, {0, 90}, {60, 180}, {22 * 60, 1440}};
  std::size_t days = 0;
  for (const char* name : kZones) {
    const Clock clock(name);
    for (const Millis change : changes_of(clock)) {
      if (++days % 5 != 0) continue;
      const auto& [from, to] = hours[days % std::size(hours)];
      const SendingWindow window = window_of(name, from, to);
      for (Millis time = change - 25 * kHour; time < change + 25 * kHour; time += 53 * kMinute) {
        const LocalDay day = local_day(window, time);
        Millis closes = time;
        while (closes < day.end && shows_open(clock, window, closes)) closes += kMinute;
        ASSERT_EQ(closes_at(window, time), closes) << name << " " << time;
        Millis left = 0;
        for (Millis at = time; at < day.end; at += kMinute)
          left += shows_open(clock, window, at) ? kMinute : 0;
        ASSERT_EQ(open_time_left(window, time), left) << name << " " << time << " " << from << "-" << to;
      }
    }
  }
}

TEST(SendingWindow, is_the_first_open_moment_at_any_time_at_all) {
  EXPECT_TRUE(rc::check("inside, and nothing before it", [] {
    const char* name = *rc::gen::elementOf(kZones);
    const Clock clock(name);
    SendingWindow window = window_of(name, *rc::gen::inRange(0, 1440), 0);
    window.to_minute = *rc::gen::inRange(window.from_minute + 1, 1441);
    for (bool& day : window.days) day = *rc::gen::arbitrary<bool>();
    const Millis time = *rc::gen::inRange<Millis>(946'684'800'000, 2'082'758'400'000);
    const auto opens = next_open(window, time);
    if (window.days == std::array<bool, 7>{}) {
      RC_ASSERT(!opens);
      return;
    }
    RC_ASSERT(opens.has_value());
    RC_ASSERT(*opens >= time);
    RC_ASSERT(shows_open(clock, window, *opens));
    RC_ASSERT(*opens == time || !shows_open(clock, window, *opens - 1));
    // Nothing was passed over, sampled by minutes from the end and by 17 minutes all along.
    for (Millis at = time; at < *opens; at += 17 * kMinute) RC_ASSERT(!shows_open(clock, window, at));
    for (Millis at = *opens - 1; at >= time && at > *opens - 3 * kHour; at -= kMinute)
      RC_ASSERT(!shows_open(clock, window, at));
  }));
}

TEST(SendingWindow, never_opens_without_days_or_hours) {
  SendingWindow window = window_of("UTC", 9 * 60, 17 * 60);
  window.days = {};
  EXPECT_EQ(next_open(window, 0), std::nullopt);
  EXPECT_EQ(next_day_open(window, 0), std::nullopt);
  EXPECT_EQ(open_time_left(window, 0), 0);
  EXPECT_EQ(next_open(window_of("UTC", 600, 600), 0), std::nullopt);
  EXPECT_EQ(next_open(window_of("UTC", 600, 300), 0), std::nullopt);
}

TEST(SendingWindow, a_queue_is_spread_over_the_days) {
  SendingWindow window = window_of("UTC", 9 * 60, 17 * 60);
  window.days = {true, true, true, true, true, false, false};
  const Millis day = 24 * kHour;
  const Millis thursday = 10 * kHour;  // 1970-01-01
  const Millis minute = kHour / 60;
  EXPECT_EQ(turn_in_queue(window, thursday, 0, 3, 5, 0), thursday);
  EXPECT_EQ(turn_in_queue(window, thursday, 2, 3, 5, 0), 12 * kHour + 48 * minute)
      << "the third of three today: two fifths of the seven hours left";
  EXPECT_EQ(turn_in_queue(window, thursday, 3, 3, 5, 0), day + 9 * kHour);
  EXPECT_EQ(turn_in_queue(window, thursday, 7, 3, 5, 0), day + 13 * kHour + 16 * minute);
  EXPECT_EQ(turn_in_queue(window, thursday, 8, 3, 5, 0), 4 * day + 9 * kHour) << "behind the weekend";
  EXPECT_EQ(turn_in_queue(window, thursday, 1, -2, 5, 0), day + 10 * kHour + 4 * minute);
  EXPECT_EQ(turn_in_queue(window, 18 * kHour, 1, 0, 5, 0), day + 10 * kHour + 4 * minute)
      << "today is over: all of tomorrow's";
  EXPECT_EQ(turn_in_queue(window, thursday, 1, 0, 0, 0), std::nullopt);
  EXPECT_EQ(turn_in_queue(window, thursday, 2, 3, 5, 3 * kHour), 16 * kHour) << "the mailboxes are slower";
  EXPECT_EQ(turn_in_queue(window, thursday, 3, 8, 8, 3 * kHour), day + 9 * kHour)
      << "not before the window shuts";
  EXPECT_EQ(turn_in_queue(window, thursday, 500, 1000, 1000, kHour), day + 9 * kHour)
      << "days later at the least";
}

TEST(SendingWindow, reads_times_of_day) {
  EXPECT_EQ(parse_minute_of_day("00:00"), 0);
  EXPECT_EQ(parse_minute_of_day("09:30"), 570);
  EXPECT_EQ(parse_minute_of_day("24:00"), 1440);
  for (const char* text : {"", "9:30", "24:01", "25:00", "12:60", "1a:00", "12-00", "12:00 ", "-1:00"})
    EXPECT_EQ(parse_minute_of_day(text), std::nullopt) << text;
}

struct DayCase {
  const char* zone;
  const char* what;
  Millis inside;
  Millis hours_times_two;
};

TEST(LocalTime, days_are_as_long_as_they_are) {
  // Times by date(1), for example: TZ=America/Havana date -d '2025-03-09 12:00' +%s
  const DayCase cases[] = {
      {"UTC", "a plain day", 1'741'521'600'000, 48},
      {"Europe/Berlin", "2025-03-30", 1'743'328'800'000, 46},
      {"Europe/Berlin", "2025-10-26", 1'761'476'400'000, 50},
      {"America/Havana", "2025-03-09, midnight is skipped", 1'741'536'000'000, 46},
      {"America/Havana", "2025-11-02, from 1:00 to 0:00", 1'762'102'800'000, 50},
      {"Africa/Cairo", "2025-04-25, midnight is skipped", 1'745'571'600'000, 46},
      {"Africa/Cairo", "2025-10-30, from 24:00 to 23:00", 1'761'814'800'000, 50},
      {"Australia/Lord_Howe", "2025-10-05", 1'759'626'000'000, 47},
      {"Australia/Lord_Howe", "2025-04-06", 1'743'903'000'000, 49},
  };
  for (const DayCase& each : cases) {
    const Zone* zone = Zone::find(each.zone);
    ASSERT_NE(zone, nullptr);
    const LocalDay day = zone->day_at(each.inside);
    EXPECT_EQ(day.end - day.start, each.hours_times_two * kHour / 2) << each.zone << " " << each.what;
    EXPECT_EQ(zone->write(each.inside).substr(11), "12:00") << each.zone << " " << each.what;
  }
}

TEST(LocalTime, samoa_left_out_a_day) {
  const Zone* zone = Zone::find("Pacific/Apia");
  const LocalDay before = zone->day_at(1'325'239'200'000 - kHour);
  const LocalDay after = zone->day_at(1'325'239'200'000);
  EXPECT_EQ(after.number, before.number + 2);
  EXPECT_EQ(after.start, before.end);
  const LocalDay left_out = zone->day(before.number + 1);
  EXPECT_EQ(left_out.start, left_out.end);
  EXPECT_EQ(zone->write(after.start), "2011-12-31 00:00");
}

TEST(LocalTime, days_follow_one_another_in_every_zone) {
  for (const char* name : kZones) {
    const Zone* zone = Zone::find(name);
    ASSERT_NE(zone, nullptr) << name;
    for (std::int64_t number = 14'000; number < 24'000; number += 1) {
      const LocalDay day = zone->day(number);
      ASSERT_LE(day.start, day.end);
      ASSERT_EQ(zone->day(number + 1).start, day.end) << name;
      if (day.start == day.end) continue;
      ASSERT_EQ(zone->day_at(day.start).number, number) << name;
      ASSERT_EQ(zone->day_at(day.end - 1).number, number) << name;
    }
  }
}

TEST(LocalTime, a_day_that_has_begun_goes_on_when_its_midnight_comes_again) {
  // St. John's put its clocks back from 0:01 to 23:01 of the day before.
  const Zone* zone = Zone::find("America/St_Johns");
  const Millis midnight = zone->day_at(1'289'149'200'000).start;  // 2010-11-07
  EXPECT_EQ(zone->write(midnight), "2010-11-07 00:00");
  EXPECT_EQ(zone->write(midnight + 2 * kMinute), "2010-11-06 23:02");
  EXPECT_EQ(zone->day_at(midnight + 2 * kMinute).start, midnight);
  EXPECT_EQ(zone->day_at(midnight - 1).end, midnight);
  EXPECT_EQ(zone->day_at(midnight).end - midnight, 25 * kHour);
}

TEST(LocalTime, knows_its_zones) {
  EXPECT_EQ(Zone::find("Europe/Berlin"), Zone::find("Europe/Berlin"));
  EXPECT_EQ(Zone::find("Mars/Olympus"), nullptr);
  EXPECT_EQ(Zone::find(""), nullptr);
  EXPECT_EQ(Zone::find("../../etc/passwd"), nullptr);
  EXPECT_EQ(Zone::find("Asia/Kathmandu")->local(0), 5 * kHour + 30 * kMinute);
  EXPECT_EQ(Zone::find("Europe/Berlin")->write(-1), "1970-01-01 00:59");
}

TEST(LocalTime, first_at_takes_the_jump_and_the_first_of_two) {
  const Zone* zone = Zone::find("Europe/Berlin");
  const Millis spring = 1'743'296'400'000;  // 2025-03-30T01:00Z, 02:00 becomes 03:00
  const Millis local_midnight = 1'743'292'800'000;
  EXPECT_EQ(zone->first_at(local_midnight + 2 * kHour + 30 * kMinute), spring);
  EXPECT_EQ(zone->first_at(local_midnight + 3 * kHour), spring);
  const Millis autumn = 1'761'440'400'000;  // 2025-10-26T01:00Z, 03:00 becomes 02:00
  EXPECT_EQ(zone->first_at(1'761'436'800'000 + 2 * kHour + 30 * kMinute), autumn - 30 * kMinute);
}

TEST(LocalTime, weekdays_begin_on_monday) {
  EXPECT_EQ(weekday_of(0), 3);  // 1970-01-01 was a Thursday
  EXPECT_EQ(weekday_of(4), 0);
  EXPECT_EQ(weekday_of(-1), 2);
  EXPECT_EQ(weekday_of(-4), 6);
}

}  // namespace
}  // namespace overture::rules
