// Sentences with figures. Times are those that clocks of the campaign's zone show.
#include "rules/sending_gate_details.hpp"

#include <fmt/format.h>

namespace overture::rules {
namespace {

using base::Millis;

std::string time_text(const SendingFacts& facts, Millis time) {
  if (facts.window.zone == nullptr) return "a time that is not known";
  return fmt::format("{} ({})", facts.window.zone->write(time), facts.window.zone->name());
}

std::string clock_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

std::string days_text(const SendingWindow& window) {
  constexpr std::string_view kNames[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  std::string text;
  for (std::size_t day = 0; day < window.days.size(); ++day) {
    if (!window.days[day]) continue;
    if (!text.empty()) text += ", ";
    text += kNames[day];
  }
  return text.empty() ? "no day at all" : text;
}

std::string window_text(const GateLook& look, const SendingFacts& facts) {
  std::string text =
      fmt::format("The campaign sends from {} to {} on {}", clock_text(facts.window.from_minute),
                  clock_text(facts.window.to_minute), days_text(facts.window));
  if (facts.window.zone != nullptr) text += fmt::format("; it is {} now", time_text(facts, facts.now));
  if (look.opens_at) text += fmt::format(" and opens {}", facts.window.zone->write(*look.opens_at));
  return text + ".";
}

std::string quota_text(std::string_view who, std::int64_t sent, std::int64_t limit) {
  if (limit <= 0) return fmt::format("{} has a daily limit of 0: it sends nothing.", who);
  return fmt::format("{} has sent {} of {} mails today.", who, sent, limit);
}

std::string fields_text(const SendingFacts& facts) {
  if (facts.missing_fields.empty()) return "No field is missing.";
  std::string names;
  for (const std::string& field : facts.missing_fields) {
    if (!names.empty()) names += ", ";
    names += field;
  }
  return fmt::format("These fields have no value: {}.", names);
}

std::string mailbox_text(const SendingFacts& facts) {
  if (!facts.mailbox) return "No email account is chosen.";
  switch (facts.mailbox->state) {
    case MailboxState::active:
      return std::string(gate_sentence(Gate::email_account_state));
    case MailboxState::disconnected:
      return "The email account is disconnected: its password or its servers were refused. Reconnect it.";
    case MailboxState::paused:
      return "The email account is paused. Resume it to go on.";
    case MailboxState::error:
      return "The email account has an error. Test it to see what is wrong.";
    case MailboxState::deleted:
      return "The email account was deleted.";
  }
  return {};
}

std::string trouble_text(const GateLook& look, const SendingFacts& facts) {
  if (look.open || !facts.mailbox || !look.opens_at)
    return std::string(gate_sentence(Gate::email_account_trouble));
  const std::string& trouble = facts.mailbox->trouble;
  return fmt::format("The email account is in trouble{}{}. It is tried again at {}.",
                     trouble.empty() ? "" : ": ", trouble, time_text(facts, *look.opens_at));
}

std::string from_text(const GateLook& look, const SendingFacts& facts, std::string_view open,
                      std::string_view shut) {
  if (look.open || !look.opens_at) return std::string(open);
  return fmt::format("{} {}.", shut, time_text(facts, *look.opens_at));
}

std::string choose(const GateLook& look, std::string_view open, std::string_view shut) {
  return std::string(look.open ? open : shut);
}

}  // namespace

std::string describe(Gate gate, const GateLook& look, const SendingFacts& facts) {
  switch (gate) {
    case Gate::server_paused:
      return choose(look, gate_sentence(gate), "Sending is switched off for the whole server.");
    case Gate::project_active:
      return choose(look, gate_sentence(gate), "The project is archived or deleted.");
    case Gate::project_outreach:
      return choose(look, gate_sentence(gate), "Outreach is switched off for the project.");
    case Gate::campaign_active:
      return choose(look, gate_sentence(gate), "The campaign is archived or deleted.");
    case Gate::campaign_bouncing:
      if (look.open) return std::string(gate_sentence(gate));
      return fmt::format(
          "The campaign was paused: {}. Check the addresses, then save its outreach settings to go on.",
          facts.campaign_bouncing);
    case Gate::settings_active:
      return choose(look, gate_sentence(gate),
                    "Sending is switched off in the campaign's outreach settings.");
    case Gate::paused_until:
      return from_text(look, facts, "The campaign is not paused.", "The campaign is paused until");
    case Gate::window:
      return window_text(look, facts);
    case Gate::campaign_quota:
      return quota_text("The campaign", facts.campaign_sent_today, facts.campaign_limit);
    case Gate::campaign_spacing:
      return from_text(look, facts, gate_sentence(gate),
                       "Mails are spread over the day; the campaign's next one is due at");
    case Gate::no_email_account:
      return choose(
          look, gate_sentence(gate),
          facts.names_mailboxes
              ? "The email accounts that the campaign names have left its project, or were deleted: name "
                "others, or none to send from all of the project."
              : "The project has no email account to send from.");
    case Gate::email_account_state:
      return mailbox_text(facts);
    case Gate::email_account_trouble:
      return trouble_text(look, facts);
    case Gate::email_account_quota:
      if (!facts.mailbox) return "No email account is chosen.";
      return quota_text("The email account", facts.mailbox->sent_today, facts.mailbox->daily_limit);
    case Gate::email_account_spacing:
      return from_text(look, facts, gate_sentence(gate),
                       "The email account has just sent; its next mail may go at");
    case Gate::no_contact:
      return choose(look, gate_sentence(gate), "The opportunity has no contact that can be written to.");
    case Gate::suppressed:
      return choose(look, gate_sentence(gate), "The contact or its domain is on the Do Not Email list.");
    case Gate::bounced:
      return choose(look, gate_sentence(gate), "A mail to the contact has bounced.");
    case Gate::recently_contacted:
      return from_text(look, facts, gate_sentence(gate),
                       "The project has written to the contact for another site; it is left alone until");
    case Gate::missing_fields:
      return fields_text(facts);
    case Gate::review:
      return choose(look, gate_sentence(gate), "The mail waits for somebody to review it.");
    case Gate::blocklisted:
      return choose(look, gate_sentence(gate), "The site is on the blocklist.");
    case Gate::stage:
      if (look.open) return std::string(gate_sentence(gate));
      return fmt::format("The opportunity is in {}, {}; only outreach sends.", facts.stage.workflow,
                         facts.stage.status);
    case Gate::no_attempt:
      if (look.open) return fmt::format("Mail {} of {} is next.", facts.attempt, facts.attempts);
      return facts.attempts <= 0 ? "The campaign has no mail in its sequence: write one to go on."
                                 : fmt::format("All {} mails of the sequence were sent.", facts.attempts);
    case Gate::follow_up_delay:
      return from_text(look, facts, gate_sentence(gate),
                       facts.attempt > 1 ? "The follow-up is due at" : "The mail is looked at again at");
    case Gate::retry_delay:
      return from_text(look, facts, gate_sentence(gate), "The mail was put off; it is tried again at");
  }
  return {};
}

}  // namespace overture::rules
