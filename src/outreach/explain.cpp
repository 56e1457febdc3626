// The same facts as the planner's, with the next attempt rendered to see what it lacks; then the run's own
// story.
#include "outreach/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "intake/launch.hpp"
#include "outreach/contacts.hpp"
#include "outreach/facts.hpp"
#include "outreach/run.hpp"
#include "outreach/trial.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// More than this many before it are not counted: an answer must not cost more the longer the queue is.
constexpr std::int64_t kMostAhead = 500;

struct Place {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::string workflow;
  std::string status;
  std::string reason;
};

std::optional<Place> find_place(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  db::RowsPtr rows = connection.query(Sql(
      "SELECT project_id, campaign_id, workflow_status, stage_status, stage_reason FROM opportunities WHERE "
      "account_id = ? AND id = ?",
      account, opportunity));
  if (!rows->next()) return std::nullopt;
  return Place{rows->integer(0), rows->integer(1), std::string(rows->text(2)), std::string(rows->text(3)),
               std::string(rows->text(4))};
}

/// A mail that was written down and is not done with: its text is frozen and its place in the day taken.
struct OpenMail {
  std::string status;   ///< of the mail; empty: there is none
  std::string state;    ///< in the outbox; empty: not there
  std::string trouble;  ///< of the last try, also when it came back later
  base::Millis send_at = 0;
  base::Millis counted_at = 0;
  std::int64_t email_account = 0;
  bool was_tried = false;  ///< at its server
};

OpenMail find_open_mail(db::Connection& connection, const Run& run) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT e.status, b.state, CASE WHEN b.trouble = '' AND e.bounce = 'soft' THEN e.failure ELSE "
          "b.trouble END, b.send_at, b.counted_at, e.email_account_id, b.tries FROM "
          "outreach_emails e LEFT JOIN outbox b ON b.account_id = e.account_id AND b.kind = 'outreach' AND "
          "b.mail_id = e.id WHERE "
          "e.account_id = ? AND e.opportunity_id = ? AND e.run = ? AND e.status IN ('review', 'scheduled', "
          "'sending', 'unknown') ORDER BY e.id DESC LIMIT 1",
          run.account, run.opportunity, run.run));
  if (run.run == 0 || !rows->next()) return {};
  return {std::string(rows->text(0)), std::string(rows->text(1)), std::string(rows->text(2)),
          rows->integer(3),           rows->integer(4),           rows->integer(5),
          rows->integer(6) > 0};
}

/// Others that are looked at before it: of its mailbox, or of those that have none yet.
std::int64_t count_ahead(db::Connection& connection, const Run& run) {
  return connection.integer(Sql(
      "SELECT COUNT(*) FROM (SELECT 1 FROM outreach_runs WHERE account_id = ? AND campaign_id = ? AND state "
      "= "
      "'waiting' AND email_account_id = ? AND (due_at, opportunity_id) < (?, ?) LIMIT ?) x",
      run.account, run.campaign, run.email_account, run.due_at, run.opportunity, kMostAhead));
}

/// The mail has passed what it takes to get a place; what may still stop it is asked again when it leaves.
void relax_for_open_mail(const OpenMail& mail, const CampaignFacts& campaign, rules::SendingFacts& facts) {
  for (const ProjectMailbox& each : campaign.mailboxes) {
    if (each.mailbox.id == mail.email_account) facts.mailbox = each.mailbox;
  }
  facts.campaign_free_at = 0;
  if (facts.mailbox) facts.mailbox->free_at = 0;
  // What waits for the mailbox was not put off by a receiving server, and says so under a gate of its own.
  const bool rests = facts.mailbox && mail.send_at == facts.mailbox->next_try_at;
  const bool queues = facts.mailbox && !mail.was_tried && mail.trouble.empty();
  if (rests) {
    facts.retry_at.reset();
  } else if (queues) {
    facts.mailbox->free_at = mail.send_at;
  } else if (mail.send_at > facts.now) {
    facts.retry_at = mail.send_at;
  }
  if (rules::local_day(facts.window, mail.counted_at).number != campaign.campaign_day) return;
  facts.campaign_sent_today = 0;
  facts.campaign_limit = std::max<std::int64_t>(facts.campaign_limit, 1);
  if (!facts.mailbox) return;
  facts.mailbox->sent_today = 0;
  facts.mailbox->daily_limit = std::max<std::int64_t>(facts.mailbox->daily_limit, 1);
}

std::string clock_text(const rules::SendingFacts& facts, base::Millis time) {
  return fmt::format("{} ({})", facts.window.zone->write(time), facts.window.zone->name());
}

