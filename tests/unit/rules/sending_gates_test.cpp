// Each gate shut and open, the verdict over several of them, and that the explanation is the verdict's trace.
#include "rules/sending_gates.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <set>

namespace overture::rules {
namespace {

using base::kDay;
using base::kHour;
using base::kMinute;
using base::Millis;
using enum Gate;

constexpr Millis kMonday = 1'772'445'600'000;  // 2026-03-02 10:00Z, 11:00 in Berlin
const std::vector<std::string> kMissing = {"first_name", "topic"};

SendingFacts open_facts() {
  SendingFacts facts;
  facts.now = kMonday;
  facts.window.zone = Zone::find("Europe/Berlin");
  facts.campaign_limit = 50;
  facts.mailbox = Mailbox{7, MailboxState::active, 40, 0, 0};
  return facts;
}

struct GateCase {
  Gate gate;
  std::function<void(SendingFacts&)> shut;
  std::optional<Millis> next_possible;
};

const std::vector<GateCase>& gate_cases() {
  const Millis tomorrow = kMonday + 22 * kHour;  // Tuesday 09:00 in Berlin
  static const std::vector<GateCase> cases = {
      {server_paused, [](SendingFacts& f) { f.server_paused = true; }, {}},
      {project_active, [](SendingFacts& f) { f.project_active = false; }, {}},
      {project_outreach, [](SendingFacts& f) { f.project_outreach = false; }, {}},
      {campaign_active, [](SendingFacts& f) { f.campaign_active = false; }, {}},
      {campaign_bouncing,
       [](SendingFacts& f) { f.campaign_bouncing = "3 of the last 20 mails bounced"; },
       {}},
      {settings_active, [](SendingFacts& f) { f.settings_active = false; }, {}},
      {paused_until, [](SendingFacts& f) { f.paused_until = f.now + kHour; }, kMonday + kHour},
      {paused_until, [](SendingFacts& f) { f.paused_until = f.now + 10 * kHour; }, tomorrow},
      {window, [](SendingFacts& f) { f.window.from_minute = 12 * 60; }, kMonday + kHour},
      {window, [](SendingFacts& f) { f.window.days[0] = false; }, tomorrow},
      {window, [](SendingFacts& f) { f.window.days = {}; }, {}},
      {campaign_quota, [](SendingFacts& f) { f.campaign_sent_today = 50; }, tomorrow},
      {campaign_quota, [](SendingFacts& f) { f.campaign_limit = 0; }, {}},
      {campaign_spacing, [](SendingFacts& f) { f.campaign_free_at = f.now + kMinute; }, kMonday + kMinute},
      {no_email_account, [](SendingFacts& f) { f.mailbox.reset(); }, {}},
      {email_account_state, [](SendingFacts& f) { f.mailbox->state = MailboxState::paused; }, {}},
      {email_account_state, [](SendingFacts& f) { f.mailbox->state = MailboxState::disconnected; }, {}},
      {email_account_trouble, [](SendingFacts& f) { f.mailbox->next_try_at = f.now + kMinute; },
       kMonday + kMinute},
      {email_account_quota, [](SendingFacts& f) { f.mailbox->sent_today = 40; }, tomorrow},
      {email_account_quota,
       [](SendingFacts& f) {
         f.mailbox->sent_today = 40;
         f.mailbox_day_ends = f.now + kHour;
       },
       kMonday + kHour},
      {email_account_spacing, [](SendingFacts& f) { f.mailbox->free_at = f.now + 1; }, kMonday + 1},
      {no_contact, [](SendingFacts& f) { f.has_contact = false; }, {}},
      {suppressed, [](SendingFacts& f) { f.suppressed = true; }, {}},
      {bounced, [](SendingFacts& f) { f.bounced = true; }, {}},
      {recently_contacted, [](SendingFacts& f) { f.contacted_elsewhere_at = f.now - 29 * kDay; },
       kMonday + kDay},
      {missing_fields, [](SendingFacts& f) { f.missing_fields = kMissing; }, {}},
      {review, [](SendingFacts& f) { f.waits_for_review = true; }, {}},
      {blocklisted, [](SendingFacts& f) { f.blocklisted = true; }, {}},
      {stage,
       [](SendingFacts& f) {
         f.stage = {"outreach", "paused"};
       },
       {}},
      {stage,
       [](SendingFacts& f) {
         f.stage = {"completed", "replied"};
       },
       {}},
      {no_attempt, [](SendingFacts& f) { f.attempt = 2; }, {}},
      {no_attempt, [](SendingFacts& f) { f.attempts = 0; }, {}},
      {follow_up_delay, [](SendingFacts& f) { f.due_at = f.now + 2 * kDay; }, kMonday + 2 * kDay},
      {follow_up_delay, [](SendingFacts& f) { f.due_at = f.now + 5 * kDay; }, kMonday + 7 * kDay - 2 * kHour},
      {retry_delay, [](SendingFacts& f) { f.retry_at = f.now + 5 * kMinute; }, kMonday + 5 * kMinute},
  };
  return cases;
}

std::vector<Gate> shut_gates(const SendingFacts& facts) {
  std::vector<Gate> shut;
  for (const GateState& state : explain_sending(facts)) {
    if (!state.open) shut.push_back(state.gate);
  }
  return shut;
}

TEST(SendingGates, all_open_means_now) {
  const SendingVerdict verdict = judge_sending(open_facts());
  EXPECT_TRUE(verdict.may_send);
  EXPECT_EQ(verdict.next_possible, kMonday);
  EXPECT_TRUE(shut_gates(open_facts()).empty());
}

TEST(SendingGates, each_holds_alone_and_says_until_when) {
  std::set<Gate> seen;
  for (const GateCase& each : gate_cases()) {
    SendingFacts facts = open_facts();
    each.shut(facts);
    const SendingVerdict verdict = judge_sending(facts);
    EXPECT_FALSE(verdict.may_send) << gate_name(each.gate);
    EXPECT_EQ(verdict.held_by, each.gate) << gate_name(each.gate) << " " << gate_name(verdict.held_by);
    EXPECT_EQ(verdict.next_possible, each.next_possible) << gate_name(each.gate);
    EXPECT_EQ(shut_gates(facts), std::vector<Gate>{each.gate}) << gate_name(each.gate);
    seen.insert(each.gate);
  }
  EXPECT_EQ(seen.size(), kGateCount);
}

TEST(SendingGates, what_is_over_holds_nothing) {
  SendingFacts facts = open_facts();
  facts.paused_until = facts.now;
  facts.due_at = facts.now;
  facts.retry_at = facts.now - 1;
  facts.contacted_elsewhere_at = facts.now - kContactGuard;
  facts.campaign_sent_today = 49;
  EXPECT_TRUE(judge_sending(facts).may_send);
  facts.contacted_elsewhere_at = facts.now - kDay;
  EXPECT_FALSE(judge_sending(facts).may_send);
  facts.contact_guard = 0;
  EXPECT_TRUE(judge_sending(facts).may_send);
  facts.contact_guard = kContactGuard;
  facts.attempt = facts.attempts = 2;
  facts.stage = {"outreach", "waiting_follow_up"};
  // The mails before it were left out.
  EXPECT_FALSE(judge_sending(facts).may_send);
  facts.is_first_mail = false;
  EXPECT_TRUE(judge_sending(facts).may_send);
}

TEST(SendingGates, a_person_comes_first_then_what_takes_longest) {
  SendingFacts facts = open_facts();
  facts.window.days[0] = false;
  facts.due_at = facts.now + 3 * kDay;
  EXPECT_EQ(judge_sending(facts).held_by, follow_up_delay);
  EXPECT_EQ(judge_sending(facts).next_possible, facts.now + 3 * kDay);
  facts.waits_for_review = true;
  EXPECT_EQ(judge_sending(facts).held_by, review);
  EXPECT_EQ(judge_sending(facts).next_possible, std::nullopt);
  facts.settings_active = false;
  EXPECT_EQ(judge_sending(facts).held_by, settings_active);
}

TEST(SendingGates, speak_plainly_with_figures) {
  SendingFacts facts = open_facts();
  facts.window.from_minute = 12 * 60;
  facts.campaign_sent_today = 50;
  facts.missing_fields = kMissing;
  facts.paused_until = kMonday + 90 * kMinute;
  const auto states = explain_sending(facts);
  const auto detail = [&](Gate gate) { return states.at(static_cast<std::size_t>(gate)).detail; };
  EXPECT_EQ(detail(window),
            "The campaign sends from 12:00 to 17:00 on Mon, Tue, Wed, Thu, Fri; it is 2026-03-02 11:00 "
            "(Europe/Berlin) now and opens 2026-03-02 12:00.");
  EXPECT_EQ(detail(campaign_quota), "The campaign has sent 50 of 50 mails today.");
  EXPECT_EQ(detail(missing_fields), "These fields have no value: first_name, topic.");
  EXPECT_EQ(detail(paused_until), "The campaign is paused until 2026-03-02 12:30 (Europe/Berlin).");
}

TEST(SendingGates, have_names_sentences_and_details_of_their_own) {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (std::size_t i = 0; i < kGateCount; ++i) {
    names.insert(gate_name(static_cast<Gate>(i)));
    sentences.insert(gate_sentence(static_cast<Gate>(i)));
  }
  EXPECT_EQ(names.size(), kGateCount);
  EXPECT_EQ(sentences.size(), kGateCount);
  EXPECT_EQ(gate_name(retry_delay), "retry_delay");
  for (const GateCase& each : gate_cases()) {
    SendingFacts facts = open_facts();
    const std::string open = explain_sending(facts).at(static_cast<std::size_t>(each.gate)).detail;
    each.shut(facts);
    const std::string shut = explain_sending(facts).at(static_cast<std::size_t>(each.gate)).detail;
    EXPECT_NE(open, shut) << gate_name(each.gate);
    EXPECT_EQ(open.back(), '.');
    EXPECT_EQ(shut.back(), '.');
  }
}

TEST(SendingGates, any_mixture_is_judged_as_it_is_explained) {
  EXPECT_TRUE(rc::check("verdict and trace agree; when time has opened what time opens, the mail may go", [] {
    SendingFacts facts = open_facts();
    facts.now += *rc::gen::inRange<Millis>(0, 400 * kDay);
    for (const GateCase& each : gate_cases()) {
      if (*rc::gen::inRange(0, each.next_possible ? 6 : 80) == 0 && facts.mailbox) each.shut(facts);
    }
    const SendingVerdict verdict = judge_sending(facts);
    const auto states = explain_sending(facts);
    bool person = false;
    bool all_open = true;
    Millis last = facts.now;
    for (const GateState& state : states) {
      all_open = all_open && state.open;
      person = person || (!state.open && !state.opens_at);
      if (state.opens_at) {
        RC_ASSERT(!state.open);
        RC_ASSERT(*state.opens_at > facts.now);
        last = std::max(last, *state.opens_at);
      }
    }
    RC_ASSERT(verdict.may_send == all_open);
    RC_ASSERT(verdict.next_possible.has_value() == !person);
    if (person) {
      RC_ASSERT(!states.at(static_cast<std::size_t>(verdict.held_by)).opens_at.has_value());
      return;
    }
    RC_ASSERT(*verdict.next_possible >= last);
    RC_ASSERT(is_open(facts.window, *verdict.next_possible));
    if (all_open) return;
    const bool new_day = *verdict.next_possible >= local_day(facts.window, facts.now).end;
    const bool new_mailbox_day =
        new_day || (facts.mailbox_day_ends && *verdict.next_possible >= *facts.mailbox_day_ends);
    facts.now = *verdict.next_possible;
    if (new_day) facts.campaign_sent_today = 0;
    if (new_mailbox_day) facts.mailbox->sent_today = 0;
    facts.mailbox_day_ends.reset();
    RC_ASSERT(judge_sending(facts).may_send);
  }));
}

}  // namespace
}  // namespace overture::rules
