// One row of outreach_runs for each opportunity that was ever launched.
#include "intake/runs.hpp"

#include <algorithm>
#include <string>

namespace overture::intake {
namespace {

using db::Sql;
using rules::StageEvent;

void set_state(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
               std::string_view state, std::string_view why) {
  connection.execute(
      Sql("UPDATE outreach_runs SET state = ?, why = ? WHERE account_id = ? AND opportunity_id = ?", state,
          why, account, opportunity));
}

/// What a run that goes on is doing: its mail may still be in the outbox or under review.
std::string_view resumed_state(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  std::string mail = connection.text(
      Sql("SELECT e.status FROM outreach_emails e JOIN outreach_runs r ON r.account_id = e.account_id AND "
          "r.opportunity_id = e.opportunity_id AND r.run = e.run WHERE e.account_id = ? AND "
          "e.opportunity_id = ? AND e.status IN ('review', 'sending', 'unknown') ORDER BY e.id DESC LIMIT 1",
          account, opportunity));
  if (mail == "review") return "review";
  if (!mail.empty()) return "outgoing";
  const bool in_outbox = connection.exists(
      Sql("SELECT 1 FROM outreach_emails e CROSS JOIN outbox b WHERE b.mail_id = e.id AND b.account_id = ? "
          "AND b.kind = 'outreach' AND e.account_id = ? AND e.opportunity_id = ?",
          account, account, opportunity));
  return in_outbox ? "outgoing" : "waiting";
}

void begin(db::Connection& connection, std::int64_t account, const StageStep& step, base::Millis now) {
  const std::string_view state = step.to.workflow == "compose" ? "compose" : "waiting";
  const std::int64_t user = step.user.value_or(0);
  std::string old =
      connection.text(Sql("SELECT state FROM outreach_runs WHERE account_id = ? AND opportunity_id = ?",
                          account, step.opportunity));
  if (old.empty()) {
    connection.execute(Sql(
        "INSERT INTO outreach_runs (account_id, opportunity_id, project_id, campaign_id, user_id, due_at, "
        "state) VALUES (?, ?, ?, ?, ?, ?, ?)",
        account, step.opportunity, step.project, step.campaign, user, now, state));
  } else if (old == "over") {
    connection.execute(Sql(
        "UPDATE outreach_runs SET run = run + 1, contact_id = 0, next_attempt = 1, user_id = ?, due_at = ?, "
        "state = ?, why = '' WHERE account_id = ? AND opportunity_id = ?",
        user, now, state, account, step.opportunity));
  } else {
    connection.execute(Sql(
        "UPDATE outreach_runs SET state = ?, why = '', due_at = CASE WHEN due_at > ? THEN due_at ELSE ? END "
        "WHERE account_id = ? AND opportunity_id = ?",
        state, now, now, account, step.opportunity));
  }
  wake_campaign(connection, account, step.campaign, now);
}

/// Goes on after "Its outreach is over: ".
std::string why_over(const StageStep& step) {
  if (!step.reason.empty()) return std::string(step.reason);
  switch (step.event) {
    case StageEvent::replied:
      return "somebody has answered";
    case StageEvent::sequence_finished:
      return "nobody has answered the sequence";
    case StageEvent::all_bounced:
      return "mails to every contact have bounced";
    case StageEvent::opted_out:
      return "they do not want to be written to";
    case StageEvent::form_submitted:
      return "its contact form was submitted";
    case StageEvent::milestone_reached:
      return "its milestone is won or lost";
    case StageEvent::blocklisted:
      return "its site is on the blocklist";
    case StageEvent::stop:
      return "a person has stopped it";
    default:
      return std::string(rules::event_name(step.event));
  }
}

/// For the case that the mail behind it was something else: see intake/take_back.
void remember_end(db::Connection& connection, std::int64_t account, const StageStep& step, base::Millis now) {
  const StageEvent event = step.event;
  if (event != StageEvent::replied && event != StageEvent::opted_out && event != StageEvent::all_bounced)
    return;
  connection.execute(
      Sql("INSERT INTO outreach_ends (account_id, opportunity_id, event, workflow_status, stage_status, "
          "stage_reason, run_state, run_why, ended_at, last_change) SELECT o.account_id, o.id, ?, ?, ?, "
          "o.stage_reason, COALESCE(r.state, ''), COALESCE(r.why, ''), ?, COALESCE((SELECT MAX(h.id) FROM "
          "milestone_history h WHERE h.account_id = o.account_id AND h.opportunity_id = o.id), 0) FROM "
          "opportunities o LEFT JOIN outreach_runs r ON r.account_id = o.account_id AND r.opportunity_id = "
          "o.id WHERE o.account_id = ? AND o.id = ? ON CONFLICT (account_id, opportunity_id, event) DO "
          "UPDATE SET workflow_status = excluded.workflow_status, stage_status = excluded.stage_status, "
          "stage_reason = excluded.stage_reason, run_state = excluded.run_state, run_why = "
          "excluded.run_why, ended_at = excluded.ended_at, last_change = excluded.last_change",
          rules::event_name(event), step.from_workflow, step.from_status, now, account, step.opportunity));
}

void end(db::Connection& connection, std::int64_t account, const StageStep& step, base::Millis now) {
  remember_end(connection, account, step, now);
  const std::string why = why_over(step);
  set_state(connection, account, step.opportunity, "over", why);
  connection.execute(Sql(
      "DELETE FROM outbox WHERE account_id = ? AND kind = 'outreach' AND state = 'pending' AND mail_id IN "
      "(SELECT id FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND status = "
      "'scheduled')",
      account, account, step.opportunity));
  connection.execute(
      Sql("UPDATE outreach_emails SET status = 'cancelled', failure = ? WHERE account_id = ? AND "
          "opportunity_id = ? AND status IN ('draft', 'review', 'scheduled')",
          why, account, step.opportunity));
  connection.execute(
      Sql("UPDATE form_submissions SET status = 'cancelled' WHERE account_id = ? AND "
          "opportunity_id = ? AND status = 'pending'",
          account, step.opportunity));
}

/// Follow-ups of attempt `number` that wait for their time.
void move_follow_ups(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                     std::int64_t number, std::int64_t delay_days) {
  connection.execute(Sql(
      "UPDATE outreach_runs SET due_at = COALESCE((SELECT MAX(e.sent_at + 0) FROM outreach_emails e WHERE "
      "e.account_id = outreach_runs.account_id AND e.opportunity_id = outreach_runs.opportunity_id AND "
      "+e.contact_id = outreach_runs.contact_id AND e.run = outreach_runs.run) + ?, due_at) WHERE "
      "account_id = ? AND campaign_id = ? AND state = 'waiting' AND next_attempt = ? AND why <> ?",
      delay_days * base::kDay, account, campaign, number, kOutOfOffice));
}

/// Runs that wait for an attempt beyond `attempts`.
void end_shortened_runs(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                        std::int64_t attempts, base::Millis now) {
  connection.execute(Sql(
      "UPDATE outreach_runs SET due_at = ? WHERE account_id = ? AND campaign_id = ? AND state = 'waiting' "
      "AND next_attempt > ? AND next_attempt > 1 AND due_at > ? AND why <> ?",
      now, account, campaign, attempts, now, kOutOfOffice));
}

/// Runs whose last mail was sent, where there is a next attempt now.
void continue_finished_runs(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                            base::Millis now) {
  connection.execute(Sql(
      "UPDATE outreach_runs SET state = 'waiting', due_at = CASE WHEN due_at > ? AND why <> ? THEN ? ELSE "
      "due_at END WHERE account_id = ? AND campaign_id = ? AND state = 'finishing' AND next_attempt <= "
      "(SELECT MAX(number) FROM attempts WHERE account_id = ? AND campaign_id = ?)",
      now, kOutOfOffice, now, account, campaign, account, campaign));
}

}  // namespace

void follow_stage(db::Connection& connection, std::int64_t account, const StageStep& step, base::Millis now) {
  if (rules::ends_outreach(step.to)) return end(connection, account, step, now);
  switch (step.event) {
    case StageEvent::launch:
      return begin(connection, account, step, now);
    case StageEvent::restart: {
      std::string state =
          connection.text(Sql("SELECT state FROM outreach_runs WHERE account_id = ? AND opportunity_id = ?",
                              account, step.opportunity));
      if (state != "paused") return begin(connection, account, step, now);
      set_state(connection, account, step.opportunity, resumed_state(connection, account, step.opportunity),
                {});
      return wake_campaign(connection, account, step.campaign, now);
    }
    case StageEvent::released:
      set_state(connection, account, step.opportunity, "waiting", {});
      return wake_campaign(connection, account, step.campaign, now);
    case StageEvent::pause:
      return set_state(connection, account, step.opportunity, "paused",
                       step.reason.empty() ? "paused by a person" : step.reason);
    case StageEvent::data_missing:
      return set_state(connection, account, step.opportunity, "held", step.reason);
    default:
      return;
  }
}

void revive_run(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                std::string_view state, std::string_view why) {
  if (state.empty()) return;
  if (state == "review") state = "compose";
  if (state == "waiting" || state == "outgoing") state = resumed_state(connection, account, opportunity);
  set_state(connection, account, opportunity, state, why);
}

void wake_campaign(db::Connection& connection, std::int64_t account, std::int64_t campaign, base::Millis at) {
  connection.execute(
      Sql("INSERT INTO campaign_sending (account_id, campaign_id, next_look_at) VALUES (?, ?, ?) ON CONFLICT "
          "(account_id, campaign_id) DO UPDATE SET next_look_at = CASE WHEN campaign_sending.next_look_at < "
          "excluded.next_look_at THEN campaign_sending.next_look_at ELSE excluded.next_look_at END, wakes = "
          "campaign_sending.wakes + 1",
          account, campaign, at));
}

void wake_project(db::Connection& connection, std::int64_t account, std::int64_t project, base::Millis at) {
  connection.execute(Sql(
      "UPDATE campaign_sending SET next_look_at = CASE WHEN next_look_at < ? THEN next_look_at ELSE ? END, "
      "wakes = wakes + 1 WHERE account_id = ? AND campaign_id IN (SELECT id FROM campaigns WHERE account_id "
      "= ? AND project_id = ?)",
      at, at, account, account, project));
}

void wake_account(db::Connection& connection, std::int64_t account, base::Millis at) {
  connection.execute(
      Sql("UPDATE campaign_sending SET next_look_at = CASE WHEN next_look_at < ? THEN next_look_at ELSE ? "
          "END, wakes = wakes + 1 WHERE account_id = ?",
          at, at, account));
}

void set_rotation(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                  std::span<const std::int64_t> email_accounts, base::Millis now) {
  connection.lock("rotation " + std::to_string(campaign));
  connection.execute(
      Sql("DELETE FROM campaign_email_accounts WHERE account_id = ? AND campaign_id = ?", account, campaign));
  for (const std::int64_t email_account : email_accounts) {
    connection.execute(Sql(
        "INSERT INTO campaign_email_accounts (account_id, campaign_id, email_account_id) VALUES (?, ?, ?) "
        "ON CONFLICT (account_id, campaign_id, email_account_id) DO NOTHING",
        account, campaign, email_account));
  }
  wake_campaign(connection, account, campaign, now);
}

void forget_spacing(db::Connection& connection, std::int64_t account, std::int64_t project,
                    std::int64_t campaign) {
  Sql sql("UPDATE campaign_sending SET next_send_at = 0 WHERE account_id = ? AND campaign_id ", account);
  if (campaign != 0) {
    sql << Sql("= ?", campaign);
  } else {
    sql << Sql("IN (SELECT id FROM campaigns WHERE account_id = ? AND project_id = ?)", account, project);
  }
  connection.execute(sql);
}

void follow_sequence(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                     std::span<const std::int64_t> before, std::span<const std::int64_t> after,
                     base::Millis now) {
  for (std::size_t i = 1; i < std::min(before.size(), after.size()); ++i) {
    if (before[i] == after[i]) continue;
    move_follow_ups(connection, account, campaign, static_cast<std::int64_t>(i + 1), after[i]);
  }
  if (after.size() < before.size()) {
    end_shortened_runs(connection, account, campaign, static_cast<std::int64_t>(after.size()), now);
  }
  if (after.size() > before.size()) continue_finished_runs(connection, account, campaign, now);
  wake_campaign(connection, account, campaign, now);
}

}  // namespace overture::intake