std::string_view without_stop(std::string_view why) {
  while (why.ends_with('.')) why.remove_suffix(1);
  return why;
}

/// "so that" → ": so that"; nothing for nothing.
std::string because(std::string_view why) {
  return why.empty() ? std::string() : fmt::format(": {}", without_stop(why));
}

std::string detail_of(const Explanation& explanation) {
  for (const rules::GateState& state : explanation.gates) {
    if (rules::gate_name(state.gate) == explanation.held_by) return state.detail;
  }
  return {};
}

/// What else has to be done before it can be mailed stands behind it.
std::string not_launched_text(db::Connection& connection, const Run& run, const Place& place,
                              const Explanation& explanation) {
  if (place.workflow == "outreach") {
    return "It was put into outreach before Overture kept account of that: pause and restart it to begin.";
  }
  if (place.workflow == "compose") return "Its first mail waits for somebody to approve it.";
  if (place.workflow == "completed") return fmt::format("Its outreach is over: {}.", place.status);
  std::string text = fmt::format("It has not been launched: it stands in {}/{}{}.", place.workflow,
                                 place.status, because(place.reason));
  const intake::Readiness readiness = intake::load_readiness(connection, run.account, run.opportunity);
  if (!readiness.missing.empty() && !place.reason.starts_with("missing")) {
    text += " Missing: " + base::join(readiness.missing, ", ") + ".";
  }
  for (const rules::GateState& state : explanation.gates) {
    const bool is_told = state.gate == rules::Gate::stage || state.gate == rules::Gate::no_contact;
    if (!state.open && !state.opens_at && !is_told) text.append(" ").append(state.detail);
  }
  return text;
}

std::string outgoing_text(const OpenMail& mail, const Explanation& explanation,
                          const rules::SendingFacts& facts) {
  if (mail.state == "unknown") {
    return "Nobody knows yet whether its mail was taken" + because(mail.trouble) +
           ". The sent folder, a reply or a person will tell; it is not sent again before.";
  }
  if (mail.state == "sending" || mail.state == "dot" || mail.state == "taken")
    return "Its mail is being handed over right now.";
  if (explanation.may_send) return "Its mail is in the outbox and leaves in a moment.";
  std::string text = "Its mail is in the outbox and waits. " + detail_of(explanation);
  const bool is_told = explanation.held_by == rules::gate_name(rules::Gate::email_account_trouble);
  if (!mail.trouble.empty() && !is_told)
    text += fmt::format(" The last try ended with: {}.", without_stop(mail.trouble));
  if (explanation.next_possible) text += " Next try: " + clock_text(facts, *explanation.next_possible) + ".";
  return text;
}

/// How far apart mails of these mailboxes are when all send; of `email_account` alone when it is not 0.
base::Millis distance_of(const CampaignFacts& campaign, std::int64_t email_account) {
  double a_millisecond = 0;
  for (const ProjectMailbox& each : campaign.mailboxes) {
    const bool counts = email_account == 0 ? each.mailbox.state == rules::MailboxState::active
                                           : each.mailbox.id == email_account;
    if (counts && each.spacing > 0) a_millisecond += 1.0 / static_cast<double>(each.spacing);
  }
  return a_millisecond > 0 ? static_cast<base::Millis>(1.0 / a_millisecond) : 0;
}

/// The limits of the days until its turn comes, and the distances between those before it; other campaigns of
/// its mailboxes may hold it up longer.
void wait_for_turn(const CampaignFacts& campaign, const rules::SendingFacts& facts, const Run& run,
                   Explanation& explanation) {
  if (!explanation.next_possible || explanation.ahead == 0) return;
  const std::optional<base::Millis> turn = rules::turn_in_queue(
      facts.window, facts.now, explanation.ahead, facts.campaign_limit - facts.campaign_sent_today,
      facts.campaign_limit, distance_of(campaign, run.email_account));
  if (turn) explanation.next_possible = std::max(*explanation.next_possible, *turn);
}

