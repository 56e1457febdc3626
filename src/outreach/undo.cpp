#include "outreach/undo.hpp"

#include <algorithm>
#include <optional>

#include "intake/launch.hpp"
#include "intake/stage.hpp"
#include "intake/take_back.hpp"
#include "outreach/bounces.hpp"
#include "outreach/contacts.hpp"
#include "outreach/facts.hpp"
#include "outreach/opt_out.hpp"
#include "rules/follow_up.hpp"

namespace overture::outreach {
namespace {

using db::Sql;
using rules::StageEvent;

void note(db::Connection& connection, const Mistake& mistake, std::int64_t opportunity,
          const std::string& words, base::Millis now) {
  intake::add_system_note(connection, mistake.mail.account, opportunity, mistake.user, now, words);
}

/// Tasks that ask people to do something about what it was taken for.
void complete_tasks(db::Connection& connection, const Mistake& mistake, std::string_view type,
                    base::Millis now) {
  connection.execute(
      Sql("UPDATE tasks SET completed_at = ?, completed_by = ? WHERE account_id = ? AND communication_id = ? "
          "AND type = ? AND completed_at IS NULL",
          now, mistake.user, mistake.mail.account, mistake.mail.id, type));
}

/// "Find another contact", which is about no mail.
void complete_search(db::Connection& connection, const Mistake& mistake, base::Millis now) {
  connection.execute(
      Sql("UPDATE tasks SET completed_at = ?, completed_by = ? WHERE account_id = ? AND opportunity_id = ? "
          "AND communication_id = 0 AND type = 'bounce' AND completed_at IS NULL",
          now, mistake.user, mistake.mail.account, mistake.opportunity));
}

bool take_back_end(db::Connection& connection, const Mistake& mistake, std::int64_t opportunity,
                   StageEvent event, base::Millis now) {
  return intake::take_back_end(connection, mistake.mail.account, {opportunity, mistake.mail.id, event},
                               mistake.user, now);
}

/// A run that stands at a contact who cannot be written to goes on with one that can and was: after the last
/// mail to him, from its mailbox.
void leave_unreachable_contact(db::Connection& connection, Run run,
                               const std::vector<Recipient>& recipients) {
  for (const Recipient& recipient : recipients) {
    if (recipient.contact == run.contact && recipient.may_be_written_to()) return;
  }
  for (const Recipient& recipient : recipients) {
    if (!recipient.may_be_written_to()) continue;
    base::Millis sent_at = 0;
    {
      db::RowsPtr rows = connection.query(
          Sql("SELECT attempt_number, email_account_id, sent_at FROM outreach_emails WHERE account_id = ? "
              "AND opportunity_id = ? AND contact_id = ? AND run = ? AND sent_at IS NOT NULL ORDER BY "
              "attempt_number DESC LIMIT 1",
              run.account, run.opportunity, recipient.contact, run.run));
      if (!rows->next()) continue;
      run.next_attempt = rows->integer(0) + 1;
      run.email_account = rows->integer(1);
      sent_at = rows->integer(2);
    }
    run.contact = recipient.contact;
    // Where there is no such attempt its turn is now: the sequence has run through.
    const std::int64_t delay_days = connection.integer(
        Sql("SELECT delay_days FROM attempts WHERE account_id = ? AND campaign_id = ? AND number = ?",
            run.account, run.campaign, run.next_attempt));
    run.due_at =
        rules::follow_up_due_at(load_window(connection, run.account, run.campaign), sent_at, delay_days)
            .value_or(sent_at);
    if (run.state != "paused") run.state = "waiting";
    run.why.clear();
    return store_run(connection, run);
  }
}

/// Every address had bounced; one of them works.
bool take_back_bounced_end(db::Connection& connection, const Mistake& mistake, base::Millis now) {
  const std::optional<Run> run = find_run(connection, mistake.mail.account, mistake.opportunity);
  if (!run) return false;
  const std::vector<Recipient> recipients =
      load_recipients(connection, run->account, run->project, run->opportunity);
  if (std::none_of(recipients.begin(), recipients.end(),
                   [](const Recipient& recipient) { return recipient.may_be_written_to(); })) {
    return false;
  }
  complete_search(connection, mistake, now);
  if (!take_back_end(connection, mistake, mistake.opportunity, StageEvent::all_bounced, now)) return false;
  const std::optional<Run> revived = find_run(connection, mistake.mail.account, mistake.opportunity);
  if (revived && revived->state != "over") leave_unreachable_contact(connection, *revived, recipients);
  return true;
}

/// It may lead to an end of before, which nothing speaks for any more.
void take_back_ends_before(db::Connection& connection, const Mistake& mistake, base::Millis now) {
  take_back_end(connection, mistake, mistake.opportunity, StageEvent::replied, now);
  const std::string status =
      connection.text(Sql("SELECT stage_status FROM opportunities WHERE account_id = ? AND id = ?",
                          mistake.mail.account, mistake.opportunity));
  if (status == "bounced") take_back_bounced_end(connection, mistake, now);
}

/// Who became a contact by this mail alone is none. Another answer of his stands for it instead.
void unlink_sender(db::Connection& connection, const Mistake& mistake) {
  const std::int64_t account = mistake.mail.account;
  connection.execute(Sql(
      "UPDATE opportunity_contacts SET added_via = COALESCE((SELECT MIN(i.id) FROM inbound_emails i WHERE "
      "i.account_id = opportunity_contacts.account_id AND i.opportunity_id = "
      "opportunity_contacts.opportunity_id AND i.contact_id = opportunity_contacts.contact_id AND i.class "
      "= 'human' AND i.id <> ?), added_via) WHERE account_id = ? AND opportunity_id = ? AND added_via = ?",
      mistake.mail.id, account, mistake.opportunity, mistake.mail.id));
  connection.execute(Sql(
      "DELETE FROM opportunity_contacts WHERE account_id = ? AND opportunity_id = ? AND added_via = ? AND "
      "NOT EXISTS (SELECT 1 FROM outreach_emails e WHERE e.account_id = ? AND e.opportunity_id = ? AND "
      "e.contact_id = opportunity_contacts.contact_id AND e.status <> 'cancelled') AND NOT EXISTS (SELECT "
      "1 FROM sent_replies r JOIN contacts k ON k.account_id = r.account_id AND k.email = r.to_email "
      "WHERE r.account_id = ? AND r.opportunity_id = ? AND k.id = opportunity_contacts.contact_id AND "
      "r.status <> 'cancelled') AND NOT EXISTS (SELECT 1 FROM outreach_runs w WHERE w.account_id = ? AND "
      "w.opportunity_id = ? AND w.contact_id = opportunity_contacts.contact_id AND w.state <> 'over')",
      account, mistake.opportunity, mistake.mail.id, account, mistake.opportunity, account,
      mistake.opportunity, account, mistake.opportunity));
}

bool undo_answer(db::Connection& connection, const Mistake& mistake, base::Millis now) {
  complete_tasks(connection, mistake, "reply_needed", now);
  if (mistake.opportunity == 0) return false;
  unlink_sender(connection, mistake);
  return take_back_end(connection, mistake, mistake.opportunity, StageEvent::replied, now);
}

bool has_other_wish(db::Connection& connection, const Mistake& mistake, std::int64_t opportunity) {
  return connection.exists(
      Sql("SELECT 1 FROM inbound_emails WHERE account_id = ? AND opportunity_id = ? AND class = "
          "'unsubscribe' AND id <> ?",
          mistake.mail.account, opportunity, mistake.mail.id));
}

/// Its outreach has ended by the wish itself, or because of what it has put on the list.
bool was_ended_by_wish(db::Connection& connection, const Mistake& mistake, std::int64_t opportunity) {
  if (has_other_wish(connection, mistake, opportunity)) return false;
  const std::int64_t account = mistake.mail.account;
  const std::string why = connection.text(
      Sql("SELECT stage_reason FROM opportunities WHERE account_id = ? AND id = ?", account, opportunity));
  if (why == kAskedByMail) return opportunity == mistake.opportunity;
  return (why == kContactOptedOut || why == kAllOptedOut) && !mistake.removed.empty() &&
         !intake::load_readiness(connection, account, opportunity).opted_out;
}

/// Other outreach to the address that has ended since.
std::vector<std::int64_t> find_others(db::Connection& connection, const Mistake& mistake,
                                      const intake::RemovedUnsubscribe& removed) {
  std::vector<std::int64_t> others;
  db::RowsPtr rows = connection.query(Sql(
      "SELECT x.opportunity_id FROM contacts k CROSS JOIN opportunity_contacts x CROSS JOIN outreach_ends "
      "e WHERE x.account_id = k.account_id AND x.contact_id = k.id AND e.account_id = x.account_id AND "
      "e.opportunity_id = x.opportunity_id AND k.account_id = ? AND k.email = ? AND e.event = "
      "'opted_out' AND e.ended_at >= ? AND x.opportunity_id <> ? ORDER BY x.opportunity_id",
      mistake.mail.account, removed.entry, removed.since, mistake.opportunity));
  while (rows->next()) others.push_back(rows->integer(0));
  return others;
}

bool undo_wish(db::Connection& connection, const Mistake& mistake, base::Millis now) {
  bool goes_on = false;
  if (mistake.opportunity != 0) {
    for (const auto& removed : mistake.removed) {
      note(connection, mistake, mistake.opportunity, removed.entry + " was taken off the do-not-email list",
           now);
    }
    goes_on = was_ended_by_wish(connection, mistake, mistake.opportunity) &&
              take_back_end(connection, mistake, mistake.opportunity, StageEvent::opted_out, now);
  }
  for (const auto& removed : mistake.removed) {
    for (const std::int64_t other : find_others(connection, mistake, removed)) {
      if (!was_ended_by_wish(connection, mistake, other)) continue;
      take_back_end(connection, mistake, other, StageEvent::opted_out, now);
    }
  }
  return goes_on;
}

bool undo_bounce(db::Connection& connection, const Mistake& mistake, base::Millis now) {
  complete_tasks(connection, mistake, "bounce", now);
  if (mistake.opportunity == 0) return false;
  const std::vector<std::string> addresses =
      take_back_bounce(connection, mistake.mail.account, mistake.opportunity, mistake.mail.id, now);
  for (const std::string& address : addresses) {
    note(connection, mistake, mistake.opportunity, address + " can be written to again", now);
  }
  return !addresses.empty() && take_back_bounced_end(connection, mistake, now);
}

}  // namespace

bool undo(db::Connection& connection, const Mistake& mistake, base::Millis now) {
  if (mistake.opportunity != 0) connection.lock("opportunity " + std::to_string(mistake.opportunity));
  bool goes_on = false;
  if (mistake.kind == "human") goes_on = undo_answer(connection, mistake, now);
  if (mistake.kind == "unsubscribe") goes_on = undo_wish(connection, mistake, now);
  if (mistake.kind == "bounce") goes_on = undo_bounce(connection, mistake, now);
  if (goes_on) take_back_ends_before(connection, mistake, now);
  return goes_on;
}

}  // namespace overture::outreach
