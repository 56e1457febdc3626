// What makes the demo workspace go on living: connected mail accounts (mails go into a local folder),
// sequences, and where each opportunity stands in its own.
#include "app/demo_mail_texts.hpp"
#include "app/demo_mails.hpp"
#include "app/demo_write.hpp"
#include "intake/runs.hpp"
#include "outreach/mailbox_settings.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::Millis;
using db::Sql;

constexpr Millis kSecondAfter = 4 * kDay;
constexpr Millis kThirdAfter = 7 * kDay;
constexpr std::int64_t kAttempts = 3;

void connect_accounts(db::Connection& connection, std::int64_t account, Millis now) {
  struct Account {
    std::int64_t id;
    std::string address;
    bool works;
    Millis since;
  };
  std::vector<Account> accounts;
  {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT id, name, status, created_at FROM email_accounts WHERE account_id = ? ORDER BY id", account));
    while (rows->next()) {
      accounts.push_back(
          {rows->integer(0), std::string(rows->text(1)), rows->text(2) == "active", rows->integer(3)});
    }
  }
  for (const Account& each : accounts) {
    outreach::MailboxSettings settings;
    settings.address = each.address;
    settings.authentication = "outbox";
    outreach::store_mailbox_settings(connection, account, each.id, settings);
    const std::string_view trouble = each.works ? "" : "The log-in was refused: the password has changed.";
    connection.execute(Sql(
        "INSERT INTO mailbox_states (account_id, email_account_id, trouble, failing_since, first_sent_at, "
        "connected_at) SELECT ?, ?, ?, ?, MIN(sent_at), ? FROM outreach_emails WHERE account_id = ? AND "
        "email_account_id = ? AND sent_at IS NOT NULL",
        account, each.id, trouble, each.works ? db::Value() : db::Value(now - 6 * kDay), each.since, account,
        each.id));
  }
}

/// The words of the demo's mails with tokens where these have values.
std::string as_template(std::string_view pattern) {
  constexpr std::pair<std::string_view, std::string_view> kTokens[] = {
      {"{opening}", "{opening_line}"},      {"{name}", "{first_name|all}"},
      {"{site}", "{opportunity_name}"},     {"{title}", "{page_title|your page}"},
      {"{niche}", "{cf.niche|your field}"}, {"{sender}", "{sender_name}"}};
  std::string text(pattern);
  for (const auto& [name, token] : kTokens) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + token.size())) {
      text.replace(at, name.size(), token);
    }
  }
  return text;
}

void write_sequences(db::Connection& connection, const DemoHouse& house, Millis now) {
  for (std::size_t i = 0; i < kDemoCampaigns.size(); ++i) {
    const DemoCampaign& campaign = kDemoCampaigns[i];
    const DemoSequence& sequence = kDemoSequences[campaign.project];
    const std::string_view texts[] = {sequence.first, sequence.second, sequence.third};
    const Millis delays[] = {0, kSecondAfter, kThirdAfter};
    for (std::int64_t number = 1; number <= kAttempts; ++number) {
      const auto place = static_cast<std::size_t>(number - 1);
      connection.execute(Sql(
          "INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, delay_days, review, "
          "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          house.account, house.campaigns[i], number,
          number == 1 ? as_template(sequence.subject) : std::string(), as_template(texts[place]),
          delays[place] / kDay, number == 1 && campaign.reviewed ? 1 : 0, now - campaign.age_days * kDay));
    }
  }
}

