// Dates, counters, milestones and stages that follow a communication.
#include "intake/communications.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "events/event.hpp"
#include "intake/answers.hpp"
#include "intake/contacts.hpp"
#include "intake/counts.hpp"
#include "intake/opportunity.hpp"
#include "intake/references.hpp"
#include "intake/snooze.hpp"
#include "intake/stage.hpp"
#include "intake/tasks.hpp"
#include "rules/email_address.hpp"
#include "rules/milestone_role.hpp"

namespace overture::intake {
namespace {

using db::Connection;
using db::Sql;

namespace milestone_role = rules::milestone_role;

struct Standing {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  bool started = false;
};

Standing load_standing(Connection& connection, std::int64_t account, std::int64_t opportunity) {
  db::RowsPtr rows =
      connection.query(Sql("SELECT project_id, campaign_id, outreach_started_date FROM opportunities WHERE "
                           "account_id = ? AND id = ?",
                           account, opportunity));
  if (!rows->next()) return {};
  return {rows->integer(0), rows->integer(1), !rows->is_null(2)};
}

void count_answered(Connection& connection, std::int64_t account, std::int64_t opportunity,
                    std::int64_t email, std::int64_t delta) {
  Standing standing = load_standing(connection, account, opportunity);
  if (!standing.started || is_answered(connection, account, opportunity, email)) return;
  count(connection, account, std::string(kAnsweredCounter) + std::to_string(standing.project), delta);
}

struct Inbound {
  std::int64_t opportunity = 0;
  bool human = false;
  std::string from_email;
  std::string from_name;
  base::Millis at = 0;
  std::string subject;
};

std::optional<Inbound> find_inbound(Connection& connection, std::int64_t account, std::int64_t email) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT opportunity_id, class, from_email, from_name, created_at, subject FROM inbound_emails "
          "WHERE account_id = ? AND id = ?",
          account, email));
  if (!rows->next()) return std::nullopt;
  return Inbound{rows->integer(0),           rows->text(1) == "human", std::string(rows->text(2)),
                 std::string(rows->text(3)), rows->integer(4),         std::string(rows->text(5))};
}

/// The sender as a contact of the opportunity; machines are not added to the address book.
std::int64_t contact_of(Connection& connection, std::int64_t account, std::int64_t opportunity,
                        std::int64_t email, const Inbound& mail, base::Millis now) {
  std::optional<std::string> address = rules::parse_email_address(mail.from_email);
  if (!address) return 0;
  if (!mail.human) {
    return connection.integer(
        Sql("SELECT id FROM contacts WHERE account_id = ? AND email = ?", account, *address));
  }
  const auto space = mail.from_name.find(' ');
  ProspectContact sender{*address, mail.from_name.substr(0, space),
                         space == std::string::npos ? std::string() : mail.from_name.substr(space + 1)};
  std::int64_t contact = place_contact(connection, account, sender, now).id;
  connection.execute(
      Sql("INSERT INTO opportunity_contacts (account_id, opportunity_id, contact_id, added_via) VALUES (?, "
          "?, ?, ?) ON CONFLICT DO NOTHING",
          account, opportunity, contact, email));
  return contact;
}

/// To the account's milestone of that role, if it has one, with a note that says why.
void move_to(OpportunityRow& row, std::string_view role, std::string_view reason, base::Millis now) {
  Milestone milestone;
  hold_milestones(row.connection(), row.account());
  {
    db::RowsPtr rows = row.connection().query(
        Sql("SELECT id, name, kind FROM milestones WHERE account_id = ? AND role = ?", row.account(), role));
    if (!rows->next()) return;
    milestone = {rows->integer(0), std::string(rows->text(1)), std::string(rows->text(2)), std::string(role)};
  }
  if (!move_to_milestone(row, std::move(milestone), std::nullopt, now)) return;
  add_system_note(row.connection(), row.account(), row.id(), std::nullopt, now,
                  "Milestone set to " + row.milestone().name + ": " + std::string(reason) + ".");
}

void advance(OpportunityRow& row, std::string_view role, std::initializer_list<std::string_view> from,
             std::string_view reason, base::Millis now) {
  const Milestone& current = row.milestone();
  if (current.exists() && current.role.empty()) return;
  if (std::find(from.begin(), from.end(), current.role) == from.end()) return;
  if (current.role != milestone_role::kNoResponse && milestone_is_by_person(row)) return;
  move_to(row, role, reason, now);
}

