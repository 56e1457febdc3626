#include "outreach/copies_opted_out.hpp"

#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "intake/stage.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/copies.hpp"
#include "outreach/mails.hpp"
#include "rules/email_address.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

struct Copies {
  std::int64_t project = 0;
  std::int64_t opportunity = 0;
  std::optional<base::Millis> since = {};  ///< who was on the list before counts not
  std::vector<std::string> cc = {};
  std::vector<std::string> bcc = {};
};

Copies load_copies(db::Connection& connection, const ClaimedMail& mail) {
  constexpr db::Literal kReply =
      "SELECT project_id, opportunity_id, created_at, cc, bcc FROM sent_replies WHERE account_id = ? AND id "
      "= ?";
  constexpr db::Literal kOutreach =
      "SELECT project_id, opportunity_id, created_at, cc, bcc FROM outreach_emails WHERE account_id = ? AND "
      "id "
      "= ?";
  const bool is_reply = mail.kind == kReplyMail;
  db::RowsPtr rows = connection.query(Sql(is_reply ? kReply : kOutreach, mail.account, mail.mail));
  if (!rows->next()) return {};
  Copies copies{.project = rows->integer(0), .opportunity = rows->integer(1)};
  if (is_reply) copies.since = rows->integer(2);
  copies.cc = split_copies(rows->text(3));
  copies.bcc = split_copies(rows->text(4));
  return copies;
}

/// Takes whoever does not want mails out of the copies, and returns them.
std::vector<std::string> take_opted_out(db::Connection& connection, const ClaimedMail& mail, Copies& copies) {
  std::vector<std::string> gone;
  for (std::vector<std::string>* addresses : {&copies.cc, &copies.bcc}) {
    std::erase_if(*addresses, [&](const std::string& address) {
      const std::string plain = rules::parse_email_address(address).value_or(address);
      if (!intake::is_suppressed(connection, mail.account, copies.project, plain, copies.since)) return false;
      gone.push_back(plain);
      return true;
    });
  }
  return gone;
}

}  // namespace

void leave_out_opted_out(db::Connection& connection, const ClaimedMail& mail, mail::OutgoingMessage& message,
                         base::Millis now) {
  if (message.cc.empty() && message.bcc.empty()) return;
  Copies copies = load_copies(connection, mail);
  const std::vector<std::string> gone = take_opted_out(connection, mail, copies);
  if (gone.empty()) return;
  const std::string cc = base::join(copies.cc, ", ");
  const std::string bcc = base::join(copies.bcc, ", ");
  message.cc = to_mailboxes(cc);
  message.bcc = to_mailboxes(bcc);
  constexpr db::Literal kReply = "UPDATE sent_replies SET cc = ?, bcc = ? WHERE account_id = ? AND id = ?";
  constexpr db::Literal kOutreach =
      "UPDATE outreach_emails SET cc = ?, bcc = ? WHERE account_id = ? AND id = ?";
  connection.execute(Sql(mail.kind == kReplyMail ? kReply : kOutreach, cc, bcc, mail.account, mail.mail));
  if (copies.opportunity == 0) return;
  intake::add_system_note(
      connection, mail.account, copies.opportunity, {}, now,
      "Left out of the copies of a mail, on the do-not-email list: " + base::join(gone, ", "));
}

bool has_opted_out_copy(db::Connection& connection, const ClaimedMail& mail) {
  Copies copies = load_copies(connection, mail);
  return !take_opted_out(connection, mail, copies).empty();
}

}  // namespace overture::outreach
