#include "outreach/obstacle.hpp"

#include <algorithm>

#include "intake/counts.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/copies_opted_out.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/mails.hpp"
#include "rules/sending_gate_details.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// How long a mail waits for something that a person has to do, until it is looked at again: the longer it
/// has waited, the more seldom.
constexpr base::Millis kLookAgain = 10 * base::kMinute;
constexpr base::Millis kLookAgainAtLeast = 2 * base::kHour;

base::Millis look_again(base::Millis since, base::Millis now) {
  return now + std::clamp((now - since) / 8, kLookAgain, kLookAgainAtLeast);
}

struct PlannedStep {
  std::int64_t opportunity = 0;
  std::int64_t contact = 0;
  std::int64_t attempt = 1;
  std::int64_t run = 1;
  base::Millis counted_at = 0;
};

std::optional<PlannedStep> find_step(db::Connection& connection, const ClaimedMail& mail) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT e.opportunity_id, e.contact_id, e.attempt_number, e.run, b.counted_at FROM "
          "outreach_emails e JOIN outbox b ON b.account_id = e.account_id AND b.kind = 'outreach' AND "
          "b.mail_id = "
          "e.id WHERE e.account_id = ? AND e.id = ?",
          mail.account, mail.mail));
  if (!rows->next()) return std::nullopt;
  return PlannedStep{rows->integer(0), rows->integer(1), rows->integer(2), rows->integer(3),
                     rows->integer(4)};
}

/// Somebody who was answered in spite of the do-not-email list was on it before.
std::optional<Obstacle> obstacle_of_reply(db::Connection& connection, const ClaimedMail& mail,
                                          base::Millis now) {
  std::string address;
  std::int64_t project = 0;
  base::Millis written_at = 0;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT to_email, project_id, created_at FROM sent_replies WHERE account_id = ? AND id = ? AND "
            "status = 'scheduled'",
            mail.account, mail.mail));
    if (!rows->next()) return Obstacle{.until = {}, .why = "the reply was cancelled"};
    address = rows->text(0);
    project = rows->integer(1);
    written_at = rows->integer(2);
  }
  if (intake::is_suppressed(connection, mail.account, project, address, written_at)) {
    return Obstacle{.until = {}, .why = "the recipient has opted out since it was written"};
  }
  Sql open(
      "SELECT 1 FROM email_accounts e LEFT JOIN mailbox_states s ON s.account_id = e.account_id AND "
      "s.email_account_id = e.id WHERE e.account_id = ? AND e.id = ? AND NOT EXISTS (SELECT 1 FROM settings "
      "WHERE name = 'sending_paused' AND value = '1') AND 'active' = ",
      mail.account, mail.email_account);
  if (connection.exists(open << kSendingStatus)) return std::nullopt;
  return Obstacle{.until = now + kLookAgain, .why = "the mailbox or the server does not send at present"};
}

const CampaignFacts* find_facts(db::Connection& connection, const ClaimedMail& mail, std::int64_t campaign,
                                base::Millis now, ClaimFacts& claim) {
  if (const auto found = claim.campaigns.find(campaign); found != claim.campaigns.end())
    return &found->second;
  std::optional<CampaignFacts> facts =
      find_campaign_facts(connection, mail.account, campaign, now, mail.email_account);
  return facts ? &claim.campaigns.emplace(campaign, std::move(*facts)).first->second : nullptr;
}

