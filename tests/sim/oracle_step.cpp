// The books of one opportunity: every mail in exactly one state, and nothing forgotten. Each transaction has
// to keep them, so they must be right whenever a process has stopped, also by dying.
#include <algorithm>
#include <array>
#include <string_view>

#include "sim/oracle.hpp"

namespace overture::sim {
namespace {

using db::Sql;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 4> kOnTheirWay = {"review", "scheduled", "sending", "unknown"};
/// These mails were stopped, for a reason.
constexpr std::array<std::string_view, 3> kStopped = {"failed", "cancelled", "skipped"};
constexpr int kMostBlames = 3;
constexpr std::array<std::string_view, 2> kSent = {"sent", "bounced"};
/// A run that will come back to a mail which is written but not in the outbox.
constexpr std::array<std::string_view, 4> kComesBack = {"waiting", "paused", "held", "compose"};

}  // namespace

void Oracle::check_step() {
  std::set<std::int64_t> touched;
  world_.database->read([&](db::Connection& connection) {
    {
      db::RowsPtr rows = connection.query(
          Sql("SELECT id, opportunity_id FROM sim_touched WHERE id > ? ORDER BY id", last_touched_));
      while (rows->next()) {
        last_touched_ = rows->integer(0);
        touched.insert(rows->integer(1));
      }
    }
    for (const std::int64_t opportunity : touched) check_opportunity(connection, opportunity);
  });
}

void Oracle::check_opportunity(db::Connection& connection, std::int64_t opportunity) {
  ++checked;
  KeptRun run{.opportunity = opportunity};
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT r.run, r.state, o.workflow_status, s.next_look_at FROM outreach_runs r JOIN "
            "opportunities o ON "
            "o.account_id = r.account_id AND o.id = r.opportunity_id LEFT JOIN campaign_sending s ON "
            "s.account_id = "
            "r.account_id AND s.campaign_id = r.campaign_id WHERE r.account_id = ? AND r.opportunity_id = ?",
            world_.truth.account, opportunity));
    if (!rows->next()) return;  // not launched yet
    run.run = rows->integer(0);
    run.state = rows->text(1);
    run.workflow = rows->text(2);
    run.is_looked_at = !rows->is_null(3);
  }
  std::vector<KeptMail> mails;
  {
    db::RowsPtr rows =
        connection.query(Sql("SELECT e.id, e.contact_id, e.run, e.attempt_number, e.status, e.bounce, "
                             "e.failure, e.sent_at, b.state "
                             "FROM outreach_emails e LEFT JOIN outbox b ON b.account_id = e.account_id AND "
                             "b.kind = 'outreach' AND "
                             "b.mail_id = e.id WHERE e.account_id = ? AND e.opportunity_id = ? AND e.run > 0",
                             world_.truth.account, opportunity));
    while (rows->next()) {
      mails.push_back({.id = rows->integer(0),
                       .key = {opportunity, rows->integer(1), rows->integer(2), rows->integer(3)},
                       .status = std::string(rows->text(4)),
                       .bounce = std::string(rows->text(5)),
                       .failure = std::string(rows->text(6)),
                       .has_time = !rows->is_null(7),
                       .outbox = std::string(rows->text(8))});
    }
  }
  for (const KeptMail& mail : mails) check_mail(mail, run);
  check_run(run, mails);
}

