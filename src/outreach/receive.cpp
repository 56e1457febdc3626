#include "outreach/receive.hpp"

#include "intake/communications.hpp"
#include "intake/counts.hpp"
#include "intake/tasks.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/absence.hpp"
#include "outreach/bounces.hpp"
#include "outreach/inbound_rows.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/mails.hpp"
#include "outreach/match.hpp"
#include "outreach/opt_out.hpp"
#include "outreach/reply_outcome.hpp"
#include "outreach/reports.hpp"
#include "outreach/settle.hpp"
#include "outreach/taken.hpp"
#include "rules/email_address.hpp"

namespace overture::outreach {
namespace {

using db::Sql;
using mail::MailClass;

struct Intake {
  db::Connection& connection;
  const MailboxKey& mailbox;
  const ReceivedMail& received;
  base::Millis now;
  std::uint64_t chance;
  MailClass kind = MailClass::human;
  AnsweredMail answered = {};
  std::int64_t inbound = 0;
  std::int64_t opportunity = 0;  ///< 0: not matched

  const mail::Inspection& inspection() const { return received.inspection; }
  std::int64_t account() const { return mailbox.account; }
};

/// Somebody has our mail: it was sent, whatever the connection said.
void take_as_evidence(Intake& intake) {
  if (intake.answered.id == 0) return;
  // A report about a sending before it says nothing of this one.
  if (intake.kind == MailClass::bounce && intake.answered.kind == kOutreachMail &&
      is_of_earlier_sending(intake.connection, intake.account(), intake.answered.id,
                            intake.received.arrived_at)) {
    return;
  }
  settle_unknown(intake.connection, intake.account(), intake.answered.kind, intake.answered.id, true,
                 intake.received.arrived_at, intake.now);
}

std::string sender_of(const mail::Inspection& inspection) {
  if (inspection.message.from.empty()) return {};
  return rules::parse_email_address(inspection.message.from.front().address).value_or(std::string());
}

void take_match(Intake& intake, const rules::InboundMatch& found) {
  store_match(intake.connection, intake.account(), intake.inbound, rules::match_reason_name(found.reason),
              found.suggestions);
  switch (found.outcome) {
    case rules::MatchOutcome::matched:
      intake.opportunity = found.opportunity;
      intake::match_inbound_email(intake.connection, intake.account(), intake.inbound, found.opportunity, {},
                                  intake.now);
      return;
    case rules::MatchOutcome::partial:
      intake.connection.execute(
          Sql("UPDATE inbound_emails SET status = 'partial' WHERE account_id = ? AND id = ?",
              intake.account(), intake.inbound));
      return;
    case rules::MatchOutcome::unmatched:
      return;
  }
}

/// Sent from here, by the engine or by somebody who uses a mailbox of the account: a copy to a colleague,
/// say. Who answers the mail that was sent to him is not meant, even if his mailbox is connected here as
/// well.
bool is_own_copy(Intake& intake) {
  if (intake.received.inspection.kind == MailClass::own_copy) return true;
  const std::string& id = intake.inspection().message.message_id;
  if (!id.empty() &&
      intake.connection.exists(
          Sql("SELECT 1 FROM message_ids WHERE account_id = ? AND message_id = ?", intake.account(), id))) {
    return true;
  }
  const std::string sender = sender_of(intake.inspection());
  if (sender.empty()) return false;
  if (intake.answered.id != 0 && intake.answered.to_email == sender) return false;
  return intake.connection.exists(
      Sql("SELECT 1 FROM mailboxes m JOIN email_accounts a ON a.account_id = m.account_id AND a.id = "
          "m.email_account_id WHERE m.account_id = ? AND m.address = ? AND a.status <> 'deleted'",
          intake.account(), sender));
}

/// A mail that belongs nowhere has come by another mailbox of the account, wherever that one belongs, and
/// whoever may see the mails of this one sees it there. Not so a bounce: it may be about a mail of this
/// mailbox.
bool came_elsewhere_unmatched(Intake& intake, const std::string& id) {
  if (intake.kind == MailClass::bounce) return false;
  intake.connection.lock("message " + std::to_string(intake.account()) + " " + id);
  return intake.connection.exists(
      Sql("SELECT 1 FROM inbound_sources s CROSS JOIN inbound_emails i WHERE i.account_id = s.account_id AND "
          "i.id = s.inbound_email_id AND s.account_id = ? AND s.message_id = ? AND i.from_email = ? AND "
          "i.email_account_id <> ? AND NOT EXISTS (SELECT 1 FROM email_account_projects p WHERE p.account_id "
          "= i.account_id AND p.email_account_id = ? AND NOT EXISTS (SELECT 1 FROM email_account_projects q "
          "WHERE q.account_id = p.account_id AND q.email_account_id = i.email_account_id AND q.project_id = "
          "p.project_id))",
          intake.account(), id, sender_of(intake.inspection()), intake.mailbox.email_account,
          intake.mailbox.email_account));
}

/// The same mail has come by another mailbox of the account: to its opportunity, or this one belongs nowhere.
bool came_elsewhere(Intake& intake, const rules::InboundMatch& found) {
  const std::string& id = intake.inspection().message.message_id;
  if (id.empty()) return false;
  if (found.outcome == rules::MatchOutcome::unmatched) return came_elsewhere_unmatched(intake, id);
  if (found.outcome != rules::MatchOutcome::matched) return false;
  intake.connection.lock("opportunity " + std::to_string(found.opportunity));
  return intake.connection.exists(Sql(
      "SELECT 1 FROM inbound_emails i JOIN inbound_sources s ON s.account_id = i.account_id AND "
      "s.inbound_email_id = i.id WHERE i.account_id = ? AND i.opportunity_id = ? AND s.message_id = ? AND "
      "i.from_email = ? AND i.email_account_id <> ?",
      intake.account(), found.opportunity, id, sender_of(intake.inspection()), intake.mailbox.email_account));
}

/// A person waits for an answer.
void ask_for_reply(Intake& intake) {
  if (intake.opportunity == 0) return;
  db::RowsPtr rows = intake.connection.query(Sql(
      "SELECT o.project_id, o.campaign_id, o.name, COALESCE(r.user_id, 0) FROM opportunities o LEFT JOIN "
      "outreach_runs r ON r.account_id = o.account_id AND r.opportunity_id = o.id WHERE o.account_id = ? AND "
      "o.id = ?",
      intake.account(), intake.opportunity));
  if (!rows->next()) return;
  intake::ServerTask task{.project = rows->integer(0),
                          .campaign = rows->integer(1),
                          .opportunity = intake.opportunity,
                          .communication = intake.inbound,
                          .assigned_to = rows->integer(3),
                          .type = "reply_needed",
                          .name = "Answer " + std::string(rows->text(2)),
                          .ends_with_communication = true};
  rows.reset();
  intake::add_task(intake.connection, intake.account(), task, intake.now);
}

void take_out_of_office(Intake& intake) {
  const mail::Inspection& inspection = intake.inspection();
  if (intake.opportunity == 0 || !inspection.is_away) return;
  wait_for_return(intake.connection, intake.account(), intake.opportunity,
                  {.told_at = intake.received.arrived_at, .back_on = inspection.back_on});
}

void stop_writing_to(Intake& intake, const std::string& address, std::string_view reason) {
  if (address.empty()) return;
  intake::unsubscribe(intake.connection, intake.account(), {address, false},
                      {.communication = intake.inbound, .reason = reason, .now = intake.now});
}

void take_opt_out(Intake& intake) {
  stop_writing_to(intake, sender_of(intake.inspection()), "Unsubscribed");
  if (intake.answered.kind == kOutreachMail) {
    stop_writing_to(intake, intake.answered.to_email, "Unsubscribed");
  }
  if (intake.opportunity == 0) return;
  intake::take_opt_out(intake.connection, intake.account(), intake.opportunity, {}, kAskedByMail, intake.now);
}

void take_bounced(Intake& intake) {
  const std::int64_t opportunity = take_report(intake.connection,
                                               {.mailbox = intake.mailbox,
                                                .inspection = intake.inspection(),
                                                .answered = intake.answered,
                                                .inbound = intake.inbound,
                                                .arrived_at = intake.received.arrived_at},
                                               intake.now, intake.chance);
  if (opportunity == 0 || intake.opportunity != 0) return;
  intake::match_inbound_email(intake.connection, intake.account(), intake.inbound, opportunity, {},
                              intake.now);
}

}  // namespace

Received receive(db::Connection& connection, const MailboxKey& mailbox, const ReceivedMail& received,
                 base::Millis now, std::uint64_t chance) {
  if (!remember_mail(connection, mailbox, received)) return Received::known;
  Intake intake{connection, mailbox, received, now, chance, received.inspection.kind};
  intake.answered = find_answered(connection, mailbox.account, received.inspection);
  if (is_own_copy(intake)) {
    mail::Inspection own = {};
    own.message_id = received.inspection.message.message_id;
    intake.answered = find_answered(connection, mailbox.account, own);
    take_as_evidence(intake);
    return Received::own_copy;
  }
  book_all_taken(connection, mailbox.account, now);
  intake.kind = mail::class_of_answer(received.inspection, intake.answered.subject);
  take_as_evidence(intake);
  const bool matches = intake.kind != MailClass::bounce || intake.answered.id != 0;
  const rules::InboundMatch found =
      matches ? match_mail(connection, mailbox, received.inspection, intake.answered) : rules::InboundMatch{};
  if (came_elsewhere(intake, found)) return Received::known;
  intake.inbound = insert_inbound(connection, mailbox, received, intake.kind);
  if (matches) take_match(intake, found);
  switch (intake.kind) {
    case MailClass::human:
      drop_replies_to(connection, mailbox.account, sender_of(received.inspection));
      ask_for_reply(intake);
      break;
    case MailClass::auto_reply:
      take_out_of_office(intake);
      break;
    case MailClass::bounce:
      take_bounced(intake);
      break;
    case MailClass::unsubscribe:
      take_opt_out(intake);
      break;
    case MailClass::own_copy:
      break;
  }
  intake::note_change(connection, mailbox.account);
  return Received::stored;
}

void keep_unfollowed(db::Connection& connection, const MailboxKey& mailbox, const ReceivedMail& received,
                     base::Millis now) {
  if (!remember_mail(connection, mailbox, received)) return;
  const std::int64_t inbound = insert_inbound(connection, mailbox, received, received.inspection.kind);
  add_mailbox_task(
      connection, mailbox,
      {.communication = inbound,
       .type = "mailbox_error",
       .name = "Read email " + std::to_string(inbound) + ", which could not be followed",
       .description = "The server could not do what this email asks for: it may be a reply, a bounce or "
                      "a wish not to be written to. Its log says why."},
      now);
  intake::note_change(connection, mailbox.account);
}

}  // namespace overture::outreach