/// Each mail is a step of its opportunity's first run, and is known by its Message-ID.
void name_mails(db::Connection& connection, std::int64_t account) {
  connection.execute(
      Sql("UPDATE outreach_emails SET run = 1, filed = 1, message_id = 'demo-' || id || "
          "'@northlight-outreach.example' WHERE account_id = ?",
          account));
  connection.execute(Sql(
      "UPDATE sent_replies SET filed = 1, message_id = 'demo-reply-' || id || "
      "'@northlight-outreach.example', "
      "inbound_email_id = COALESCE((SELECT MAX(i.id) FROM inbound_emails i WHERE i.account_id = "
      "sent_replies.account_id AND i.opportunity_id = sent_replies.opportunity_id AND i.class = 'human'), 0) "
      "WHERE account_id = ?",
      account));
  connection.execute(
      Sql("INSERT INTO message_ids (account_id, message_id, kind, mail_id) SELECT account_id, message_id, "
          "'outreach', id FROM outreach_emails WHERE account_id = ?",
          account));
  connection.execute(
      Sql("INSERT INTO message_ids (account_id, message_id, kind, mail_id) SELECT account_id, message_id, "
          "'reply', "
          "id FROM sent_replies WHERE account_id = ?",
          account));
  connection.execute(
      Sql("INSERT INTO outbox (account_id, kind, mail_id, email_account_id, send_at, counted_at, created_at) "
          "SELECT "
          "account_id, 'reply', id, email_account_id, schedule_for, created_at, created_at FROM sent_replies "
          "WHERE "
          "account_id = ? AND status = 'scheduled'",
          account));
}

/// By its newest mail. What would be overdue is spread over the five days to come, so that each day has
/// something to send.
void write_runs(db::Connection& connection, std::int64_t account, Millis now) {
  connection.execute(Sql(
      "INSERT INTO outreach_runs (account_id, opportunity_id, project_id, campaign_id, contact_id, "
      "email_account_id, user_id, next_attempt, due_at, state, why) SELECT x.account_id, x.id, x.project_id, "
      "x.campaign_id, x.contact_id, x.email_account_id, x.user_id, x.next_attempt, CASE WHEN x.state = "
      "'over' "
      "OR x.sent_at IS NULL THEN x.created_at WHEN x.sent_at + x.pause > ? THEN x.sent_at + x.pause ELSE ? + "
      "x.id * 7919 % 7200 * 60000 END, x.state, CASE WHEN x.state = 'over' THEN x.stage_status WHEN x.state "
      "= "
      "'paused' THEN 'paused by a person' ELSE '' END FROM (SELECT o.account_id, o.id, o.project_id, "
      "o.campaign_id, o.stage_status, l.contact_id, l.email_account_id, l.user_id, l.sent_at, l.created_at, "
      "CASE "
      "WHEN l.sent_at IS NULL THEN l.attempt_number ELSE l.attempt_number + 1 END AS next_attempt, CASE "
      "l.attempt_number WHEN 1 THEN ? ELSE ? END AS pause, CASE WHEN o.workflow_status = 'completed' THEN "
      "'over' "
      "WHEN o.workflow_status = 'compose' THEN 'review' WHEN o.stage_status = 'paused' THEN 'paused' WHEN "
      "l.sent_at IS NOT NULL AND l.attempt_number >= ? THEN 'finishing' ELSE 'waiting' END AS state FROM "
      "opportunities o JOIN outreach_emails l ON l.account_id = o.account_id AND l.id = (SELECT e.id FROM "
      "outreach_emails e WHERE e.account_id = o.account_id AND e.opportunity_id = o.id ORDER BY "
      "e.attempt_number DESC, e.id DESC LIMIT 1) WHERE o.account_id = ? AND o.workflow_status IN ('compose', "
      "'outreach', 'completed')) x",
      now, now, kSecondAfter, kThirdAfter, kAttempts, account));
}

}  // namespace

void write_demo_sending(db::Connection& connection, const DemoHouse& house, Millis now) {
  connect_accounts(connection, house.account, now);
  write_sequences(connection, house, now);
  name_mails(connection, house.account);
  write_runs(connection, house.account, now);
  for (std::size_t i = 0; i < kDemoCampaigns.size(); ++i) {
    if (kDemoCampaigns[i].end_days > 0) continue;
    intake::wake_campaign(connection, house.account, house.campaigns[i], now);
  }
}

}  // namespace overture::app
