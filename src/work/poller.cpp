// One visit to a mailbox: inbox, then evidence, then the sent folder, then IDLE while there is time.
#include "work/poller.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "intake/counts.hpp"
#include "mail/inspect.hpp"
#include "mail/outgoing.hpp"
#include "outreach/evidence.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/message.hpp"
#include "outreach/receive.hpp"

namespace overture::work {
namespace {

using db::Sql;

constexpr base::Millis kPollLease = 15 * base::kMinute;
constexpr std::size_t kMailsOfOneFetch = 50;
constexpr std::size_t kMostUids = 4'000'000;
constexpr std::size_t kFiledInOneVisit = 50;
constexpr std::size_t kMostBytes = 25U << 20U;

mail::UnsubscribeRule rule_named(std::string_view name) {
  if (name == "off") return mail::UnsubscribeRule::off;
  return name == "anywhere" ? mail::UnsubscribeRule::anywhere : mail::UnsubscribeRule::subject;
}

/// Where reading the inbox stands.
struct InboxState {
  std::uint32_t uid_validity = 0;  ///< 0: never read
  std::uint32_t last_uid = 0;
  base::Millis connected_at = 0;
};

InboxState load_inbox(db::Connection& connection, const outreach::MailboxKey& mailbox) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT uid_validity, last_uid, connected_at FROM mailbox_states WHERE account_id = ? AND "
          "email_account_id = ?",
          mailbox.account, mailbox.email_account));
  if (!rows->next()) return {};
  return {static_cast<std::uint32_t>(rows->integer(0)), static_cast<std::uint32_t>(rows->integer(1)),
          rows->integer(2)};
}

void store_inbox(db::Connection& connection, const outreach::MailboxKey& mailbox, const InboxState& inbox) {
  connection.execute(
      Sql("UPDATE mailbox_states SET uid_validity = ?, last_uid = ? WHERE account_id = ? AND "
          "email_account_id = ?",
          static_cast<std::int64_t>(inbox.uid_validity), static_cast<std::int64_t>(inbox.last_uid),
          mailbox.account, mailbox.email_account));
}

/// The last UID of what arrived before `since`, found by halving: a folder of any size costs some twenty
/// look-ups. UIDs rise with arrival (RFC 3501 section 2.3.1.1).
std::uint32_t last_uid_before(mailbox::ImapSession& session, base::Millis since) {
  const std::vector<std::uint32_t> uids = session.fetch_uids(1, kMostUids);
  const auto first = std::partition_point(uids.begin(), uids.end(), [&](std::uint32_t uid) {
    const std::vector<mailbox::FetchedMail> mail = session.fetch({uid}, 1);
    return !mail.empty() && mail.front().internal_date != 0 && mail.front().internal_date < since;
  });
  return first == uids.begin() ? 0 : *(first - 1);
}

}  // namespace

struct Poller::Visit {
  const outreach::MailboxKey& mailbox;
  const MailboxAccess& access;
  mailbox::ImapSession& session;
  InboxState inbox = {};
};

std::optional<outreach::MailboxKey> Poller::claim_due() {
  const base::Millis now = parts_.clock.now();
  std::vector<outreach::MailboxKey> due;
  parts_.database.read([&](db::Connection& connection) {
    db::RowsPtr rows =
        connection.query(Sql("SELECT account_id, email_account_id FROM mailbox_states WHERE next_poll_at <= "
                             "? ORDER BY next_poll_at "
                             "LIMIT 20",
                             now));
    while (rows->next()) due.push_back({rows->integer(0), rows->integer(1)});
  });
  for (const outreach::MailboxKey& key : due) {
    const bool held = parts_.database.write([&](db::Connection& connection) {
      return connection.execute(Sql(
                 "UPDATE mailbox_states SET poll_owner = ?, poll_lease_until = ?, next_poll_at = ? WHERE "
                 "account_id = ? AND email_account_id = ? AND next_poll_at <= ?",
                 parts_.owner, now + kPollLease, now + kPollLease, key.account, key.email_account, now)) == 1;
    });
    if (held) return key;
  }
  return std::nullopt;
}