struct Answer {
  std::int64_t email = 0;
  std::int64_t opportunity = 0;
  std::int64_t project = 0;
  std::int64_t contact = 0;
};

/// A person's mail belongs to the opportunity now.
void follow_answer(Connection& connection, std::int64_t account, const Answer& answer, const Inbound& mail,
                   base::Millis now) {
  events::note(connection, account,
               {.kind = events::Kind::reply_received,
                .project = answer.project,
                .opportunity = answer.opportunity,
                .data = {{"inbound_email", answer.email},
                         {"from_email", mail.from_email},
                         {"from_name", mail.from_name},
                         {"subject", mail.subject}}},
               now);
  note_communication(connection, account, answer.opportunity, answer.contact, kInboundEmailType, mail.at,
                     now);
  change_stage(connection, account, answer.opportunity, rules::StageEvent::replied, std::nullopt, now);
  connection.execute(
      Sql("UPDATE sent_replies SET status = 'cancelled' WHERE account_id = ? AND opportunity_id = ? AND "
          "status = 'scheduled' AND stop_schedule_on_communication = 1",
          account, answer.opportunity));
  complete_tasks_on_communication(connection, account, answer.opportunity, now);
  wake_snoozed_of(connection, account, answer.opportunity);
  advance_milestone(
      connection, account, answer.opportunity, milestone_role::kResponded,
      {milestone_role::kNone, milestone_role::kNew, milestone_role::kContacted, milestone_role::kNoResponse},
      "a reply came in", now);
}

void note_contact(Connection& connection, std::int64_t account, std::int64_t contact, base::Millis at) {
  if (contact == 0) return;
  connection.execute(
      Sql("UPDATE contacts SET last_communication_date = ? WHERE account_id = ? AND id = ? AND "
          "(last_communication_date IS NULL OR last_communication_date < ?)",
          at, account, contact, at));
}

}  // namespace

void note_communication(Connection& connection, std::int64_t account, std::int64_t opportunity,
                        std::int64_t contact, std::string_view type, base::Millis at, base::Millis now) {
  connection.execute(
      Sql("UPDATE opportunities SET last_communication_date = ?, last_communication_type = ?, version = "
          "version + 1, "
          "updated_at = ? WHERE account_id = ? AND id = ? AND (last_communication_date IS NULL OR "
          "last_communication_date < ?)",
          at, type, now, account, opportunity, at));
  note_contact(connection, account, contact, at);
}

void advance_milestone(Connection& connection, std::int64_t account, std::int64_t opportunity,
                       std::string_view role, std::initializer_list<std::string_view> from,
                       std::string_view reason, base::Millis now) {
  std::optional<OpportunityRow> row = OpportunityRow::open(connection, account, opportunity);
  if (!row) return;
  advance(*row, role, from, reason, now);
  row->write(now);
}

void take_opt_out(Connection& connection, std::int64_t account, std::int64_t opportunity,
                  std::optional<std::int64_t> user, std::string_view reason, base::Millis now) {
  std::optional<OpportunityRow> row = OpportunityRow::open(connection, account, opportunity);
  if (!row) return;
  take_step(*row, rules::StageEvent::opted_out, user, now, reason);
  const bool moves =
      connection.exists(Sql("SELECT 1 FROM accounts WHERE id = ? AND lost_unsubscribed = 1", account));
  if (moves && row->milestone().kind != "won" && !milestone_is_by_person(*row)) {
    move_to(*row, milestone_role::kUnsubscribed, reason, now);
  }
  row->write(now);
}

void note_contacted(Connection& connection, std::int64_t account, std::int64_t opportunity,
                    const Contacted& contacted, base::Millis now) {
  std::optional<OpportunityRow> row = OpportunityRow::open(connection, account, opportunity);
  if (!row) return;
  row->set_communication(contacted.at, contacted.type);
  note_contact(connection, account, contacted.contact, contacted.at);
  if (!row->started()) {
    row->set_started(contacted.at);
    const std::string project = std::to_string(row->project());
    count(connection, account, std::string(kStartedCounter) + project, 1);
    // Somebody may have written before anything was sent.
    if (is_answered(connection, account, opportunity, 0)) {
      count(connection, account, std::string(kAnsweredCounter) + project, 1);
    }
    advance(*row, milestone_role::kContacted, {milestone_role::kNone, milestone_role::kNew},
            "the first message was sent", now);
  }
  take_step(*row, contacted.event, contacted.user, now);
  row->write(now);
}

