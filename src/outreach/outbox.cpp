#include "outreach/outbox.hpp"

#include <algorithm>

#include "intake/runs.hpp"
#include "outreach/mails.hpp"
#include "outreach/obstacle.hpp"
#include "outreach/run.hpp"
#include "outreach/settle.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

void set_mail_status(db::Connection& connection, const ClaimedMail& mail, std::string_view status) {
  if (mail.kind == kReplyMail) return;  // scheduled until its outcome is sure
  connection.execute(Sql("UPDATE outreach_emails SET status = ? WHERE account_id = ? AND id = ?", status,
                         mail.account, mail.mail));
}

bool hold_mailbox(db::Connection& connection, const MailboxKey& mailbox, std::string_view owner,
                  base::Millis now) {
  connection.lock("mailbox " + std::to_string(mailbox.email_account));
  return connection.execute(Sql(
             "UPDATE mailbox_states SET owner = ?, lease_until = ?, fence = fence + 1 WHERE account_id = ? "
             "AND email_account_id = ? AND (owner = ? OR owner = '' OR lease_until < ?)",
             owner, now + kSendLease, mailbox.account, mailbox.email_account, owner, now)) == 1;
}

/// A mail carries the date of its first try. One that counts as never tried gets it anew: its mailbox could
/// not be logged in to, or its claim was given back, so nobody has seen it.
void begin_mail(db::Connection& connection, const ClaimedMail& mail, base::Millis now) {
  if (mail.tries > 1) return set_mail_status(connection, mail, "sending");
  constexpr db::Literal kReply = "UPDATE sent_replies SET dated_at = ? WHERE account_id = ? AND id = ?";
  constexpr db::Literal kOutreach =
      "UPDATE outreach_emails SET dated_at = ?, status = 'sending' WHERE account_id = ? AND id = ?";
  connection.execute(Sql(mail.kind == kReplyMail ? kReply : kOutreach, now, mail.account, mail.mail));
}

/// The mailbox has to rest: none of its mails tries its server before it should.
bool let_rest(db::Connection& connection, const MailboxKey& mailbox, base::Millis now) {
  std::string trouble;
  base::Millis until = 0;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT trouble, next_try_at FROM mailbox_states WHERE account_id = ? AND email_account_id = ?",
            mailbox.account, mailbox.email_account));
    if (rows->next()) {
      trouble = rows->text(0);
      until = rows->integer(1);
    }
  }
  if (until <= now) return false;
  connection.execute(
      Sql("UPDATE outbox SET send_at = ?, trouble = ? WHERE account_id = ? AND email_account_id = ? AND "
          "state = 'pending' AND send_at <= ?",
          until, trouble, mailbox.account, mailbox.email_account, now));
  return true;
}

std::vector<ClaimedMail> load_due(db::Connection& connection, const MailboxKey& mailbox, base::Millis now,
                                  std::size_t limit) {
  std::vector<ClaimedMail> due;
  db::RowsPtr rows =
      connection.query(Sql("SELECT b.id, b.kind, b.mail_id, b.tries, s.fence FROM outbox b CROSS JOIN "
                           "mailbox_states s WHERE s.account_id = b.account_id AND s.email_account_id = "
                           "b.email_account_id AND b.state = 'pending' AND b.account_id = "
                           "? AND b.email_account_id = ? AND b.send_at <= ? ORDER BY b.send_at, b.id LIMIT ?",
                           mailbox.account, mailbox.email_account, now, static_cast<std::int64_t>(limit)));
  while (rows->next()) {
    due.push_back({.outbox = rows->integer(0),
                   .account = mailbox.account,
                   .email_account = mailbox.email_account,
                   .kind = std::string(rows->text(1)),
                   .mail = rows->integer(2),
                   .fence = rows->integer(4),
                   .tries = rows->integer(3) + 1});
  }
  return due;
}

