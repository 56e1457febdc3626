#include "outreach/facts.hpp"

#include <utility>

#include "outreach/mailbox_state.hpp"
#include "rules/local_time.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

const rules::Zone* zone_named(std::string_view name) {
  const rules::Zone* zone = rules::Zone::find(name);
  return zone != nullptr ? zone : rules::Zone::find("UTC");
}

int minute_of(std::string_view text, int otherwise) {
  return rules::parse_minute_of_day(text).value_or(otherwise);
}

/// Columns from `first` on: schedule_time_from, schedule_time_to, then the seven days.
rules::SendingWindow window_of(const db::Rows& rows, int first, std::string_view timezone) {
  rules::SendingWindow window;
  window.zone = zone_named(timezone);
  window.from_minute = minute_of(rows.text(first), window.from_minute);
  window.to_minute = minute_of(rows.text(first + 1), window.to_minute);
  for (int day = 0; day < 7; ++day) {
    window.days[static_cast<std::size_t>(day)] = rows.integer(first + 2 + day) != 0;
  }
  return window;
}

constexpr db::Literal kWindowColumns =
    "COALESCE(s.schedule_time_from, '09:00'), COALESCE(s.schedule_time_to, '17:00'), COALESCE(s.monday, 1), "
    "COALESCE(s.tuesday, 1), COALESCE(s.wednesday, 1), COALESCE(s.thursday, 1), COALESCE(s.friday, 1), "
    "COALESCE(s.saturday, 0), COALESCE(s.sunday, 0), p.timezone ";

/// Of the project, those that the campaign names; all where it names none.
std::vector<ProjectMailbox> load_mailboxes(db::Connection& connection, const CampaignFacts& facts,
                                           std::int64_t email_account, const rules::Zone& zone,
                                           std::int64_t today) {
  std::vector<ProjectMailbox> mailboxes;
  Sql sql("SELECT e.id, ");
  sql << kSendingStatus
      << Sql(", e.daily_limit, m.spacing_seconds, m.ramp_start, m.ramp_step, m.ramp_every_days, "
             "s.first_sent_at, s.next_free_at, COALESCE(n.first_mails + n.follow_ups, 0), "
             "m.email_account_id, "
             "s.next_try_at, s.trouble FROM email_account_projects x JOIN email_accounts e ON e.account_id = "
             "x.account_id AND e.id = x.email_account_id LEFT JOIN mailboxes m ON m.account_id = "
             "e.account_id "
             "AND m.email_account_id = e.id LEFT JOIN mailbox_states s ON s.account_id = e.account_id AND "
             "s.email_account_id = e.id LEFT JOIN send_counts n ON n.account_id = e.account_id AND n.kind = "
             "'mailbox' AND n.subject_id = e.id AND n.day = ? WHERE x.account_id = ? AND x.project_id = ? "
             "AND "
             "e.status <> 'deleted'",
             today, facts.account, facts.project);
  if (email_account != 0) sql << Sql(" AND x.email_account_id = ?", email_account);
  if (facts.sending.names_mailboxes) {
    sql << Sql(
        " AND EXISTS (SELECT 1 FROM campaign_email_accounts r WHERE r.account_id = x.account_id AND "
        "r.campaign_id = ? AND r.email_account_id = x.email_account_id)",
        facts.campaign);
  }
  db::RowsPtr rows = connection.query(sql << " ORDER BY x.email_account_id");
  while (rows->next()) {
    ProjectMailbox each;
    each.mailbox.id = rows->integer(0);
    each.mailbox.state = rules::find_mailbox_state(rows->text(1)).value_or(rules::MailboxState::error);
    // A mail account that nobody has connected yet cannot send.
    if (rows->is_null(10)) each.mailbox.state = rules::MailboxState::disconnected;
    const std::int64_t first_day = rows->is_null(7) ? today : zone.day_at(rows->integer(7)).number;
    each.mailbox.daily_limit = rules::effective_daily_limit(
        rows->integer(2), {rows->integer(4), rows->integer(5), rows->integer(6)}, first_day, today);
    each.mailbox.free_at = rows->integer(8);
    each.mailbox.sent_today = rows->integer(9);
    each.mailbox.next_try_at = rows->integer(11);
    if (each.mailbox.next_try_at != 0) each.mailbox.trouble = rows->text(12);
    each.spacing = rows->is_null(3) ? rules::kMinimumSpacing : rows->integer(3) * base::kSecond;
    mailboxes.push_back(std::move(each));
  }
  return mailboxes;
}

}  // namespace

DayCount load_count(db::Connection& connection, std::int64_t account, std::string_view kind,
                    std::int64_t subject, std::int64_t day) {
  db::RowsPtr rows = connection.query(Sql(
      "SELECT first_mails, follow_ups FROM send_counts WHERE account_id = ? AND kind = ? AND subject_id = ? "
      "AND day = ?",
      account, kind, subject, day));
  if (!rows->next()) return {};
  return {rows->integer(0), rows->integer(1)};
}