bool Poller::poll_next(std::chrono::milliseconds idle) {
  const std::optional<outreach::MailboxKey> mailbox = claim_due();
  if (!mailbox) return false;
  try {
    poll(*mailbox, idle);
  } catch (const mailbox::MailboxError& error) {
    // The sender learns by itself whether it can send; what is told here is that nothing can be read.
    const bool login = error.kind() == mailbox::Trouble::Kind::login;
    parts_.database.write([&](db::Connection& connection) {
      outreach::note_mailbox_trouble(
          connection, *mailbox,
          login ? outreach::MailboxTrouble::disconnected : outreach::MailboxTrouble::resting,
          error.trouble().text, parts_.clock.now());
    });
    done(*mailbox, parts_.clock.now() + std::max(parts_.every, base::kMinute));
  } catch (const base::Error& error) {
    base::log_warning("mailbox not read", {{"mailbox", mailbox->email_account}, {"error", error.what()}});
    done(*mailbox, parts_.clock.now() + std::max(parts_.every, base::kMinute));
  }
  return true;
}

void Poller::poll(const outreach::MailboxKey& mailbox, std::chrono::milliseconds idle) {
  MailboxAccess access = parts_.door.open(mailbox);
  const bool is_used = parts_.database.read([&](db::Connection& connection) {
    return connection.exists(
        Sql("SELECT 1 FROM email_accounts WHERE account_id = ? AND id = ? AND status <> 'deleted'",
            mailbox.account, mailbox.email_account));
  });
  if (access.is_folder || access.imap.host.empty() || !is_used) {
    return done(mailbox, parts_.clock.now() + base::kHour);
  }
  std::unique_ptr<mailbox::ImapSession> session = parts_.imap.open(access.imap, access.login);
  reach("imap_open");
  Visit each{mailbox, access, *session};
  parts_.database.write([&](db::Connection& connection) {
    outreach::note_mailbox_works(connection, mailbox, parts_.clock.now());
  });
  visit(each, idle);
  session->logout();
  done(mailbox, parts_.clock.now() + (idle.count() > 0 ? 0 : parts_.every));
}

void Poller::visit(Visit& visit, std::chrono::milliseconds idle) {
  read_inbox(visit);
  const std::vector<mailbox::Folder> folders = visit.session.folders();
  const mailbox::Folder* sent = mailbox::find_sent(folders);
  const std::string sent_folder = sent == nullptr ? std::string() : sent->name;
  look_for_unknown(visit, sent_folder);
  file_sent(visit, sent_folder);
  if (idle.count() == 0) return;
  visit.session.select("INBOX");
  {
    const std::lock_guard lock(mutex_);
    waiting_[{visit.mailbox.account, visit.mailbox.email_account}] = &visit.session;
  }
  const mailbox::IdleEnd end = visit.session.idle(idle);
  {
    const std::lock_guard lock(mutex_);
    waiting_.erase({visit.mailbox.account, visit.mailbox.email_account});
  }
  if (end == mailbox::IdleEnd::new_mail) read_inbox(visit);
}

void Poller::wake() {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, session] : waiting_) session->wake();
}

void Poller::begin_inbox(Visit& visit, const mailbox::FolderState& state) {
  // First sight: what lies there already was not written to us. After a change of UIDVALIDITY everything has
  // another number; what is known among the mails since then is known by its content (inbound_seen).
  const bool is_first = visit.inbox.uid_validity == 0;
  visit.inbox.last_uid = last_uid_before(visit.session, visit.inbox.connected_at);
  visit.inbox.uid_validity = state.uid_validity;
  parts_.database.write(
      [&](db::Connection& connection) { store_inbox(connection, visit.mailbox, visit.inbox); });
  base::log_info(is_first ? "mailbox taken up" : "mailbox numbered anew",
                 {{"mailbox", visit.mailbox.email_account}, {"mails", state.messages}});
}

