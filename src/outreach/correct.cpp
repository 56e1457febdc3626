#include "outreach/correct.hpp"

#include <optional>
#include <vector>

#include "base/text.hpp"
#include "intake/communications.hpp"
#include "intake/stage.hpp"
#include "intake/take_back.hpp"
#include "intake/unsubscribe.hpp"
#include "mail/classify.hpp"
#include "mail/inbound.hpp"
#include "mail/reply_text.hpp"
#include "outreach/absence.hpp"
#include "outreach/bounces.hpp"
#include "outreach/opt_out.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

std::int64_t opportunity_of(db::Connection& connection, const InboundMail& mail) {
  return connection.integer(Sql("SELECT opportunity_id FROM inbound_emails WHERE account_id = ? AND id = ?",
                                mail.account, mail.id));
}

/// Our newest mail to the opportunity that the inbound one may have come back for; 0 for none.
std::int64_t mail_before(db::Connection& connection, const InboundMail& mail, std::int64_t opportunity) {
  return connection.integer(Sql(
      "SELECT e.id FROM outreach_emails e WHERE e.account_id = ? AND e.opportunity_id = ? AND e.sent_at <= "
      "(SELECT i.created_at FROM inbound_emails i WHERE i.account_id = ? AND i.id = ?) ORDER BY e.sent_at + "
      "0 "
      "DESC, e.id DESC LIMIT 1",
      mail.account, opportunity, mail.account, mail.id));
}

void note_taken_back(db::Connection& connection, const InboundMail& mail, std::int64_t opportunity,
                     std::int64_t user, const std::vector<std::string>& addresses, std::string_view what,
                     base::Millis now) {
  if (opportunity == 0) return;
  for (const std::string& address : addresses) {
    intake::add_system_note(connection, mail.account, opportunity, user, now, address + std::string(what));
  }
}

/// Tasks that ask people to do something about what it was taken for.
void complete_tasks(db::Connection& connection, const InboundMail& mail, std::string_view type,
                    std::int64_t user, base::Millis now) {
  connection.execute(
      Sql("UPDATE tasks SET completed_at = ?, completed_by = ? WHERE account_id = ? AND communication_id = ? "
          "AND type = ? AND completed_at IS NULL",
          now, user, mail.account, mail.id, type));
}

bool has_other_wish(db::Connection& connection, const InboundMail& mail, std::int64_t opportunity) {
  return connection.exists(
      Sql("SELECT 1 FROM inbound_emails WHERE account_id = ? AND opportunity_id = ? AND class = "
          "'unsubscribe' AND id <> ?",
          mail.account, opportunity, mail.id));
}

/// It says by its own words that its writer is away, and until when.
std::optional<Absence> find_absence(db::Connection& connection, const InboundMail& mail) {
  const std::optional<std::string> raw = base::parse_base64url(
      connection.text(Sql("SELECT raw FROM inbound_sources WHERE account_id = ? AND inbound_email_id = ?",
                          mail.account, mail.id)));
  if (!raw) return std::nullopt;
  const mail::InboundMessage message = mail::parse_message(*raw);
  if (!mail::tells_of_absence(message)) return std::nullopt;
  return Absence{
      connection.integer(Sql("SELECT created_at FROM inbound_emails WHERE account_id = ? AND id = ?",
                             mail.account, mail.id)),
      mail::find_return_date(message, mail::new_text(message))};
}

bool take_back_wish(db::Connection& connection, const InboundMail& mail, std::int64_t opportunity,
                    std::int64_t user, base::Millis now) {
  if (opportunity == 0 || has_other_wish(connection, mail, opportunity)) return false;
  const std::string why = connection.text(Sql(
      "SELECT stage_reason FROM opportunities WHERE account_id = ? AND id = ?", mail.account, opportunity));
  return why == kAskedByMail &&
         intake::take_back_end(connection, mail.account, {opportunity, mail.id, rules::StageEvent::opted_out},
                               user, now);
}

bool take_back_report(db::Connection& connection, const InboundMail& mail, std::int64_t opportunity,
                      std::int64_t user, base::Millis now) {
  complete_tasks(connection, mail, "bounce", user, now);
  if (opportunity == 0) return false;
  const std::vector<std::string> addresses =
      take_back_bounce(connection, mail.account, opportunity, mail.id, now);
  note_taken_back(connection, mail, opportunity, user, addresses, " can be written to again", now);
  return !addresses.empty() &&
         intake::take_back_end(connection, mail.account,
                               {opportunity, mail.id, rules::StageEvent::all_bounced}, user, now);
}

}  // namespace

std::string class_of(db::Connection& connection, const InboundMail& mail) {
  return connection.text(
      Sql("SELECT class FROM inbound_emails WHERE account_id = ? AND id = ?", mail.account, mail.id));
}

void take_back(db::Connection& connection, const InboundMail& mail, std::string_view kind, std::int64_t user,
               base::Millis now) {
  const std::string before = class_of(connection, mail);
  if (before == kind || before == "auto_reply") return;
  std::vector<std::string> entries;
  if (before != "human") {
    entries = intake::take_back_unsubscribes(connection, mail.account, mail.id, before == "unsubscribe");
  }
  const std::int64_t opportunity = opportunity_of(connection, mail);
  if (opportunity != 0) connection.lock("opportunity " + std::to_string(opportunity));
  note_taken_back(connection, mail, opportunity, user, entries, " was taken off the do-not-email list", now);
  bool goes_on = false;
  if (before == "human") {
    complete_tasks(connection, mail, "reply_needed", user, now);
    goes_on = opportunity != 0 &&
              intake::take_back_end(connection, mail.account,
                                    {opportunity, mail.id, rules::StageEvent::replied}, user, now);
  } else if (before == "unsubscribe") {
    goes_on = take_back_wish(connection, mail, opportunity, user, now);
  } else {
    goes_on = take_back_report(connection, mail, opportunity, user, now);
  }
  if (!goes_on || kind != "auto_reply") return;
  if (const auto absence = find_absence(connection, mail)) {
    wait_for_return(connection, mail.account, opportunity, *absence);
  }
}

bool opt_out_sender(db::Connection& connection, const InboundMail& mail, std::int64_t user,
                    base::Millis now) {
  const std::string sender = connection.text(
      Sql("SELECT from_email FROM inbound_emails WHERE account_id = ? AND id = ?", mail.account, mail.id));
  const std::optional<intake::UnsubscribeEntry> entry = intake::parse_unsubscribe_entry(sender);
  if (!entry || entry->is_domain) return false;
  intake::unsubscribe(connection, mail.account, *entry,
                      {.user = user, .communication = mail.id, .reason = "Unsubscribed", .now = now});
  follow_opt_out(connection, mail.account, *entry, now);
  return true;
}

void end_outreach_of_sender(db::Connection& connection, const InboundMail& mail, std::int64_t user,
                            base::Millis now) {
  const std::int64_t opportunity = opportunity_of(connection, mail);
  if (opportunity == 0) return;
  intake::take_opt_out(connection, mail.account, opportunity, user, kAskedByMail, now);
}

void take_as_bounce(db::Connection& connection, const InboundMail& mail, base::Millis now) {
  const std::int64_t opportunity = opportunity_of(connection, mail);
  if (opportunity == 0) return;
  const std::int64_t bounced = mail_before(connection, mail, opportunity);
  if (bounced == 0) return;
  take_bounce(connection,
              {.account = mail.account,
               .outreach_email = bounced,
               .kind = rules::BounceKind::hard,
               .reason = "a person says that it came back",
               .inbound = mail.id},
              now, 0);
}

}  // namespace overture::outreach
