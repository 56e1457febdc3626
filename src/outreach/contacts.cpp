#include "outreach/contacts.hpp"

#include <algorithm>

#include "intake/unsubscribe.hpp"
#include "rules/email_address.hpp"

namespace overture::outreach {

using db::Sql;

std::vector<Recipient> load_recipients(db::Connection& connection, std::int64_t account, std::int64_t project,
                                       std::int64_t opportunity) {
  std::vector<Recipient> recipients;
  {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT k.id, k.email, k.is_unsubscribed, k.bounced_at FROM opportunity_contacts x JOIN contacts k "
        "ON "
        "k.account_id = x.account_id AND k.id = x.contact_id WHERE x.account_id = ? AND x.opportunity_id = ? "
        "ORDER BY x.contact_id",
        account, opportunity));
    while (rows->next()) {
      recipients.push_back(
          {rows->integer(0), std::string(rows->text(1)), rows->integer(2) != 0, !rows->is_null(3)});
    }
  }
  for (Recipient& recipient : recipients) {
    if (!recipient.suppressed) {
      recipient.suppressed = intake::is_suppressed(connection, account, project, recipient.address);
    }
  }
  std::stable_partition(recipients.begin(), recipients.end(), [](const Recipient& recipient) {
    return !rules::is_role_address(recipient.address);
  });
  return recipients;
}

RecipientChoice choose_recipient(db::Connection& connection, Run& run) {
  return choose_recipient(connection, run,
                          load_recipients(connection, run.account, run.project, run.opportunity));
}

RecipientChoice choose_recipient(db::Connection& connection, Run& run,
                                 const std::vector<Recipient>& recipients) {
  if (recipients.empty()) return RecipientChoice::no_contact;
  bool bounced = false;
  bool reachable = false;
  const Recipient* next = nullptr;
  for (const Recipient& recipient : recipients) {
    bounced = bounced || recipient.bounced;
    if (!recipient.may_be_written_to()) continue;
    reachable = true;
    if (recipient.contact == run.contact) return RecipientChoice::chosen;
    const bool tried = connection.exists(Sql(
        "SELECT 1 FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND contact_id = ? AND "
        "run = ? AND status NOT IN ('cancelled', 'skipped')",
        run.account, run.opportunity, recipient.contact, run.run));
    if (next == nullptr && !tried) next = &recipient;
  }
  if (next == nullptr) {
    if (bounced) return RecipientChoice::all_bounced;
    return reachable ? RecipientChoice::none_left : RecipientChoice::all_suppressed;
  }
  run.contact = next->contact;
  run.next_attempt = 1;
  return RecipientChoice::chosen;
}

}  // namespace overture::outreach
