// A look at a campaign: groups of waiting runs (those of one mailbox, and those that have none yet) are
// judged as wholes by index look-ups; only of the group whose turn it is the first opportunity is read.
#include "outreach/plan.hpp"

#include <algorithm>
#include <vector>

#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "outreach/facts.hpp"
#include "outreach/turn.hpp"
#include "rules/share.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// How often a campaign that waits for a person is looked at all the same.
constexpr base::Millis kLookAgain = base::kHour;
/// Opportunities that may be put aside in one look.
constexpr int kTurnsOfOneLook = 50;

/// The waiting runs of one mailbox (0: that have none).
struct Group {
  std::int64_t email_account = 0;
  base::Millis first_due = 0;
};

/// One look-up a group, however many runs there are.
std::vector<Group> load_groups(db::Connection& connection, std::int64_t account, std::int64_t campaign) {
  std::vector<Group> groups;
  std::int64_t after = -1;
  for (;;) {
    db::RowsPtr rows = connection.query(
        Sql("SELECT email_account_id, due_at FROM outreach_runs WHERE account_id = ? AND campaign_id = ? AND "
            "state = 'waiting' AND email_account_id > ? ORDER BY email_account_id, due_at LIMIT 1",
            account, campaign, after));
    if (!rows->next()) return groups;
    groups.push_back({rows->integer(0), rows->integer(1)});
    after = groups.back().email_account;
  }
}

/// Unless somebody has woken the campaign since it had been woken `wakes` times: what he did may not have
/// been seen (on PostgreSQL he need not wait for us).
void look_again(db::Connection& connection, const CampaignFacts& facts, std::int64_t wakes,
                std::optional<base::Millis> at, std::string_view held_by) {
  connection.execute(Sql(
      "UPDATE campaign_sending SET next_look_at = ?, held_by = ? WHERE account_id = ? AND campaign_id = ? "
      "AND wakes = ?",
      at ? db::Value(*at) : db::Value(), held_by, facts.account, facts.campaign, wakes));
}

/// The first run of the group that is due.
std::optional<Run> find_first(db::Connection& connection, const CampaignFacts& facts, const Group& group) {
  const std::int64_t opportunity = connection.integer(
      Sql("SELECT opportunity_id FROM outreach_runs WHERE account_id = ? AND campaign_id = ? AND state = "
          "'waiting' AND email_account_id = ? AND due_at <= ? ORDER BY due_at, opportunity_id LIMIT 1",
          facts.account, facts.campaign, group.email_account, facts.sending.now));
  if (opportunity == 0) return std::nullopt;
  connection.lock("opportunity " + std::to_string(opportunity));
  std::optional<Run> run = find_run(connection, facts.account, opportunity);
  // Somebody has changed it in the meantime: the next look will see.
  if (!run || run->state != "waiting") return std::nullopt;
  return run;
}

/// Which group's turn it is; nullptr when none may send. Says in `next` when one may.
const Group* choose_group(const std::vector<Group>& groups, const CampaignFacts& facts, bool has_sequence,
                          std::optional<base::Millis>& next, rules::Gate& held_by) {
  const Group* first_mails = nullptr;
  const Group* follow_ups = nullptr;
  for (const Group& group : groups) {
    rules::SendingFacts sending = facts.with_mailbox(group.email_account);
    sending.due_at = group.first_due;
    if (group.email_account != 0) sending.attempt = sending.attempts = 2;
    if (group.email_account == 0 && !has_sequence) sending.attempts = 0;
    const rules::SendingVerdict verdict = rules::judge_sending(sending);
    if (verdict.may_send) {
      const Group*& best = group.email_account == 0 ? first_mails : follow_ups;
      if (best == nullptr || group.first_due < best->first_due) best = &group;
      continue;
    }
    held_by = verdict.held_by;
    if (verdict.next_possible && (!next || *verdict.next_possible < *next)) next = verdict.next_possible;
  }
  const std::optional<rules::MailKind> kind = rules::next_kind({.quota = facts.sending.campaign_limit,
                                                                .sent_first_mails = facts.first_mails_today,
                                                                .sent_follow_ups = facts.follow_ups_today,
                                                                .first_mails_wait = first_mails != nullptr,
                                                                .follow_ups_wait = follow_ups != nullptr});
  if (!kind) return nullptr;
  return *kind == rules::MailKind::first_mail ? first_mails : follow_ups;
}

/// As plan_campaign(); says in `put_aside` whether there was an opportunity that could not get its mail.
bool look(db::Connection& connection, const Install& install, std::int64_t account, std::int64_t campaign,
          base::Millis now, std::uint64_t chance, bool& put_aside) {
  // Campaigns of an account share mailboxes and their limits.
  connection.lock("planning " + std::to_string(account));
  for (int turn = 0; turn < kTurnsOfOneLook; ++turn) {
    const std::int64_t wakes = connection.integer(Sql(
        "SELECT wakes FROM campaign_sending WHERE account_id = ? AND campaign_id = ?", account, campaign));
    std::optional<CampaignFacts> facts = find_campaign_facts(connection, account, campaign, now);
    if (!facts) {
      connection.execute(
          Sql("DELETE FROM campaign_sending WHERE account_id = ? AND campaign_id = ?", account, campaign));
      return false;
    }
    const std::vector<Group> groups = load_groups(connection, account, campaign);
    if (groups.empty()) {
      look_again(connection, *facts, wakes, std::nullopt, {});
      return false;
    }
    std::optional<base::Millis> next;
    rules::Gate held_by = rules::Gate::follow_up_delay;
    const bool has_sequence = connection.exists(
        Sql("SELECT 1 FROM attempts WHERE account_id = ? AND campaign_id = ? LIMIT 1", account, campaign));
    const Group* group = choose_group(groups, *facts, has_sequence, next, held_by);
    if (group == nullptr) {
      const base::Millis latest = now + kLookAgain;
      look_again(connection, *facts, wakes, next ? std::max(*next, now + base::kSecond) : latest,
                 rules::gate_name(held_by));
      return false;
    }
    std::optional<Run> run = find_first(connection, *facts, *group);
    if (!run) return true;
    if (take_turn(connection, install, *facts, *run, chance) == Turn::planned) return true;
    put_aside = true;
  }
  return true;
}

}  // namespace

bool plan_campaign(db::Connection& connection, const Install& install, std::int64_t account,
                   std::int64_t campaign, base::Millis now, std::uint64_t chance) {
  bool put_aside = false;
  const bool more = look(connection, install, account, campaign, now, chance, put_aside);
  if (put_aside) intake::note_change(connection, account);
  return more;
}

void handle_timed_run(db::Connection& connection, const Install& install, const TimedRun& timed,
                      base::Millis now) {
  connection.lock("opportunity " + std::to_string(timed.opportunity));
  std::optional<Run> run = find_run(connection, timed.account, timed.opportunity);
  if (!run || run->due_at > now) return;
  if (run->state == "compose") compose_for_review(connection, install, *run, now);
  if (run->state == "finishing") finish_sequence(connection, *run, now);
}

}  // namespace overture::outreach
