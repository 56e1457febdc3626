// The part of the facts that belongs to one opportunity.
#include <algorithm>

#include "intake/blocklist.hpp"
#include "outreach/facts.hpp"
#include "outreach/mails.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// rules::Stage points to texts that live for ever.
rules::Stage stage_named(std::string_view workflow, std::string_view status) {
  for (const rules::Stage& stage : rules::all_stages()) {
    if (stage.workflow == workflow && stage.status == status) return stage;
  }
  return {"outreach", "queued"};
}

std::string read_place(db::Connection& connection, const Run& run, rules::SendingFacts& facts) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT o.workflow_status, o.stage_status, d.name FROM opportunities o LEFT JOIN domains d ON "
          "d.account_id = o.account_id AND d.id = o.domain_id WHERE o.account_id = ? AND o.id = ?",
          run.account, run.opportunity));
  if (!rows->next()) return {};
  facts.stage = stage_named(rows->text(0), rows->text(1));
  return std::string(rows->text(2));
}

void read_contact(db::Connection& connection, const Run& run, const std::vector<Recipient>& recipients,
                  rules::SendingFacts& facts) {
  Run chosen = run;
  const RecipientChoice choice = choose_recipient(connection, chosen, recipients);
  facts.has_contact = choice != RecipientChoice::no_contact && choice != RecipientChoice::none_left;
  facts.suppressed = choice == RecipientChoice::all_suppressed;
  facts.bounced = choice == RecipientChoice::all_bounced;
  facts.attempt = chosen.next_attempt;
  if (choice != RecipientChoice::chosen || facts.contact_guard == 0) return;
  // The mails before the next one may have been left out.
  facts.is_first_mail = chosen.next_attempt == 1 || last_sent_at(connection, chosen) == 0;
  if (!facts.is_first_mail) return;
  facts.contacted_elsewhere_at = find_contacted_elsewhere(
      connection, run.account, chosen.contact, run.project, run.opportunity, facts.now - facts.contact_guard);
}

}  // namespace

std::optional<base::Millis> find_contacted_elsewhere(db::Connection& connection, std::int64_t account,
                                                     std::int64_t contact, std::int64_t project,
                                                     std::int64_t opportunity, base::Millis since) {
  const base::Millis last = connection.integer(Sql(
      "SELECT MAX(COALESCE(e.sent_at, e.dated_at, e.created_at)) FROM outreach_emails e WHERE "
      "e.account_id = ? AND e.contact_id = ? AND +e.project_id = ? AND e.opportunity_id <> ? AND "
      "(e.sent_at > ? OR (COALESCE(e.dated_at, e.created_at) > ? AND (e.status = 'unknown' OR (e.status = "
      "'sending' AND EXISTS (SELECT 1 FROM outbox b WHERE b.account_id = e.account_id AND b.kind = "
      "'outreach' AND b.mail_id = e.id AND b.state IN ('dot', 'taken'))))))",
      account, contact, project, opportunity, since, since));
  return last != 0 ? std::optional(last) : std::nullopt;
}

std::optional<base::Millis> next_guarded_look(const rules::SendingFacts& facts) {
  const std::optional<base::Millis> opens_at = rules::guarded_until(facts);
  return opens_at ? std::optional(std::min(*opens_at, facts.now + base::kDay)) : std::nullopt;
}

bool is_being_written_to(db::Connection& connection, std::int64_t account, std::int64_t contact,
                         std::int64_t project, std::int64_t opportunity) {
  return connection.exists(Sql(
      "SELECT 1 FROM outreach_emails e CROSS JOIN outbox b WHERE e.account_id = ? AND e.contact_id = ? AND "
      "+e.project_id = ? AND e.opportunity_id <> ? AND e.status IN ('scheduled', 'sending') AND "
      "b.account_id = e.account_id AND b.kind = 'outreach' AND b.mail_id = e.id LIMIT 1",
      account, contact, project, opportunity));
}

std::vector<Recipient> add_site_facts(db::Connection& connection, const Run& run,
                                      rules::SendingFacts& facts) {
  const std::string host = read_place(connection, run, facts);
  facts.attempt = run.next_attempt;
  std::vector<Recipient> recipients = load_recipients(connection, run.account, run.project, run.opportunity);
  read_contact(connection, run, recipients, facts);
  facts.blocklisted =
      !host.empty() &&
      !intake::find_blocked(connection, run.account, run.project, std::span(&host, 1)).empty();
  return recipients;
}

void add_opportunity_facts(db::Connection& connection, const Run& run,
                           const std::vector<std::string>& missing, rules::SendingFacts& facts) {
  add_site_facts(connection, run, facts);
  facts.attempts = connection.integer(Sql(
      "SELECT COUNT(*) FROM attempts WHERE account_id = ? AND campaign_id = ?", run.account, run.campaign));
  facts.missing_fields = missing;
  facts.waits_for_review = run.state == "review" || run.state == "compose";
  // The guard tells for itself how long it holds; the run is looked at before.
  if (run.due_at > 0 && !facts.contacted_elsewhere_at) facts.due_at = run.due_at;
  const base::Millis retry = connection.integer(
      Sql("SELECT b.send_at FROM outreach_emails e CROSS JOIN outbox b WHERE b.mail_id = e.id AND "
          "e.account_id = ? AND e.opportunity_id = ? AND e.status = 'scheduled' AND "
          "b.account_id = ? AND b.kind = 'outreach' AND b.tries > 0",
          run.account, run.opportunity, run.account));
  if (retry != 0) facts.retry_at = retry;
}

}  // namespace overture::outreach