void Poller::read_inbox(Visit& visit) {
  const mailbox::FolderState state = visit.session.select("INBOX");
  visit.inbox =
      parts_.database.read([&](db::Connection& connection) { return load_inbox(connection, visit.mailbox); });
  if (visit.inbox.uid_validity != state.uid_validity) begin_inbox(visit, state);
  for (;;) {
    const std::vector<std::uint32_t> uids =
        visit.session.fetch_uids(visit.inbox.last_uid + 1, kMailsOfOneFetch);
    if (uids.empty()) return;
    for (std::uint32_t uid : uids) {
      // One at a time: a folder of large mails must not fill the memory.
      for (const mailbox::FetchedMail& mail : visit.session.fetch({uid}, kMostBytes)) take_in(visit, mail);
      visit.inbox.last_uid = uid;
    }
    parts_.database.write(
        [&](db::Connection& connection) { store_inbox(connection, visit.mailbox, visit.inbox); });
    reach("uids_moved");
  }
}

void Poller::take_in(Visit& visit, const mailbox::FetchedMail& mail) {
  reach("fetched");
  // What arrived before the mailbox was connected is the owner's own business.
  if (mail.internal_date != 0 && mail.internal_date < visit.inbox.connected_at) return;
  const outreach::ReceivedMail received{
      .inspection = mail::inspect(mail.raw, {.unsubscribe = rule_named(visit.access.unsubscribe_rule),
                                             .own_addresses = {visit.access.address}}),
      .raw = mail.raw,
      .complete = mail.complete,
      .arrived_at = mail.internal_date == 0 ? parts_.clock.now() : mail.internal_date};
  InboxState after = visit.inbox;
  after.last_uid = mail.uid;
  parts_.database.write([&](db::Connection& connection) {
    outreach::receive(connection, visit.mailbox, received, parts_.clock.now(), parts_.chance());
    store_inbox(connection, visit.mailbox, after);
  });
  reach("received");
}

void Poller::look_for_unknown(Visit& visit, const std::string& sent_folder) {
  const auto unknown = parts_.database.read([&](db::Connection& connection) {
    return outreach::find_unknown(connection, visit.mailbox, parts_.clock.now());
  });
  for (const outreach::SoughtMail& mail : unknown) {
    const bool found =
        !sent_folder.empty() && !visit.session.search_message_id(sent_folder, mail.message_id).empty();
    parts_.database.write([&](db::Connection& connection) {
      if (found) {
        outreach::note_found(connection, visit.mailbox, mail, parts_.clock.now());
      } else {
        outreach::note_not_found(connection, visit.mailbox, mail, parts_.clock.now());
      }
    });
    reach("looked_for");
  }
}

void Poller::file_sent(Visit& visit, const std::string& sent_folder) {
  if (sent_folder.empty()) return;
  const auto sent = parts_.database.read([&](db::Connection& connection) {
    return outreach::find_unfiled(connection, visit.mailbox, parts_.clock.now(), kFiledInOneVisit);
  });
  for (const outreach::SoughtMail& mail : sent) {
    const bool found = !visit.session.search_message_id(sent_folder, mail.message_id).empty();
    if (!found) {
      const std::optional<std::string> bytes =
          parts_.database.read([&](db::Connection& connection) -> std::optional<std::string> {
            if (!outreach::has_to_be_filed(connection, visit.mailbox, mail, parts_.clock.now())) return {};
            const outreach::ClaimedMail row{.account = visit.mailbox.account,
                                            .email_account = visit.mailbox.email_account,
                                            .kind = mail.kind,
                                            .mail = mail.mail};
            return mail::write_message(outreach::load_message(connection, parts_.install, row));
          });
      if (!bytes) continue;
      parts_.database.write(
          [&](db::Connection& connection) { outreach::begin_filing(connection, visit.mailbox, mail); });
      visit.session.append(sent_folder, *bytes, true);
      reach("appended");
    }
    parts_.database.write(
        [&](db::Connection& connection) { outreach::note_filed(connection, visit.mailbox, mail); });
  }
}

void Poller::done(const outreach::MailboxKey& mailbox, base::Millis next) {
  parts_.database.write([&](db::Connection& connection) {
    connection.execute(
        Sql("UPDATE mailbox_states SET next_poll_at = ?, polled_at = ?, poll_owner = '', poll_lease_until = "
            "0 WHERE "
            "account_id = ? AND email_account_id = ? AND poll_owner = ?",
            next, parts_.clock.now(), mailbox.account, mailbox.email_account, parts_.owner));
  });
}

}  // namespace overture::work