void Oracle::check_mail(const KeptMail& mail, const KeptRun& run) {
  const auto wrong = [&](const std::string& what) {
    fail("mail " + std::to_string(mail.id) + " (opportunity " + std::to_string(run.opportunity) + ", " +
         mail.status + (mail.outbox.empty() ? "" : ", " + mail.outbox + " in the outbox") + "; run " +
         std::to_string(run.run) + " is " + run.state + "): " + what);
  };
  const bool is_stopped = is_one_of(mail.status, kStopped);
  const bool is_sent = is_one_of(mail.status, kSent);
  if (!is_stopped && !is_sent && !is_one_of(mail.status, kOnTheirWay)) wrong("in no known state");

  const bool has_to_be_in = mail.status == "sending" || mail.status == "unknown";
  const bool may_be_in = has_to_be_in || mail.status == "scheduled";
  if (has_to_be_in && mail.outbox.empty()) wrong("on its way, but not in the outbox");
  if (!may_be_in && !mail.outbox.empty()) wrong("settled, but still in the outbox");
  if ((mail.status == "unknown") != (mail.outbox == "unknown"))
    wrong("unknown to the mail or the outbox alone");
  const bool comes_back = run.run == std::get<2>(mail.key) && is_one_of(run.state, kComesBack);
  if (mail.status == "scheduled" && mail.outbox.empty() && !comes_back) wrong("waits for nothing");

  if (mail.status == "unknown") was_unknown_.insert(mail.id);
  const bool was_taken = taken_.contains(mail.key);
  if (mail.status == "sent" && (!mail.has_time || !was_taken)) wrong("no server took it");
  const bool may_leave_sent = mail.bounce == "soft" && (mail.status != "failed" || is_unwanted(mail));
  if (was_taken && !is_sent && !has_to_be_in && !may_leave_sent) wrong("a server has taken it");
  if (is_stopped && mail.status != "skipped" && mail.failure.empty()) wrong("stopped without a reason");

  const auto site = sites_.find(run.opportunity);
  if (site != sites_.end() && site->second.answered_run >= std::get<2>(mail.key) &&
      (mail.status == "review" || mail.status == "scheduled")) {
    wrong("waits although a person has answered");
  }
  std::string& before = statuses_[mail.id];
  // One that was stopped with its contact goes on when the contact comes back.
  const bool is_back = before == "cancelled" && run.run == std::get<2>(mail.key) && run.state != "over";
  if (is_one_of(before, kStopped) && mail.status != before && !is_back) wrong("was " + before);
  if (before == "sent" && !is_sent && !may_leave_sent) wrong("was sent");
  before = mail.status;
}

/// It came back each time it was sent, and we were blamed. While nobody knows whether it was taken a last
/// time, a second report about the time before that counts as one about the last.
bool Oracle::is_unwanted(const KeptMail& mail) const {
  const auto found = soft_bounces_.find(mail.key);
  if (found == soft_bounces_.end()) return false;
  return found->second + (was_unknown_.contains(mail.id) ? 1 : 0) >= kMostBlames;
}

void Oracle::check_run(const KeptRun& run, const std::vector<KeptMail>& mails) {
  const auto wrong = [&](const std::string& what) {
    fail("opportunity " + std::to_string(run.opportunity) + " (" + run.workflow + ", run " +
         std::to_string(run.run) + " is " + run.state + "): " + what);
  };
  const auto has_mail = [&](auto&& is_it) {
    return std::any_of(mails.begin(), mails.end(),
                       [&](const KeptMail& mail) { return std::get<2>(mail.key) == run.run && is_it(mail); });
  };
  if (run.state == "outgoing" && !has_mail([](const KeptMail& mail) { return !mail.outbox.empty(); })) {
    wrong("no mail in the outbox");
  }
  if (run.state == "review" && !has_mail([](const KeptMail& mail) { return mail.status == "review"; })) {
    wrong("no mail to review");
  }
  if (run.state == "waiting" && !run.is_looked_at) wrong("its campaign is never looked at");
  const bool in_outreach = run.workflow == "outreach" || run.workflow == "compose";
  if (in_outreach != (run.state != "over" && run.state != "held")) wrong("stage and run disagree");
}

void Oracle::check_balance() {
  std::map<std::string, std::int64_t> known, kept;
  for (const auto& [mail, status] : statuses_) ++known[status];
  world_.database->read([&](db::Connection& connection) {
    db::RowsPtr rows = connection.query(
        Sql("SELECT status, COUNT(*) FROM outreach_emails WHERE account_id = ? AND run > 0 GROUP BY status",
            world_.truth.account));
    while (rows->next()) kept[std::string(rows->text(0))] = rows->integer(1);
  });
  if (known != kept) fail("mails were lost, or came from nowhere: " + balance());
}

std::string Oracle::balance() const {
  std::map<std::string, std::size_t> counts;
  for (const auto& [mail, status] : statuses_) ++counts[status];
  std::string text = std::to_string(statuses_.size()) + " planned";
  const char* sign = " = ";
  for (const auto& [status, count] : counts) {
    text += sign + std::to_string(count) + " " + status;
    sign = " + ";
  }
  return text;
}

}  // namespace overture::sim
