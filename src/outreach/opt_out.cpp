#include "outreach/opt_out.hpp"

#include <vector>

#include "base/text.hpp"
#include "intake/communications.hpp"
#include "intake/launch.hpp"
#include "outreach/contacts.hpp"
#include "outreach/next_contact.hpp"
#include "outreach/run.hpp"
#include "outreach/taken.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

std::vector<Run> runs_of(db::Connection& connection, std::int64_t account, const Sql& opportunities) {
  std::vector<std::int64_t> ids;
  {
    db::RowsPtr rows = connection.query(opportunities);
    while (rows->next()) ids.push_back(rows->integer(0));
  }
  std::vector<Run> runs;
  for (const std::int64_t opportunity : ids) {
    if (std::optional<Run> run = find_run(connection, account, opportunity)) runs.push_back(std::move(*run));
  }
  return runs;
}

/// Runs that are not over, of opportunities that have the contact, unless somebody else is written to.
std::vector<Run> runs_to(db::Connection& connection, std::int64_t account, std::int64_t contact) {
  return runs_of(
      connection, account,
      Sql("SELECT r.opportunity_id FROM opportunity_contacts x CROSS JOIN outreach_runs r WHERE r.account_id "
          "= "
          "x.account_id AND r.opportunity_id = x.opportunity_id AND x.account_id = ? AND x.contact_id = ? "
          "AND r.state <> 'over' AND r.contact_id IN (0, ?) ORDER BY x.opportunity_id",
          account, contact, contact));
}

/// The same for all contacts at the domain.
std::vector<Run> runs_at(db::Connection& connection, std::int64_t account, const std::string& domain) {
  return runs_of(
      connection, account,
      Sql("SELECT r.opportunity_id FROM contacts k CROSS JOIN opportunity_contacts x CROSS JOIN "
          "outreach_runs r "
          "WHERE x.account_id = k.account_id AND x.contact_id = k.id AND r.account_id = x.account_id AND "
          "r.opportunity_id = x.opportunity_id AND k.account_id = ? AND k.email LIKE ? ESCAPE '\\' AND "
          "r.state <> "
          "'over' AND r.contact_id IN (0, k.id) ORDER BY x.opportunity_id LIMIT ?",
          account, "%@" + base::like_escape(domain), kSitesOfDomain));
}

/// Launched, and nobody has been chosen yet whom to write to: it stays so while somebody is left.
void end_if_nobody_is_left(db::Connection& connection, Run run, base::Millis now) {
  if (choose_recipient(connection, run) == RecipientChoice::chosen) return;
  intake::take_opt_out(connection, run.account, run.opportunity, {}, kContactOptedOut, now);
}

/// `whole_site`: whoever has opted out spoke for the site, so no other contact of it is written to.
void go_on_without(db::Connection& connection, const Run& run, bool whole_site, base::Millis now) {
  if (run.contact == 0) return end_if_nobody_is_left(connection, run, now);
  if (cancel_mails_to_contact(connection, run, kContactOptedOut)) return;
  if (whole_site || run.state == "finishing" ||
      go_on_with_next_contact(connection, run, kContactOptedOut, now) != RecipientChoice::chosen) {
    intake::take_opt_out(connection, run.account, run.opportunity, {}, kContactOptedOut, now);
  }
}

/// Outreach that was over before, without an opt-out, and has nobody left now who may be written to.
void end_what_is_over(db::Connection& connection, std::int64_t account, std::int64_t contact,
                      base::Millis now) {
  std::vector<std::int64_t> over;
  {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT o.id FROM opportunity_contacts x CROSS JOIN opportunities o WHERE o.account_id = "
        "x.account_id AND o.id = x.opportunity_id AND x.account_id = ? AND x.contact_id = ? AND "
        "o.workflow_status = 'completed' AND o.stage_status NOT IN ('unsubscribed', 'bounced') ORDER BY o.id",
        account, contact));
    while (rows->next()) over.push_back(rows->integer(0));
  }
  for (const std::int64_t opportunity : over) {
    if (!intake::load_readiness(connection, account, opportunity).opted_out) continue;
    intake::take_opt_out(connection, account, opportunity, {}, kContactOptedOut, now);
  }
}

}  // namespace

void follow_opt_out(db::Connection& connection, std::int64_t account, const intake::UnsubscribeEntry& entry,
                    base::Millis now) {
  book_all_taken(connection, account, now);
  if (entry.is_domain) {
    // Whoever owns the domain speaks for all who have a mailbox there, and for the site.
    for (const Run& run : runs_at(connection, account, entry.text)) go_on_without(connection, run, true, now);
    return;
  }
  const std::int64_t contact = connection.integer(
      Sql("SELECT id FROM contacts WHERE account_id = ? AND email = ?", account, entry.text));
  if (contact == 0) return;
  for (const Run& run : runs_to(connection, account, contact)) go_on_without(connection, run, false, now);
  end_what_is_over(connection, account, contact, now);
}

}  // namespace overture::outreach
