// The gates themselves: one look at each, whoever asks.
#include "rules/sending_gates.hpp"

#include <algorithm>
#include <array>

#include "rules/sending_gate_details.hpp"

namespace overture::rules {
namespace {

using base::Millis;

struct GateText {
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<GateText, kGateCount> kTexts = {{
    {"server_paused", "Sending is switched on for the whole server."},
    {"project_active", "The project is active."},
    {"project_outreach", "Outreach is switched on for the project."},
    {"campaign_active", "The campaign is active."},
    {"campaign_bouncing", "The campaign was not paused for too many bounces."},
    {"settings_active", "Sending is switched on in the campaign's outreach settings."},
    {"paused_until", "The campaign's pause is over."},
    {"window", "It is a day and an hour at which the campaign sends."},
    {"campaign_quota", "The campaign has not reached its daily limit."},
    {"campaign_spacing", "Enough time has passed since the campaign's last mail."},
    {"no_email_account", "There is an email account that sends for the campaign."},
    {"email_account_state", "The email account is connected and not paused."},
    {"email_account_trouble", "The email account is in no trouble."},
    {"email_account_quota", "The email account has not reached its daily limit."},
    {"email_account_spacing", "Enough time has passed since the email account's last mail."},
    {"no_contact", "The opportunity has a contact to write to."},
    {"suppressed", "The contact is not on the Do Not Email list."},
    {"bounced", "No mail to the contact has bounced."},
    {"recently_contacted", "The project has not written to the contact for another site lately."},
    {"missing_fields", "Every field that the mail needs has a value."},
    {"review", "The mail has been reviewed, or needs no review."},
    {"blocklisted", "The site is not on the blocklist."},
    {"stage", "The opportunity is in outreach and not paused."},
    {"no_attempt", "The sequence has a mail that was not sent yet."},
    {"follow_up_delay", "The mail is due."},
    {"retry_delay", "The mail was not put off by the receiving server."},
}};

constexpr GateLook kOpen{true, std::nullopt};
constexpr GateLook kShut{false, std::nullopt};

constexpr GateLook open_when(bool holds) { return holds ? kOpen : kShut; }
constexpr GateLook open_from(std::optional<Millis> time, Millis now) {
  return !time || *time <= now ? kOpen : GateLook{false, time};
}

Millis day_end(const SendingFacts& facts) { return local_day(facts.window, facts.now).end; }

GateLook look_at_window(const SendingFacts& facts) {
  const auto opens = next_open(facts.window, facts.now);
  return opens == facts.now ? kOpen : GateLook{false, opens};
}

/// A limit of 0 is never over; any other one tomorrow.
GateLook look_at_quota(std::int64_t limit, std::int64_t sent, Millis now, std::optional<Millis> begins_anew,
                       const SendingFacts& facts) {
  if (sent < limit) return kOpen;
  if (limit <= 0 || (!begins_anew && facts.window.zone == nullptr)) return kShut;
  return {false, std::max(begins_anew ? *begins_anew : day_end(facts), now + 1)};
}

/// The walk: gives each gate to `visit`, in order.
template <typename Visit>
void for_each_gate(Visit visit) {
  for (std::size_t i = 0; i < kGateCount; ++i) visit(static_cast<Gate>(i));
}

}  // namespace

std::string_view gate_name(Gate gate) { return kTexts.at(static_cast<std::size_t>(gate)).name; }
std::string_view gate_sentence(Gate gate) { return kTexts.at(static_cast<std::size_t>(gate)).sentence; }

std::optional<Millis> guarded_until(const SendingFacts& facts) {
  if (!facts.is_first_mail || facts.contact_guard <= 0 || !facts.contacted_elsewhere_at) return std::nullopt;
  return *facts.contacted_elsewhere_at + facts.contact_guard;
}

GateLook look_at(Gate gate, const SendingFacts& facts) {
  switch (gate) {
    case Gate::server_paused:
      return open_when(!facts.server_paused);
    case Gate::project_active:
      return open_when(facts.project_active);
    case Gate::project_outreach:
      return open_when(facts.project_outreach);
    case Gate::campaign_active:
      return open_when(facts.campaign_active);
    case Gate::campaign_bouncing:
      return open_when(facts.campaign_bouncing.empty());
    case Gate::settings_active:
      return open_when(facts.settings_active);
    case Gate::paused_until:
      return open_from(facts.paused_until, facts.now);
    case Gate::window:
      return look_at_window(facts);
    case Gate::campaign_quota:
      return look_at_quota(facts.campaign_limit, facts.campaign_sent_today, facts.now, std::nullopt, facts);
    case Gate::campaign_spacing:
      return open_from(facts.campaign_free_at, facts.now);
    case Gate::no_email_account:
      return open_when(facts.mailbox && facts.mailbox->state != MailboxState::deleted);
    case Gate::email_account_state:
      return open_when(!facts.mailbox || facts.mailbox->state == MailboxState::active);
    case Gate::email_account_trouble:
      return facts.mailbox ? open_from(facts.mailbox->next_try_at, facts.now) : kOpen;
    case Gate::email_account_quota:
      if (!facts.mailbox) return kOpen;
      return look_at_quota(facts.mailbox->daily_limit, facts.mailbox->sent_today, facts.now,
                           facts.mailbox_day_ends, facts);
    case Gate::email_account_spacing:
      return facts.mailbox ? open_from(facts.mailbox->free_at, facts.now) : kOpen;
    case Gate::no_contact:
      return open_when(facts.has_contact);
    case Gate::suppressed:
      return open_when(!facts.suppressed);
    case Gate::bounced:
      return open_when(!facts.bounced);
    case Gate::recently_contacted:
      return open_from(guarded_until(facts), facts.now);
    case Gate::missing_fields:
      return open_when(facts.missing_fields.empty());
    case Gate::review:
      return open_when(!facts.waits_for_review);
    case Gate::blocklisted:
      return open_when(!facts.blocklisted);
    case Gate::stage:
      return open_when(facts.stage == Stage{"outreach", "queued"} ||
                       facts.stage == Stage{"outreach", "waiting_follow_up"});
    case Gate::no_attempt:
      return open_when(facts.attempt >= 1 && facts.attempt <= facts.attempts);
    case Gate::follow_up_delay:
      return open_from(facts.due_at, facts.now);
    case Gate::retry_delay:
      return open_from(facts.retry_at, facts.now);
  }
  return kShut;
}

SendingVerdict judge_sending(const SendingFacts& facts) {
  SendingVerdict verdict{true, Gate::server_paused, facts.now};
  bool by_person = false;
  Millis opened = facts.now;
  for_each_gate([&](Gate gate) {
    const GateLook look = look_at(gate, facts);
    if (look.open || by_person) return;
    by_person = !look.opens_at;
    if (by_person || verdict.may_send || *look.opens_at > opened) verdict.held_by = gate;
    verdict.may_send = false;
    if (look.opens_at) opened = std::max(opened, *look.opens_at);
  });
  if (by_person) {
    verdict.next_possible.reset();
  } else if (!verdict.may_send) {
    verdict.next_possible = next_open(facts.window, opened);
  }
  return verdict;
}

std::vector<GateState> explain_sending(const SendingFacts& facts) {
  std::vector<GateState> states;
  states.reserve(kGateCount);
  for_each_gate([&](Gate gate) {
    const GateLook look = look_at(gate, facts);
    states.push_back({gate, look.open, look.opens_at, describe(gate, look, facts)});
  });
  return states;
}

}  // namespace overture::rules
