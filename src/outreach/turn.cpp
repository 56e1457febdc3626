#include "outreach/turn.hpp"

#include <algorithm>

#include "intake/blocklist.hpp"
#include "intake/communications.hpp"
#include "intake/runs.hpp"
#include "intake/stage.hpp"
#include "outreach/bounces.hpp"
#include "outreach/contacts.hpp"
#include "outreach/mails.hpp"
#include "outreach/next_contact.hpp"
#include "outreach/sequence.hpp"
#include "outreach/turn_mail.hpp"
#include "rules/follow_up.hpp"
#include "rules/milestone_role.hpp"
#include "rules/spacing.hpp"

namespace overture::outreach {
namespace {

using db::Sql;
using rules::StageEvent;

/// Another contact of the site is written to now: what was approved for the one before is not sent.
void leave_contact(db::Connection& connection, Run run, std::int64_t contact) {
  run.contact = contact;
  cancel_mails_to_contact(connection, run, "another contact of the site is written to");
}

/// When to look again where the project has written, or writes just now, to the person for another site.
std::optional<base::Millis> guarded_look(db::Connection& connection, const Run& run,
                                         const rules::SendingFacts& sending, base::Millis now) {
  if (const auto look = next_guarded_look(sending)) return look;
  // Else its place in the day would be taken for nothing.
  const bool waits = sending.is_first_mail && sending.contact_guard > 0 &&
                     is_being_written_to(connection, run.account, run.contact, run.project, run.opportunity);
  return waits ? std::optional(now + base::kHour) : std::nullopt;
}

/// What stands in the way of this opportunity, done with: true when the turn is over.
bool put_aside(db::Connection& connection, Run& run, const std::vector<Recipient>& recipients,
               const rules::SendingFacts& sending, base::Millis now) {
  const auto hold = [&](std::string_view state, std::string why) {
    run.state = state;
    run.why = std::move(why);
    store_run(connection, run);
  };
  if (sending.stage.workflow != "outreach" || sending.stage.status == "paused") {
    hold(sending.stage.status == "paused" ? "paused" : "held",
         "stands in " + std::string(sending.stage.workflow) + "/" + std::string(sending.stage.status));
    return true;
  }
  const std::int64_t contact_before = run.contact;
  if (sending.blocklisted) {
    hold("held", "its site is on the blocklist");
    intake::change_stage(connection, run.account, run.opportunity, StageEvent::stop, {}, now, run.why);
    return true;
  }
  switch (choose_recipient(connection, run, recipients)) {
    case RecipientChoice::no_contact:
    case RecipientChoice::none_left:
      hold("held", "nobody is left to write to");
      end_without_contact(connection, run, now);
      return true;
    case RecipientChoice::all_suppressed:
      intake::take_opt_out(connection, run.account, run.opportunity, {}, kAllOptedOut, now);
      return true;
    case RecipientChoice::all_bounced:
      end_without_address(connection, run, now);
      return true;
    case RecipientChoice::chosen:
      if (contact_before != run.contact) leave_contact(connection, run, contact_before);
      break;
  }
  if (const auto look = guarded_look(connection, run, sending, now)) {
    run.due_at = *look;
    run.why = kContactedElsewhere;
    store_run(connection, run);
    return true;
  }
  return false;
}

/// The sequence has no such attempt: it ends some days after the last mail, or at once when there was none.
void end_of_sequence(db::Connection& connection, Run run, const rules::SendingWindow& window,
                     base::Millis now) {
  const base::Millis last = connection.integer(Sql(
      "SELECT MAX(sent_at + 0) FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND run = ?",
      run.account, run.opportunity, run.run));
  if (last == 0) {
    intake::change_stage(connection, run.account, run.opportunity, StageEvent::stop, {}, now,
                         "no mail of the sequence was left to send");
    return;
  }
  run.state = "finishing";
  run.due_at = rules::sequence_finished_at(*window.zone, last);
  run.why.clear();
  store_run(connection, run);
}

std::uint64_t mixed(std::uint64_t chance, std::int64_t with) {
  std::uint64_t hash = chance ^ (static_cast<std::uint64_t>(with) * 0x9E3779B97F4A7C15ULL);
  hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EBULL;
  return hash ^ (hash >> 31U);
}

/// The mail takes its place in the limits of today, and the next one of campaign and mailbox waits a while.
void take_place(db::Connection& connection, const CampaignFacts& facts, const Run& run,
                std::uint64_t chance) {
  const base::Millis now = facts.sending.now;
  const bool is_follow_up = run.next_attempt > 1;
  raise_count(connection, run.account, "campaign", run.campaign, facts.campaign_day, is_follow_up);
  raise_count(connection, run.account, "mailbox", run.email_account, facts.mailbox_day, is_follow_up);

  base::Millis spacing = rules::kMinimumSpacing;
  std::int64_t usable = 0;
  for (const ProjectMailbox& each : facts.mailboxes) {
    if (each.mailbox.id == run.email_account) spacing = each.spacing;
    if (each.mailbox.state == rules::MailboxState::active) ++usable;
  }
  connection.execute(
      Sql("UPDATE mailbox_states SET next_free_at = ? WHERE account_id = ? AND email_account_id = ?",
          now + std::max(spacing, rules::with_jitter(spacing * 6 / 5, mixed(chance, run.email_account))),
          run.account, run.email_account));
  const std::optional<base::Millis> next =
      rules::next_send_at({.window = facts.sending.window,
                           .sent_at = now,
                           .quota_left = facts.sending.campaign_limit - facts.sending.campaign_sent_today - 1,
                           .daily_limit = facts.sending.campaign_limit,
                           .minimum = spacing / std::max<std::int64_t>(usable, 1),
                           .hash = mixed(chance, run.campaign)});
  connection.execute(Sql(
      "UPDATE campaign_sending SET next_send_at = ?, held_by = '' WHERE account_id = ? AND campaign_id = ?",
      next.value_or(now + base::kDay), run.account, run.campaign));
}

const Attempt* find_attempt(const std::vector<Attempt>& sequence, std::int64_t number) {
  for (const Attempt& attempt : sequence) {
    if (attempt.number == number) return &attempt;
  }
  return nullptr;
}

}  // namespace

Turn take_turn(db::Connection& connection, const Install& install, const CampaignFacts& facts, Run run,
               std::uint64_t chance) {
  const base::Millis now = facts.sending.now;
  rules::SendingFacts sending = facts.with_mailbox(run.email_account);
  const std::vector<Recipient> recipients = add_site_facts(connection, run, sending);
  if (put_aside(connection, run, recipients, sending, now)) return Turn::put_aside;

  const std::vector<Attempt> sequence = load_sequence(connection, run.account, run.campaign);
  const Attempt* attempt = find_attempt(sequence, run.next_attempt);
  const std::optional<PlannedMail> planned = find_planned_mail(connection, run);
  // What was written down leaves also when the sequence has got shorter since.
  if (attempt == nullptr && (!planned || planned->status == "cancelled")) {
    end_of_sequence(connection, run, facts.sending.window, now);
    return Turn::put_aside;
  }
  if (planned && planned->status != "scheduled" && planned->status != "cancelled") {
    // A step that was taken or skipped is not taken again.
    ++run.next_attempt;
    store_run(connection, run);
    return Turn::put_aside;
  }
  const std::optional<std::int64_t> mail =
      prepare_mail(connection, install, facts, run, sending.mailbox->id, attempt, planned);
  if (!mail) return Turn::put_aside;
  take_place(connection, facts, run, chance);
  put_into_outbox(connection, run.account, kOutreachMail, *mail, run.email_account, now, now);
  if (sending.stage.status == "waiting_follow_up") {
    intake::change_stage(connection, run.account, run.opportunity, StageEvent::follow_up_due, {}, now);
  }
  run.state = "outgoing";
  run.why.clear();
  store_run(connection, run);
  return Turn::planned;
}

void compose_for_review(db::Connection& connection, const Install& install, Run run, base::Millis now) {
  const auto release = [&] {
    run.state = "waiting";
    store_run(connection, run);
    if (!intake::change_stage(connection, run.account, run.opportunity, StageEvent::released, {}, now)) {
      intake::wake_campaign(connection, run.account, run.campaign, now);
    }
  };
  const std::vector<Attempt> sequence = load_sequence(connection, run.account, run.campaign);
  const std::int64_t contact_before = run.contact;
  const RecipientChoice choice = choose_recipient(connection, run);
  if (contact_before != run.contact) leave_contact(connection, run, contact_before);
  const Attempt* attempt = find_attempt(sequence, run.next_attempt);
  // What is wrong with it is found and told when its turn comes.
  if (choice != RecipientChoice::chosen || attempt == nullptr || !attempt->review) return release();
  const std::optional<PlannedMail> planned = find_planned_mail(connection, run);
  if (planned && planned->status != "review" && planned->status != "cancelled") return release();
  if (!planned || planned->status == "cancelled") {
    // Rotation chooses again when it is sent.
    Run composed = run;
    if (auto facts = find_campaign_facts(connection, run.account, run.campaign, now)) {
      const rules::SendingFacts sending = facts->with_mailbox(run.email_account);
      if (sending.mailbox) composed.email_account = sending.mailbox->id;
    }
    const MadeMail made = planned ? renew_mail(connection, install, composed, attempt, *planned, "review")
                                  : make_mail(connection, install, composed, *attempt, "review", now);
    if (!made.missing.empty()) return hold_for_missing(connection, run, made.missing, now);
  }
  run.state = "review";
  store_run(connection, run);
}

void finish_sequence(db::Connection& connection, const Run& run, base::Millis now) {
  if (!intake::change_stage(connection, run.account, run.opportunity, StageEvent::sequence_finished, {},
                            now)) {
    return;
  }
  const bool moves =
      connection.exists(Sql("SELECT 1 FROM accounts WHERE id = ? AND lost_no_response = 1", run.account));
  if (moves) {
    intake::advance_milestone(connection, run.account, run.opportunity, rules::milestone_role::kNoResponse,
                              {rules::milestone_role::kContacted}, "nobody answered the sequence", now);
  }
}

}  // namespace overture::outreach