/// Mails of sequences keep their distance also when several have become due at once.
class Spacing {
 public:
  Spacing(db::Connection& connection, const MailboxKey& mailbox) : connection_(connection) {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT s.handed_over_at, COALESCE(m.spacing_seconds, 60) FROM mailbox_states s LEFT JOIN mailboxes "
        "m ON "
        "m.account_id = s.account_id AND m.email_account_id = s.email_account_id WHERE s.account_id = ? AND "
        "s.email_account_id = ?",
        mailbox.account, mailbox.email_account));
    if (!rows->next()) return;
    length_ = rows->integer(1) * base::kSecond;
    free_at_ = rows->integer(0) + length_;
  }

  /// Puts the mail off when it has to wait for those before it.
  bool holds_up(const ClaimedMail& mail, base::Millis now) {
    if (mail.kind == kReplyMail || now >= free_at_) return false;
    connection_.execute(Sql("UPDATE outbox SET send_at = ? WHERE account_id = ? AND id = ?", free_at_,
                            mail.account, mail.outbox));
    free_at_ += length_;
    return true;
  }

  void take(const ClaimedMail& mail, base::Millis now) {
    if (mail.kind == kReplyMail) return;
    if (!began_) note_handed_over(connection_, mail, now);
    began_ = true;
    free_at_ = now + length_;
  }

 private:
  db::Connection& connection_;
  base::Millis length_ = base::kMinute;
  base::Millis free_at_ = 0;
  bool began_ = false;  ///< written down: all mails of one claim begin at the same time
};

/// Whoever was slow for as long as its lease may have lost the mailbox to another process, which sends from
/// it now. Also notes the time, so that the other one keeps its distance.
bool still_holds_mailbox(db::Connection& connection, const ClaimedMail& mail, base::Millis now) {
  if (mail.kind == kReplyMail) {
    return connection.exists(
        Sql("SELECT 1 FROM mailbox_states WHERE account_id = ? AND email_account_id = ? AND fence = ?",
            mail.account, mail.email_account, mail.fence));
  }
  return connection.execute(Sql("UPDATE mailbox_states SET handed_over_at = ? WHERE account_id = ? AND "
                                "email_account_id = ? AND fence = ?",
                                now, mail.account, mail.email_account, mail.fence)) == 1;
}

/// A dead process's mail becomes ours, unless it has come to life and gone on.
bool take_over(db::Connection& connection, const ClaimedMail& mail, std::string_view state) {
  return connection.execute(Sql("UPDATE outbox SET fence = fence + 1 WHERE account_id = ? AND id = ? AND "
                                "state = ? AND fence = ?",
                                mail.account, mail.outbox, state, mail.fence)) == 1;
}

}  // namespace

std::vector<ClaimedMail> claim_mails(db::Connection& connection, const MailboxKey& mailbox,
                                     std::string_view owner, base::Millis now, std::size_t limit) {
  if (!hold_mailbox(connection, mailbox, owner, now)) {
    // Another process sends from it, or it is gone: its mails are not looked at before the lease ends.
    connection.execute(Sql(
        "UPDATE outbox SET send_at = ? WHERE account_id = ? AND email_account_id = ? AND state = 'pending' "
        "AND send_at <= ?",
        now + base::kMinute, mailbox.account, mailbox.email_account, now));
    return {};
  }
  if (let_rest(connection, mailbox, now)) return {};
  std::vector<ClaimedMail> claimed;
  Spacing spacing(connection, mailbox);
  ClaimFacts facts = begin_claim(connection, mailbox.account);
  for (ClaimedMail& mail : load_due(connection, mailbox, now, limit)) {
    if (spacing.holds_up(mail, now)) continue;
    if (std::optional<Obstacle> obstacle = find_obstacle_and_count(connection, mail, now, facts)) {
      put_off(connection, mail, *obstacle, now);
      continue;
    }
    connection.execute(Sql(
        "UPDATE outbox SET state = 'sending', tries = tries + 1, first_try_at = COALESCE(first_try_at, ?), "
        "owner = ?, lease_until = ?, fence = ? WHERE account_id = ? AND id = ?",
        now, owner, now + kSendLease, mail.fence, mail.account, mail.outbox));
    begin_mail(connection, mail, now);
    spacing.take(mail, now);
    claimed.push_back(std::move(mail));
  }
  return claimed;
}

void put_off_oldest(db::Connection& connection, const MailboxKey& mailbox, base::Millis now,
                    base::Millis wait) {
  connection.execute(Sql(
      "UPDATE outbox SET send_at = ?, trouble = 'it could not be made ready, see the log of the server' "
      "WHERE account_id = ? AND id = (SELECT id FROM outbox WHERE account_id = ? AND email_account_id = ? "
      "AND state = 'pending' AND send_at <= ? ORDER BY send_at, id LIMIT 1) AND state = 'pending'",
      now + wait, mailbox.account, mailbox.account, mailbox.email_account, now));
}

