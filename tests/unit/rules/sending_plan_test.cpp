// Spacing, shares, rotation, retries and follow-ups: tables for what people expect, simulated days for what
// must always hold.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "rules/follow_up.hpp"
#include "rules/retry.hpp"
#include "rules/rotation.hpp"
#include "rules/share.hpp"
#include "rules/spacing.hpp"

namespace overture::rules {
namespace {

using base::kDay;
using base::kHour;
using base::kMinute;
using base::Millis;

constexpr Millis kMonday = 1'772'438'400'000;  // 2026-03-02 08:00Z, 09:00 in Berlin

SendingWindow berlin() {
  SendingWindow window;
  window.zone = Zone::find("Europe/Berlin");
  return window;
}

TEST(Spacing, jitter_stays_within_a_fifth) {
  EXPECT_EQ(with_jitter(0, 5), 0);
  EXPECT_EQ(with_jitter(1000, 0), 800);
  EXPECT_EQ(with_jitter(1000, 200), 1000);
  EXPECT_EQ(with_jitter(1000, 400), 1200);
  EXPECT_TRUE(rc::check("0.8 to 1.2", [](std::uint64_t hash) {
    const Millis length = *rc::gen::inRange<Millis>(1, 1'000'000'000'000);
    const Millis got = with_jitter(length, hash);
    RC_ASSERT(got >= length / 5 * 4 - 1);
    RC_ASSERT(got <= length / 5 * 6 + 6);
  }));
}

TEST(Spacing, shares_the_rest_of_the_day) {
  SpacingFacts facts{berlin(), kMonday, 7, 8, kMinimumSpacing, 200};
  EXPECT_EQ(next_send_at(facts), kMonday + kHour);
  facts.quota_left = 0;
  EXPECT_EQ(next_send_at(facts), kMonday + kDay + 200);
  facts.quota_left = 7;
  facts.sent_at = kMonday + 8 * kHour - 30'000;  // the minimum leads beyond the end
  EXPECT_EQ(next_send_at(facts), kMonday + kDay + 200);
  facts.minimum = 20 * kHour;
  EXPECT_EQ(next_send_at(facts), kMonday + kDay + 4 * kHour - 30'000);
  facts = {berlin(), kMonday, 9999, 10000, kMinimumSpacing, 200};
  EXPECT_EQ(next_send_at(facts), kMonday + kMinute);
  facts.daily_limit = 0;
  EXPECT_EQ(next_send_at(facts), std::nullopt);
  facts.daily_limit = 1;
  facts.window.days = {};
  EXPECT_EQ(next_send_at(facts), std::nullopt);
}

TEST(Spacing, a_simulated_day_sends_its_limit_and_no_more) {
  EXPECT_TRUE(rc::check("inside the window, spaced, the whole limit where there is room", [] {
    SendingWindow window;
    window.zone = Zone::find(*rc::gen::elementOf(std::vector<const char*>{
        "UTC", "Europe/Berlin", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu"}));
    window.from_minute = *rc::gen::inRange(0, 1380);
    window.to_minute = *rc::gen::inRange(window.from_minute + 30, 1441);
    window.days = {true, true, true, true, true, true, true};
    const std::int64_t limit = *rc::gen::inRange<std::int64_t>(1, 400);
    const Millis minimum = *rc::gen::elementOf(std::vector<Millis>{1, kMinute, 5 * kMinute});
    const Millis begin = *next_open(window, *rc::gen::inRange<Millis>(1'735'700'000'000, 1'767'000'000'000));
    auto hash = *rc::gen::arbitrary<std::uint64_t>();
    Millis now = *next_day_open(window, begin);
    std::map<std::int64_t, std::int64_t> sent;
    std::map<std::int64_t, Millis> room;
    const std::int64_t first = local_day(window, now).number;
    for (;;) {
      const LocalDay day = local_day(window, now);
      if (day.number >= first + 3) break;
      RC_ASSERT(is_open(window, now));
      if (!room.contains(day.number)) room[day.number] = open_time_left(window, now);
      RC_ASSERT(++sent[day.number] <= limit);
      hash = hash * 6364136223846793005ULL + 1442695040888963407ULL;
      const auto next = next_send_at({window, now, limit - sent[day.number], limit, minimum, hash >> 20});
      RC_ASSERT(next.has_value());
      RC_ASSERT(*next >= now + minimum);
      now = *next;
    }
    for (const auto& [number, count] : sent) {
      const std::int64_t fits = room[number] / minimum;
      if (fits > 2 * limit) RC_ASSERT(count == limit);
      // Only a day whose hours were left out by the clock may be missing.
      RC_ASSERT(count >= 1);
    }
  }));
}

TEST(Spacing, limits_grow_with_the_mailbox) {
  const Ramp ramp{20, 5, 7};
  const std::pair<std::int64_t, std::int64_t> cases[] = {
      {-3, 20}, {0, 20},  {6, 20},  {7, 25},  {13, 25},
      {14, 30}, {41, 45}, {42, 50}, {99, 50}, {1'000'000'000, 50}};
  for (const auto& [days, limit] : cases)
    EXPECT_EQ(effective_daily_limit(50, ramp, 100, 100 + days), limit) << days;
  EXPECT_EQ(effective_daily_limit(10, ramp, 0, 0), 10);
  EXPECT_EQ(effective_daily_limit(50, {}, 0, 0), 50);
  EXPECT_EQ(effective_daily_limit(50, {20, 0, 7}, 0, 500), 20);
  EXPECT_EQ(effective_daily_limit(50, {20, 5, 0}, 0, 2), 30);
  EXPECT_EQ(effective_daily_limit(-1, ramp, 0, 0), 0);
}

TEST(Share, follow_ups_first_but_a_fifth_for_new_sites) {
  EXPECT_EQ(next_kind({10, 0, 0, false, false}), std::nullopt);
  EXPECT_EQ(next_kind({0, 0, 0, true, true}), std::nullopt);
  EXPECT_EQ(next_kind({10, 4, 6, true, true}), std::nullopt);
  EXPECT_EQ(next_kind({10, 0, 0, true, true}), MailKind::follow_up);
  EXPECT_EQ(next_kind({10, 0, 4, true, true}), MailKind::first_mail);
  EXPECT_EQ(next_kind({10, 0, 9, true, true}), MailKind::first_mail);
  EXPECT_EQ(next_kind({10, 9, 0, true, true}), MailKind::follow_up);
  EXPECT_EQ(next_kind({10, 0, 0, true, false}), MailKind::first_mail);
  EXPECT_EQ(next_kind({10, 2, 0, false, true}), MailKind::follow_up);
  EXPECT_EQ(next_kind({1, 0, 0, true, true}), MailKind::follow_up);
}

TEST(Share, neither_starves_and_nothing_is_lost) {
  EXPECT_TRUE(rc::check("a day with both kinds, and with whatever waits", [] {
    const auto quota = *rc::gen::inRange<std::int64_t>(1, 300);
    ShareFacts both{quota, 0, 0, true, true};
    for (std::int64_t sent = 0; sent < quota; ++sent) {
      const auto kind = next_kind(both);
      RC_ASSERT(kind.has_value());
      ++(*kind == MailKind::first_mail ? both.sent_first_mails : both.sent_follow_ups);
      // At every moment of the day, should it end early.
      RC_ASSERT(both.sent_first_mails >= (sent + 1) / 5);
    }
    RC_ASSERT(next_kind(both) == std::nullopt);
    RC_ASSERT(both.sent_follow_ups >= 1);
    if (quota > 1) RC_ASSERT(5 * both.sent_first_mails >= quota);
    RC_ASSERT(both.sent_first_mails <= (quota + 4) / 5);

    const auto news = *rc::gen::inRange<std::int64_t>(0, 400);
    const auto follows = *rc::gen::inRange<std::int64_t>(0, 400);
    ShareFacts some{quota, 0, 0, news > 0, follows > 0};
    while (const auto kind = next_kind(some)) {
      ++(*kind == MailKind::first_mail ? some.sent_first_mails : some.sent_follow_ups);
      some.first_mails_wait = some.sent_first_mails < news;
      some.follow_ups_wait = some.sent_follow_ups < follows;
      RC_ASSERT(some.sent_first_mails <= news && some.sent_follow_ups <= follows);
    }
    RC_ASSERT(some.sent_first_mails + some.sent_follow_ups == std::min(quota, news + follows));
  }));
}

Mailbox box(std::int64_t id, std::int64_t limit, std::int64_t sent, MailboxState state = MailboxState::active,
            Millis free_at = 0) {
  return {id, state, limit, sent, free_at};
}

TEST(Rotation, takes_the_one_least_used) {
  using enum MailboxChoice;
  using enum MailboxState;
  const auto choose = [](std::vector<Mailbox> boxes) { return choose_mailbox(boxes, kMonday); };
  EXPECT_EQ(choose({}).choice, none);
  EXPECT_EQ(choose({box(1, 10, 0, deleted)}).choice, none);
  EXPECT_EQ(choose({box(3, 10, 5), box(1, 20, 9), box(2, 20, 9)}).id, 1);
  EXPECT_EQ(choose({box(1, 10, 10), box(2, 10, 9)}).id, 2);
  EXPECT_EQ(choose({box(1, 10, 0, paused), box(2, 10, 9)}).id, 2);
  EXPECT_EQ(choose({box(1, 10, 0, active, kMonday + 1), box(2, 10, 9)}).id, 2);
  EXPECT_EQ(choose({box(1, 10, 0, active, kMonday)}).choice, chosen);
  const ChosenMailbox soonest =
      choose({box(1, 9, 9), box(2, 9, 1, active, kMonday + 9), box(3, 9, 1, active, kMonday + 5)});
  EXPECT_EQ(soonest.choice, busy);
  EXPECT_EQ(soonest.id, 3);
  EXPECT_EQ(soonest.free_at, kMonday + 5);
  Mailbox in_trouble = box(1, 9, 0);
  in_trouble.next_try_at = kMonday + 3;
  EXPECT_EQ(choose({in_trouble, box(2, 9, 8)}).id, 2);
  EXPECT_EQ(choose({in_trouble}).choice, busy);
  EXPECT_EQ(choose({in_trouble}).free_at, kMonday + 3);
  EXPECT_EQ(choose({box(4, 9, 0, error), box(1, 9, 9), box(2, 0, 0)}).choice, used_up);
  EXPECT_EQ(choose({box(1, 9, 0, disconnected), box(2, 9, 0, error)}).choice, unavailable);
  EXPECT_EQ(choose({box(2, 9, 0, disconnected)}).id, 2);
}

TEST(Rotation, a_follow_up_waits_for_its_sender) {
  using enum MailboxChoice;
  using enum MailboxState;
  const auto choose = [](std::vector<Mailbox> boxes) { return choose_follow_up_mailbox(boxes, 1, kMonday); };
  EXPECT_EQ(choose({box(1, 10, 9), box(2, 10, 0)}).id, 1);
  for (const MailboxState state : {disconnected, paused, error}) {
    const ChosenMailbox waits = choose({box(1, 10, 0, state), box(2, 10, 0)});
    EXPECT_EQ(waits.choice, unavailable);
    EXPECT_EQ(waits.id, 1);
  }
  EXPECT_EQ(choose({box(1, 10, 10), box(2, 10, 0)}).choice, used_up);
  EXPECT_EQ(choose({box(1, 10, 1, active, kMonday + 7), box(2, 10, 0)}).free_at, kMonday + 7);
  EXPECT_EQ(choose({box(1, 10, 0, deleted), box(2, 10, 0)}).id, 2);
  EXPECT_EQ(choose({box(2, 10, 0), box(3, 10, 0)}).id, 2);
  EXPECT_EQ(choose({}).choice, none);
}

TEST(Rotation, spreads_evenly_over_any_limits) {
  EXPECT_TRUE(rc::check("no mailbox is more than one mail ahead of its part", [] {
    std::vector<Mailbox> boxes;
    std::int64_t whole = 0;
    for (std::int64_t id = 1; id <= *rc::gen::inRange<std::int64_t>(2, 7); ++id) {
      boxes.push_back(box(id, *rc::gen::inRange<std::int64_t>(1, 60), 0));
      whole += boxes.back().daily_limit;
    }
    for (std::int64_t sent = 0; sent < whole; ++sent) {
      const ChosenMailbox next = choose_mailbox(boxes, kMonday);
      RC_ASSERT(next.choice == MailboxChoice::chosen);
      ++boxes.at(static_cast<std::size_t>(next.id - 1)).sent_today;
      for (const Mailbox& a : boxes) {
        for (const Mailbox& b : boxes)
          RC_ASSERT((a.sent_today - 1) * b.daily_limit <= b.sent_today * a.daily_limit);
      }
    }
    RC_ASSERT(choose_mailbox(boxes, kMonday).choice == MailboxChoice::used_up);
  }));
}

TEST(Rotation, states_have_names) {
  for (const char* name : {"active", "disconnected", "paused", "error", "deleted"})
    EXPECT_EQ(mailbox_state_name(find_mailbox_state(name).value()), name);
  EXPECT_EQ(find_mailbox_state("Active"), std::nullopt);
}

TEST(Retry, waits_longer_each_time_and_then_gives_up) {
  RetryFacts facts{1, kMonday, kMonday, std::nullopt, berlin(), 200};
  EXPECT_EQ(next_try(facts), kMonday + 5 * kMinute);
  facts.failures = 2;
  EXPECT_EQ(next_try(facts), kMonday + 15 * kMinute);
  facts.failures = 3;
  EXPECT_EQ(next_try(facts), kMonday + kHour);
  facts.failures = 4;
  EXPECT_EQ(next_try(facts), kMonday + kDay + 200);
  facts.now = kMonday + 4 * kDay;  // Friday; the next window is on Monday, a week after the first try
  EXPECT_EQ(next_try(facts), std::nullopt);
  facts = {1, kMonday, kMonday + 8 * kHour - kMinute, std::nullopt, berlin(), 200};
  EXPECT_EQ(next_try(facts), kMonday + kDay);
  facts.campaign_end = kMonday + kDay;
  EXPECT_EQ(next_try(facts), std::nullopt);
  facts.campaign_end = kMonday + kDay + 1;
  EXPECT_EQ(next_try(facts), kMonday + kDay);
  facts.window.days = {};
  EXPECT_EQ(next_try(facts), std::nullopt);
}

TEST(Retry, is_always_later_inside_the_window_and_finite) {
  EXPECT_TRUE(rc::check("a server that never takes it", [](std::uint64_t hash) {
    RetryFacts facts{0, 0, 0, std::nullopt, berlin(), hash};
    facts.first_try = facts.now =
        *next_open(facts.window, kMonday + *rc::gen::inRange<Millis>(0, 300 * kDay));
    for (int tries = 0;; ++tries) {
      RC_ASSERT(tries < 12);
      ++facts.failures;
      const auto next = next_try(facts);
      if (!next) break;
      RC_ASSERT(*next >= facts.now + 4 * kMinute);
      RC_ASSERT(*next <= facts.first_try + kGiveUpAfter);
      RC_ASSERT(is_open(facts.window, *next));
      facts.now = *next;
    }
    RC_ASSERT(facts.failures >= 4);
  }));
}

TEST(Retry, soft_bounces_wait_for_another_day) {
  const Millis noon = kMonday + 3 * kHour;
  EXPECT_EQ(next_try_after_soft_bounce(1, noon, berlin(), 5), noon + kDay);
  EXPECT_EQ(next_try_after_soft_bounce(3, noon + 4 * kDay, berlin(), 5), kMonday + 7 * kDay + 5);
  EXPECT_EQ(next_try_after_soft_bounce(1, kMonday + 12 * kHour, berlin(), 5), kMonday + 2 * kDay + 5);
  EXPECT_EQ(next_try_after_soft_bounce(4, noon, berlin(), 5), std::nullopt);
}

TEST(FollowUp, keeps_the_time_of_day) {
  EXPECT_EQ(follow_up_due_at(berlin(), kMonday + kHour, 3), kMonday + kHour + 3 * kDay);
  EXPECT_EQ(follow_up_due_at(berlin(), kMonday + kHour, 5), kMonday + 7 * kDay);  // Saturday
  EXPECT_EQ(follow_up_due_at(berlin(), kMonday + kHour, 0), kMonday + kHour);
  EXPECT_EQ(follow_up_due_at(berlin(), kMonday + kHour, -4), kMonday + kHour);
  // Over the change of 2026-03-29 ten o'clock is an hour earlier in UTC.
  EXPECT_EQ(follow_up_due_at(berlin(), kMonday + kHour, 28), kMonday + 28 * kDay);
  SendingWindow never = berlin();
  never.days = {};
  EXPECT_EQ(follow_up_due_at(never, kMonday, 1), std::nullopt);
  const Zone* zone = Zone::find("Europe/Berlin");
  const Millis saturday = kMonday + 26 * kDay - 6 * kHour - 30 * kMinute;  // 02:30 before the change
  EXPECT_EQ(zone->write(saturday), "2026-03-28 02:30");
  EXPECT_EQ(zone->write(days_later(*zone, saturday, 1)), "2026-03-29 03:00");
  EXPECT_EQ(zone->write(days_later(*zone, saturday, 2)), "2026-03-30 02:30");
}

TEST(FollowUp, waits_until_people_are_back) {
  const SendingWindow window = berlin();
  const std::int64_t today = local_day(window, kMonday).number;
  EXPECT_EQ(resume_after_out_of_office(window, kMonday, today + 1), kMonday + 2 * kDay);
  EXPECT_EQ(resume_after_out_of_office(window, kMonday, today + 4), kMonday + 7 * kDay);  // Friday: Monday
  EXPECT_EQ(resume_after_out_of_office(window, kMonday + kHour, std::nullopt), kMonday + 7 * kDay + kHour);
  EXPECT_EQ(resume_after_out_of_office(window, kMonday, today - 1), kMonday + 7 * kDay);
  EXPECT_EQ(resume_after_out_of_office(window, kMonday, today + 800), kMonday + 7 * kDay);
  EXPECT_EQ(resume_after_out_of_office(window, kMonday, today, kMonday + 9 * kDay), kMonday + 9 * kDay);
}

TEST(FollowUp, is_finished_a_week_after_the_last) {
  EXPECT_EQ(sequence_finished_at(*Zone::find("Europe/Berlin"), kMonday), kMonday + 7 * kDay);
}

}  // namespace
}  // namespace overture::rules
