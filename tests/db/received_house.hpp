// A house whose first mail was sent, and whose mailbox takes mails in.
#pragma once
#include <string>

#include "mail/inspect.hpp"
#include "outreach/outbox.hpp"
#include "outreach/receive.hpp"
#include "outreach/settle.hpp"
#include "outreach/taken.hpp"
#include "planned_house.hpp"

namespace overture::db {

/// Mail 5 to ann@a.com is sent as first@us.test, with the subject that set_subject() gives it.
class ReceivedHouse : public PlannedHouse {
 protected:
  void SetUp() override {
    PlannedHouse::SetUp();
    if (HasFatalFailure()) return;
    execute(Sql("UPDATE outreach_emails SET message_id = 'first@us.test'"));
    execute(
        Sql("INSERT INTO message_ids (account_id, message_id, kind, mail_id) VALUES (?, "
            "'first@us.test', 'outreach', 5)",
            account));
    const auto mails = database().write([&](Connection& connection) {
      return outreach::claim_mails(connection, {account, 1}, "us", clock.now(), 20);
    });
    database().write(
        [&](Connection& connection) { outreach::mark_dot(connection, mails.at(0), clock.now()); });
    database().write([&](Connection& connection) {
      outreach::settle(connection, mails.at(0), {.outcome = outreach::Delivery::Outcome::sent}, clock.now(),
                       0);
      outreach::book_taken(connection, mails, clock.now());
    });
    clock.advance(base::kHour);
  }
  void set_subject(std::string_view subject) {
    execute(Sql("UPDATE outreach_emails SET subject = ? WHERE id = 5", subject));
  }

  /// What came into a mailbox.
  outreach::Received receive(const std::string& raw, const mail::InspectOptions& options = {},
                             std::int64_t mailbox = 1) {
    const outreach::ReceivedMail received{
        .inspection = mail::inspect(raw, options), .raw = raw, .arrived_at = clock.now()};
    return database().write([&](Connection& connection) {
      return outreach::receive(connection, {account, mailbox}, received, clock.now(), 0);
    });
  }
  /// An answer to mail 5 by its recipient.
  outreach::Received receive_answer(const std::string& headers_and_text) {
    return receive("From: Ann <ann@a.com>\nTo: me@us.test\nIn-Reply-To: <first@us.test>\n" +
                   headers_and_text);
  }

  /// A report that the mail of that Message-ID did not reach the address; `id` empty: it names no mail.
  outreach::Received receive_bounce(const std::string& recipient, const std::string& status,
                                    const std::string& words, const std::string& id = "first@us.test") {
    std::string raw =
        "From: MAILER-DAEMON@relay.test\nTo: me@us.test\nSubject: Undelivered Mail Returned to Sender\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt was not "
        "delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
        "relay.test\n\nFinal-Recipient: rfc822; " +
        recipient + "\nAction: failed\nStatus: " + status + "\nDiagnostic-Code: smtp; 550 " + status + " " +
        words + "\n";
    if (!id.empty()) raw += "--b\nContent-Type: message/rfc822\n\nMessage-ID: <" + id + ">\n\nHi\n";
    return receive(raw + "--b--\n");
  }

  /// The classes of what is stored, in their order.
  std::string classes() {
    std::string all;
    database().read([&](Connection& connection) {
      RowsPtr rows = connection.query(Sql("SELECT class FROM inbound_emails ORDER BY id"));
      while (rows->next()) all += (all.empty() ? "" : " ") + std::string(rows->text(0));
    });
    return all;
  }
  std::string run_state() { return text(Sql("SELECT state FROM outreach_runs")); }
  std::int64_t opt_outs() { return integer(Sql("SELECT COUNT(*) FROM unsubscribes")); }
};

}  // namespace overture::db