/// `passed`: against what it was held, for the case that it passes.
std::optional<Obstacle> obstacle_of(db::Connection& connection, const ClaimedMail& mail, base::Millis now,
                                    bool counts, ClaimFacts& claim, Passed& passed) {
  passed = {.at = now, .stop_number = claim.stop_number};
  if (mail.kind == kReplyMail) return obstacle_of_reply(connection, mail, now);
  const std::optional<PlannedStep> step = find_step(connection, mail);
  if (!step) return Obstacle{.until = {}, .why = "the mail is gone"};
  std::optional<Run> run = find_run(connection, mail.account, step->opportunity);
  if (auto why = why_over(run, step->run)) return Obstacle{.until = {}, .why = std::move(*why)};
  const CampaignFacts* facts = find_facts(connection, mail, run->campaign, now, claim);
  if (facts == nullptr) return Obstacle{.until = {}, .why = "the campaign is gone"};

  run->contact = step->contact;
  run->due_at = 0;
  rules::SendingFacts sending = facts->sending;
  if (facts->mailboxes.empty()) {
    return Obstacle{
        .until = now, .why = "its mail account does not send for the campaign any more", .goes_back = true};
  }
  sending.mailbox = facts->mailboxes.front().mailbox;
  sending.mailbox->free_at = 0;
  sending.mailbox->next_try_at = 0;
  sending.campaign_free_at = 0;
  const bool other_day = rules::local_day(sending.window, step->counted_at).number != facts->campaign_day;
  const bool other_mailbox_day = step->counted_at < facts->mailbox_day_began;
  if (!other_day) {
    sending.campaign_sent_today = 0;
    sending.campaign_limit = std::max<std::int64_t>(sending.campaign_limit, 1);
  }
  if (!other_mailbox_day) {
    sending.mailbox->sent_today = 0;
    sending.mailbox->daily_limit = std::max<std::int64_t>(sending.mailbox->daily_limit, 1);
  }
  const std::vector<Recipient> recipients = add_site_facts(connection, *run, sending);
  if (const auto look = next_guarded_look(sending)) {
    return Obstacle{.until = look, .why = std::string(kContactedElsewhere), .goes_back = true};
  }
  if (sending.is_first_mail && sending.contact_guard > 0) {
    passed.guarded_contact = step->contact;
    passed.project = run->project;
    passed.opportunity = run->opportunity;
    passed.guard = sending.contact_guard;
  }
  sending.contacted_elsewhere_at.reset();
  sending.attempt = step->attempt;
  // What was written down leaves also when the sequence has got shorter since.
  sending.attempts = step->attempt;
  bool is_linked = false;
  for (const Recipient& recipient : recipients) {
    if (recipient.contact != step->contact) continue;
    is_linked = true;
    sending.suppressed = recipient.suppressed;
    sending.bounced = recipient.bounced;
  }
  if (!is_linked) return Obstacle{.until = {}, .why = "the contact was taken off the opportunity"};
  if (sending.suppressed) return Obstacle{.until = {}, .why = "the address is on the do-not-email list"};
  if (sending.bounced) return Obstacle{.until = {}, .why = "the address has bounced"};
  if (sending.blocklisted) return Obstacle{.until = {}, .why = "the site is on the blocklist"};

  const rules::SendingVerdict verdict = rules::judge_sending(sending);
  if (!verdict.may_send) {
    return Obstacle{
        .until = verdict.next_possible ? std::max(*verdict.next_possible, now + base::kSecond)
                                       : look_again(step->counted_at, now),
        .why = rules::describe(verdict.held_by, rules::look_at(verdict.held_by, sending), sending)};
  }
  if (!other_day && !other_mailbox_day) return std::nullopt;
  if (!counts) return Obstacle{.until = now + base::kSecond, .why = "another day has begun"};
  {
    const bool is_follow_up = step->attempt > 1;
    if (other_day) {
      raise_count(connection, mail.account, "campaign", run->campaign, facts->campaign_day, is_follow_up);
    }
    if (other_mailbox_day) {
      raise_count(connection, mail.account, "mailbox", mail.email_account, facts->mailbox_day, is_follow_up);
    }
    connection.execute(Sql("UPDATE outbox SET counted_at = ? WHERE account_id = ? AND id = ?", now,
                           mail.account, mail.outbox));
    claim.campaigns.clear();  // What they have sent today is one more.
  }
  return std::nullopt;
}

}  // namespace

std::optional<Obstacle> find_obstacle(db::Connection& connection, const ClaimedMail& mail, base::Millis now) {
  ClaimFacts claim;
  Passed passed;
  std::optional<Obstacle> obstacle = obstacle_of(connection, mail, now, false, claim, passed);
  // They are left out at its next claim; the server was told of them.
  if (!obstacle && has_opted_out_copy(connection, mail)) {
    return Obstacle{.until = now, .why = "somebody in copy has opted out"};
  }
  return obstacle;
}

ClaimFacts begin_claim(db::Connection& connection, std::int64_t account) {
  return {.stop_number = intake::stop_number(connection, account)};
}

std::optional<Obstacle> find_obstacle_and_count(db::Connection& connection, ClaimedMail& mail,
                                                base::Millis now, ClaimFacts& claim) {
  return obstacle_of(connection, mail, now, true, claim, mail.passed);
}

bool still_passes(db::Connection& connection, const ClaimedMail& mail, base::Millis now) {
  const Passed& passed = mail.passed;
  // Windows and days begin and end at full minutes.
  if (now < passed.at || now / base::kMinute != passed.at / base::kMinute) return false;
  if (passed.stop_number != intake::stop_number(connection, mail.account)) return false;
  if (passed.guarded_contact != 0 &&
      find_contacted_elsewhere(connection, mail.account, passed.guarded_contact, passed.project,
                               passed.opportunity, now - passed.guard)) {
    return false;
  }
  return !connection.exists(Sql("SELECT 1 FROM settings WHERE name = 'sending_paused' AND value = '1'"));
}

}  // namespace overture::outreach