std::string waiting_text(const Explanation& explanation, const rules::SendingFacts& facts,
                         const std::string& why) {
  std::string text;
  if (explanation.may_send) {
    text = fmt::format("Mail {} of {} goes out as soon as its turn comes", explanation.attempt,
                       explanation.attempts);
    const bool is_later = explanation.next_possible && *explanation.next_possible > facts.now;
    text +=
        is_later ? fmt::format(", {} at the earliest.", clock_text(facts, *explanation.next_possible)) : ".";
  } else {
    text = detail_of(explanation);
    if (explanation.next_possible) {
      text += fmt::format(" Mail {} of {} may go out {}.", explanation.attempt, explanation.attempts,
                          clock_text(facts, *explanation.next_possible));
    }
  }
  if (!why.empty()) text += fmt::format(" It waits because of: {}.", why);
  // Nothing is known of the queue where a person has to act first.
  if (explanation.ahead > 0 && explanation.next_possible) {
    text += fmt::format(" {}{} of the campaign come{} first; it sends at most {} mail{} a day.",
                        explanation.ahead >= kMostAhead ? "More than " : "", explanation.ahead,
                        explanation.ahead == 1 ? "s" : "", facts.campaign_limit,
                        facts.campaign_limit == 1 ? "" : "s");
  }
  return text;
}

std::string tell(db::Connection& connection, const Run& run, const Place& place, const OpenMail& mail,
                 const Explanation& explanation, const rules::SendingFacts& facts) {
  if (run.run == 0) return not_launched_text(connection, run, place, explanation);
  if (run.state == "over") return "Its outreach is over" + because(run.why) + ".";
  if (run.state == "paused") return "It is paused" + because(run.why) + ". Restart it to go on.";
  if (run.state == "held") {
    return "It is held" + because(run.why) + ". Supply what is missing, then launch it again.";
  }
  if (run.state == "finishing") {
    return "Every mail of the sequence has been sent. Without an answer its outreach ends " +
           clock_text(facts, run.due_at) + ".";
  }
  if (run.state == "compose") return "Its mail is about to be written for review.";
  if (run.state == "review") return "Its mail waits for somebody to approve it.";
  if (run.state == "outgoing") return outgoing_text(mail, explanation, facts);
  return waiting_text(explanation, facts, run.why);
}

}  // namespace

std::optional<Explanation> explain_opportunity(db::Connection& connection, const Install& install,
                                               std::int64_t account, std::int64_t opportunity,
                                               base::Millis now) {
  const std::optional<Place> place = find_place(connection, account, opportunity);
  if (!place) return std::nullopt;
  const std::optional<CampaignFacts> campaign =
      find_campaign_facts(connection, account, place->campaign, now);
  if (!campaign) return std::nullopt;
  std::optional<Run> found = find_run(connection, account, opportunity);
  const Run run = found.value_or(unlaunched_run(account, opportunity, place->project, place->campaign));
  const OpenMail mail = find_open_mail(connection, run);
  rules::SendingFacts facts = campaign->with_mailbox(run.email_account);
  Run next = run;
  const RecipientChoice choice = choose_recipient(connection, next);
  if (facts.mailbox) next.email_account = facts.mailbox->id;

  std::vector<std::string> missing;
  if (choice == RecipientChoice::chosen && mail.status.empty()) {
    missing = try_attempt(connection, install, next).missing;
  }
  add_opportunity_facts(connection, run, missing, facts);
  if (run.state == "outgoing") relax_for_open_mail(mail, *campaign, facts);
  // The gate is about mails that were sent, and of a run that has ended others than the next one.
  if (run.state == "over" || run.state == "finishing") facts.due_at.reset();

  const rules::SendingVerdict verdict = rules::judge_sending(facts);
  Explanation explanation;
  const bool waits = run.state == "waiting" || run.state == "outgoing";
  explanation.may_send = verdict.may_send && waits && mail.state != "unknown";
  // A run without another mail waits for nothing else.
  const rules::Gate held_by = run.state == "finishing" ? rules::Gate::no_attempt : verdict.held_by;
  if (!verdict.may_send) explanation.held_by = rules::gate_name(held_by);
  if (waits && mail.state != "unknown") explanation.next_possible = verdict.next_possible;
  explanation.attempt = facts.attempt;
  explanation.attempts = facts.attempts;
  if (choice == RecipientChoice::chosen) explanation.contact = next.contact;
  if (facts.mailbox) explanation.email_account = facts.mailbox->id;
  explanation.run = run.run;
  explanation.run_state = run.run == 0 ? "not_launched" : run.state;
  explanation.run_why = run.why;
  if (run.run != 0 && run.state != "over") explanation.due_at = run.due_at;
  if (run.state == "waiting") {
    explanation.ahead = count_ahead(connection, run);
    wait_for_turn(*campaign, facts, run, explanation);
  }
  explanation.gates = rules::explain_sending(facts);
  explanation.sentence = tell(connection, run, *place, mail, explanation, facts);
  return explanation;
}

}  // namespace overture::outreach
