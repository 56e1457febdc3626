#include "outreach/correct.hpp"

#include <optional>

#include "intake/communications.hpp"
#include "intake/unsubscribe.hpp"
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

}  // namespace

std::string class_of(db::Connection& connection, const InboundMail& mail) {
  return connection.text(
      Sql("SELECT class FROM inbound_emails WHERE account_id = ? AND id = ?", mail.account, mail.id));
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
               .reason = "a person says that it came back"},
              now, 0);
}

}  // namespace overture::outreach