bool mark_dot(db::Connection& connection, const ClaimedMail& mail, base::Millis now) {
  // Two that would be the first to a person do not pass at once: one of them sees the other.
  if (mail.passed.guarded_contact != 0) {
    connection.lock("first mail to " + std::to_string(mail.passed.guarded_contact));
  }
  const bool held =
      connection.execute(Sql("UPDATE outbox SET state = 'dot' WHERE account_id = ? AND id = ? AND state = "
                             "'sending' AND fence = ?",
                             mail.account, mail.outbox, mail.fence)) == 1;
  if (!held) return false;
  const bool passes = still_passes(connection, mail, now) || !find_obstacle(connection, mail, now);
  if (passes && still_holds_mailbox(connection, mail, now)) return true;
  connection.execute(
      Sql("UPDATE outbox SET state = 'sending' WHERE account_id = ? AND id = ?", mail.account, mail.outbox));
  return false;
}

void note_handed_over(db::Connection& connection, const ClaimedMail& mail, base::Millis now) {
  if (mail.kind == kReplyMail) return;
  connection.execute(
      Sql("UPDATE mailbox_states SET handed_over_at = ? WHERE account_id = ? AND email_account_id = ?", now,
          mail.account, mail.email_account));
}

void prolong_claims(db::Connection& connection, std::string_view owner, base::Millis now) {
  connection.execute(Sql("UPDATE outbox SET lease_until = ? WHERE owner = ? AND state IN ('sending', 'dot')",
                         now + kSendLease, owner));
  connection.execute(
      Sql("UPDATE mailbox_states SET lease_until = ? WHERE owner = ?", now + kSendLease, owner));
}

void release_claims(db::Connection& connection, const MailboxKey& mailbox, std::string_view owner) {
  std::vector<ClaimedMail> left;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT id, kind, mail_id, state FROM outbox WHERE state IN ('sending', 'dot') AND owner = ? AND "
            "+account_id = ? AND email_account_id = ?",
            owner, mailbox.account, mailbox.email_account));
    while (rows->next()) {
      if (rows->text(3) != "sending") continue;
      left.push_back({.outbox = rows->integer(0),
                      .account = mailbox.account,
                      .email_account = mailbox.email_account,
                      .kind = std::string(rows->text(1)),
                      .mail = rows->integer(2)});
    }
  }
  for (const ClaimedMail& mail : left) {
    if (cancel_if_over(connection, mail)) continue;
    set_mail_status(connection, mail, "scheduled");
    connection.execute(
        Sql("UPDATE outbox SET state = 'pending', tries = tries - 1 WHERE account_id = ? AND id = ?",
            mail.account, mail.outbox));
  }
  connection.execute(Sql(
      "UPDATE mailbox_states SET owner = '', lease_until = 0 WHERE account_id = ? AND email_account_id = ? "
      "AND owner = ?",
      mailbox.account, mailbox.email_account, owner));
}

void rescue_claims(db::Connection& connection, std::string_view owner, bool alone, base::Millis now) {
  std::vector<ClaimedMail> left;
  std::vector<std::optional<base::Millis>> dots;  // when it was last held
  {
    db::RowsPtr rows =
        connection.query(Sql("SELECT id, account_id, email_account_id, kind, mail_id, fence, tries, state, "
                             "lease_until FROM outbox "
                             "WHERE state "
                             "IN ('sending', 'dot') AND owner <> ? AND lease_until < ?",
                             owner, alone ? now + base::kDay * 365 : now));
    while (rows->next()) {
      left.push_back({rows->integer(0), rows->integer(1), rows->integer(2), std::string(rows->text(3)),
                      rows->integer(4), rows->integer(5), rows->integer(6)});
      dots.emplace_back();
      if (rows->text(7) == "dot") dots.back() = std::min(rows->integer(8) - kSendLease, now);
    }
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!take_over(connection, left[i], dots[i] ? "dot" : "sending")) continue;
    if (dots[i]) {
      become_unknown(connection, left[i], "the server was stopped while the mail was handed over", *dots[i],
                     now);
    } else if (!cancel_if_over(connection, left[i])) {
      connection.execute(
          Sql("UPDATE outbox SET state = 'pending', send_at = ? WHERE account_id = ? AND id = ?", now,
              left[i].account, left[i].outbox));
      set_mail_status(connection, left[i], "scheduled");
    }
  }
  if (!alone) return;
  connection.execute(
      Sql("UPDATE mailbox_states SET owner = '', lease_until = 0 WHERE owner NOT IN ('', ?)", owner));
  connection.execute(
      Sql("UPDATE mailbox_states SET poll_owner = '', poll_lease_until = 0, next_poll_at = ? WHERE "
          "poll_owner NOT IN "
          "('', ?)",
          now, owner));
}

}  // namespace overture::outreach
