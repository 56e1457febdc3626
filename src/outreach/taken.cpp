#include "outreach/taken.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "intake/communications.hpp"
#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "outreach/facts.hpp"
#include "outreach/mailbox_state.hpp"
#include "rules/follow_up.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// Found at once: the rest is found the next time.
constexpr std::int64_t kMostFound = 200;

/// The mails of one write. What they have in common is read, or written, once.
class Booking {
 public:
  Booking(db::Connection& connection, base::Millis now) : connection_(connection), now_(now) {}

  void take(const MailStep& step, base::Millis at) {
    connection_.lock("opportunity " + std::to_string(step.opportunity));
    mark_sent(connection_, step, at);
    intake::note_contacted(connection_, step.account, step.opportunity,
                           {.contact = step.contact,
                            .type = intake::kOutreachEmailType,
                            .event = rules::StageEvent::attempt_sent,
                            .at = at},
                           now_);
    go_on_after(step, at);
    accounts_.insert(step.account);
    const auto [first, is_new] = mailboxes_.emplace(std::pair(step.account, step.email_account), at);
    if (!is_new) first->second = std::min(first->second, at);
  }

  void finish() {
    for (const auto& [mailbox, first_sent_at] : mailboxes_) {
      connection_.execute(
          Sql("UPDATE mailbox_states SET first_sent_at = ? WHERE account_id = ? AND email_account_id = ? AND "
              "first_sent_at IS NULL",
              first_sent_at, mailbox.first, mailbox.second));
    }
    for (const std::int64_t account : accounts_) intake::note_progress(connection_, account);
  }

 private:
  struct Schedule {
    rules::SendingWindow window;
    std::int64_t delay_days = -1;  ///< of the next attempt; -1: there is none
  };

  const Schedule& schedule_of(const MailStep& step, std::int64_t attempt) {
    const auto key = std::tuple(step.account, step.campaign, attempt);
    if (const auto found = schedules_.find(key); found != schedules_.end()) return found->second;
    const std::int64_t delay_days = connection_.integer(
        Sql("SELECT delay_days FROM attempts WHERE account_id = ? AND campaign_id = ? AND number = ?",
            step.account, step.campaign, attempt),
        -1);
    return schedules_
        .emplace(key, Schedule{load_window(connection_, step.account, step.campaign), delay_days})
        .first->second;
  }

  /// The run goes on: to the follow-up, or to the days after the last mail.
  void go_on_after(const MailStep& step, base::Millis at) {
    std::optional<Run> run = find_run_at(connection_, step);
    if (!run || run->next_attempt != step.attempt) return;
    ++run->next_attempt;
    const Schedule& schedule = schedule_of(step, run->next_attempt);
    const bool has_next = schedule.delay_days >= 0;
    if (run->state != "paused") run->state = has_next ? "waiting" : "finishing";
    run->due_at = has_next ? rules::follow_up_due_at(schedule.window, at, schedule.delay_days)
                                 .value_or(at + base::kDay * 365)
                           : rules::sequence_finished_at(*schedule.window.zone, at);
    run->why.clear();
    store_run(connection_, *run);
    if (has_next) intake::wake_campaign(connection_, step.account, step.campaign, run->due_at);
  }

  db::Connection& connection_;
  base::Millis now_;
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, Schedule> schedules_;
  std::map<std::pair<std::int64_t, std::int64_t>, base::Millis> mailboxes_;  ///< and their first mail here
  std::set<std::int64_t> accounts_;
};

/// When it was taken; from now on it is this write's to book.
std::optional<base::Millis> claim_taken(db::Connection& connection, const ClaimedMail& mail) {
  db::RowsPtr rows = connection.query(
      Sql("DELETE FROM outbox WHERE account_id = ? AND id = ? AND state = 'taken' RETURNING send_at",
          mail.account, mail.outbox));
  if (!rows->next()) return std::nullopt;
  const base::Millis at = rows->integer(0);
  while (rows->next()) {
  }
  return at;
}

std::vector<ClaimedMail> read_taken(db::Connection& connection, const Sql& sql) {
  std::vector<ClaimedMail> taken;
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) {
    taken.push_back({.outbox = rows->integer(0),
                     .account = rows->integer(1),
                     .email_account = rows->integer(2),
                     .kind = std::string(kOutreachMail),
                     .mail = rows->integer(3)});
  }
  return taken;
}

}  // namespace

bool note_taken(db::Connection& connection, const ClaimedMail& mail, base::Millis now) {
  const bool held =
      connection.execute(Sql("UPDATE outbox SET state = 'taken', send_at = ? WHERE account_id = ? AND id = ? "
                             "AND fence = ? AND state IN ('sending', 'dot')",
                             now, mail.account, mail.outbox, mail.fence)) == 1;
  if (!held) return false;
  note_handed_over(connection, mail, now);
  note_mailbox_works(connection, {mail.account, mail.email_account}, MailboxUse::sending, now);
  return true;
}

void book_taken(db::Connection& connection, std::span<const ClaimedMail> mails, base::Millis now) {
  std::vector<std::pair<MailStep, base::Millis>> claimed;
  for (const ClaimedMail& mail : mails) {
    const std::optional<base::Millis> at = claim_taken(connection, mail);
    if (!at) continue;
    if (auto step = find_mail_step(connection, mail.account, mail.mail))
      claimed.emplace_back(std::move(*step), *at);
  }
  // In one order, whoever books: on PostgreSQL two that meet would wait for each other.
  std::sort(claimed.begin(), claimed.end(),
            [](const auto& a, const auto& b) { return a.first.opportunity < b.first.opportunity; });
  Booking booking(connection, now);
  for (const auto& [step, at] : claimed) booking.take(step, at);
  booking.finish();
}

void book_all_taken(db::Connection& connection, std::int64_t account, base::Millis now) {
  book_taken(connection,
             read_taken(connection, Sql("SELECT id, account_id, email_account_id, mail_id FROM outbox WHERE "
                                        "state = 'taken' AND account_id + 0 = ?",
                                        account)),
             now);
}

void book_sent(db::Connection& connection, const MailStep& step, base::Millis at, base::Millis now) {
  leave_outbox(connection, step);
  Booking booking(connection, now);
  booking.take(step, at);
  booking.finish();
}

std::vector<ClaimedMail> find_taken(db::Connection& connection, base::Millis before) {
  return read_taken(connection, Sql("SELECT id, account_id, email_account_id, mail_id FROM outbox WHERE "
                                    "state = 'taken' AND send_at < ? "
                                    "ORDER BY send_at, account_id, id LIMIT ?",
                                    before, kMostFound));
}

}  // namespace overture::outreach