void match_inbound_email(Connection& connection, std::int64_t account, std::int64_t email,
                         std::int64_t opportunity, std::optional<std::int64_t> user, base::Millis now) {
  connection.lock("opportunity " + std::to_string(opportunity));
  connection.lock("inbound_email " + std::to_string(email));
  std::optional<Inbound> mail = find_inbound(connection, account, email);
  if (!mail || mail->opportunity == opportunity) return;
  if (mail->human && mail->opportunity != 0)
    count_answered(connection, account, mail->opportunity, email, -1);
  if (mail->human) count_answered(connection, account, opportunity, email, 1);

  Standing standing = load_standing(connection, account, opportunity);
  std::int64_t contact = contact_of(connection, account, opportunity, email, *mail, now);
  connection.execute(Sql(
      "UPDATE inbound_emails SET project_id = ?, campaign_id = ?, opportunity_id = ?, contact_id = ?, "
      "attempt_number = ?, status = CASE WHEN status IN ('unmatched', 'partial') THEN 'new' ELSE status END "
      "WHERE account_id = ? AND id = ?",
      standing.project, standing.campaign, opportunity, contact,
      answered_attempt(connection, account, opportunity, mail->at), account, email));
  const Answer answer{email, opportunity, standing.project, contact};
  if (mail->human) follow_answer(connection, account, answer, *mail, now);
  const base::Millis replied_at =
      bring_replies(connection, account, email, {standing.project, standing.campaign, opportunity});
  if (replied_at != 0)
    note_communication(connection, account, opportunity, 0, kSentReplyType, replied_at, now);
  touch_opportunity(connection, account, opportunity, now);
  if (user)
    add_system_note(connection, account, opportunity, user, now, "An email was matched to this opportunity");
}

bool set_inbound_class(Connection& connection, std::int64_t account, std::int64_t email,
                       std::string_view kind, std::int64_t user, base::Millis now) {
  std::int64_t opportunity = connection.integer(
      Sql("SELECT opportunity_id FROM inbound_emails WHERE account_id = ? AND id = ?", account, email));
  if (opportunity != 0) connection.lock("opportunity " + std::to_string(opportunity));
  connection.lock("inbound_email " + std::to_string(email));
  std::optional<Inbound> mail = find_inbound(connection, account, email);
  if (!mail || connection.execute(Sql("UPDATE inbound_emails SET class = ? WHERE account_id = ? AND id = ? "
                                      "AND class <> ?",
                                      kind, account, email, kind)) == 0) {
    return false;
  }
  opportunity = mail->opportunity;
  if (opportunity == 0) return true;
  const bool was_human = std::exchange(mail->human, kind == "human");
  if (was_human) count_answered(connection, account, opportunity, email, -1);
  if (mail->human) {
    count_answered(connection, account, opportunity, email, 1);
    const std::int64_t contact = contact_of(connection, account, opportunity, email, *mail, now);
    connection.execute(Sql("UPDATE inbound_emails SET contact_id = ? WHERE account_id = ? AND id = ?",
                           contact, account, email));
    const Standing standing = load_standing(connection, account, opportunity);
    follow_answer(connection, account, {email, opportunity, standing.project, contact}, *mail, now);
  }
  touch_opportunity(connection, account, opportunity, now);
  add_system_note(connection, account, opportunity, user, now,
                  "An email of this opportunity was said to be: " + std::string(kind));
  return true;
}

bool submit_form(Connection& connection, std::int64_t account, std::int64_t form, std::int64_t user,
                 base::Millis now) {
  std::int64_t opportunity = connection.integer(
      Sql("SELECT opportunity_id FROM form_submissions WHERE account_id = ? AND id = ?", account, form));
  connection.lock("opportunity " + std::to_string(opportunity));
  std::int64_t changed = connection.execute(Sql(
      "UPDATE form_submissions SET status = 'submitted', sent_at = ?, user_id = ? WHERE account_id = ? AND "
      "id = ? AND status = 'pending'",
      now, user, account, form));
  if (changed == 0) return false;
  note_contacted(
      connection, account, opportunity,
      {.type = kFormSubmissionType, .event = rules::StageEvent::form_submitted, .user = user, .at = now},
      now);
  complete_tasks_on_communication(connection, account, opportunity, now);
  return true;
}

}  // namespace overture::intake