void raise_count(db::Connection& connection, std::int64_t account, std::string_view kind,
                 std::int64_t subject, std::int64_t day, bool is_follow_up) {
  connection.execute(Sql(
      "INSERT INTO send_counts (account_id, kind, subject_id, day, first_mails, follow_ups) VALUES (?, ?, ?, "
      "?, ?, ?) ON CONFLICT (account_id, kind, subject_id, day) DO UPDATE SET first_mails = "
      "send_counts.first_mails + excluded.first_mails, follow_ups = send_counts.follow_ups + "
      "excluded.follow_ups",
      account, kind, subject, day, is_follow_up ? 0 : 1, is_follow_up ? 1 : 0));
}

rules::SendingWindow load_window(db::Connection& connection, std::int64_t account, std::int64_t campaign) {
  Sql sql("SELECT ");
  sql << kWindowColumns
      << "FROM campaigns c JOIN projects p ON p.account_id = c.account_id AND p.id = c.project_id LEFT JOIN "
         "outreach_settings s ON s.account_id = c.account_id AND s.campaign_id = c.id WHERE c.account_id = ";
  sql.bind(account) << Sql(" AND c.id = ?", campaign);
  db::RowsPtr rows = connection.query(sql);
  if (!rows->next()) return {.zone = zone_named("UTC")};
  return window_of(*rows, 0, rows->text(9));
}

std::optional<CampaignFacts> find_campaign_facts(db::Connection& connection, std::int64_t account,
                                                 std::int64_t campaign, base::Millis now,
                                                 std::int64_t email_account) {
  CampaignFacts facts;
  facts.account = account;
  facts.campaign = campaign;
  rules::SendingFacts& sending = facts.sending;
  std::string account_zone;
  {
    Sql sql("SELECT ");
    sql << kWindowColumns
        << ", c.project_id, p.status, p.is_outreach_active, c.status, COALESCE(s.is_active, 1), "
           "s.pause_outreach_until, COALESCE(s.daily_limit, 50), w.next_send_at, a.timezone, a.status, "
           "a.contact_guard_days, (SELECT value FROM settings WHERE name = 'sending_paused'), w.paused_why, "
           "CASE WHEN EXISTS (SELECT 1 FROM campaign_email_accounts r WHERE r.account_id = c.account_id AND "
           "r.campaign_id = c.id) THEN 1 ELSE 0 END "
        << "FROM campaigns c JOIN projects p ON p.account_id = c.account_id AND p.id = c.project_id JOIN "
           "accounts "
           "a ON a.id = c.account_id LEFT JOIN outreach_settings s ON s.account_id = c.account_id AND "
           "s.campaign_id = c.id LEFT JOIN campaign_sending w ON w.account_id = c.account_id AND "
           "w.campaign_id = c.id WHERE c.account_id = ";
    sql.bind(account) << Sql(" AND c.id = ?", campaign);
    db::RowsPtr rows = connection.query(sql);
    if (!rows->next()) return std::nullopt;
    sending.window = window_of(*rows, 0, rows->text(9));
    facts.project = rows->integer(10);
    sending.now = now;
    sending.project_active = rows->text(11) == "active";
    sending.project_outreach = rows->integer(12) != 0;
    sending.campaign_active = rows->text(13) == "active";
    sending.campaign_bouncing = rows->text(22);
    sending.settings_active = rows->integer(14) != 0;
    if (!rows->is_null(15)) sending.paused_until = rows->integer(15);
    sending.campaign_limit = rows->integer(16);
    sending.campaign_free_at = rows->integer(17);
    account_zone = rows->text(18);
    sending.server_paused = rows->text(19) != "active" || rows->text(21) == "1";
    sending.contact_guard = rows->integer(20) * base::kDay;
    sending.names_mailboxes = rows->integer(23) != 0;
  }
  facts.campaign_day = rules::local_day(sending.window, now).number;
  const DayCount today = load_count(connection, account, "campaign", campaign, facts.campaign_day);
  facts.first_mails_today = today.first_mails;
  facts.follow_ups_today = today.follow_ups;
  sending.campaign_sent_today = today.first_mails + today.follow_ups;

  const rules::Zone& zone = *zone_named(account_zone);
  const rules::LocalDay mailbox_day = zone.day_at(now);
  facts.mailbox_day = mailbox_day.number;
  facts.mailbox_day_began = mailbox_day.start;
  sending.mailbox_day_ends = mailbox_day.end;
  facts.mailboxes = load_mailboxes(connection, facts, email_account, zone, mailbox_day.number);
  return facts;
}

rules::SendingFacts CampaignFacts::with_mailbox(std::int64_t email_account) const {
  std::vector<rules::Mailbox> plain;
  plain.reserve(mailboxes.size());
  for (const ProjectMailbox& each : mailboxes) plain.push_back(each.mailbox);
  const rules::ChosenMailbox chosen =
      email_account == 0 ? rules::choose_mailbox(plain, sending.now)
                         : rules::choose_follow_up_mailbox(plain, email_account, sending.now);
  rules::SendingFacts facts = sending;
  facts.mailbox.reset();
  // When any would do and none can, the first one that is at least active stands for all.
  for (const rules::Mailbox& mailbox : plain) {
    const bool stands_for_all =
        chosen.id == 0 && (!facts.mailbox || (facts.mailbox->state != rules::MailboxState::active &&
                                              mailbox.state == rules::MailboxState::active));
    if (mailbox.id == chosen.id || stands_for_all) facts.mailbox = mailbox;
  }
  return facts;
}

}  // namespace overture::outreach
