// One visit to a mailbox: inbox (poller_inbox.cpp), then evidence and the sent folder (poller_sent.cpp), then
// IDLE while there is time.

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "outreach/mailbox_state.hpp"
#include "work/poller_visit.hpp"

namespace overture::work {
namespace {

using db::Sql;

}  // namespace

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
    if (!begin_visit(key)) continue;
    bool held = false;
    try {
      held = claim(key, now);
    } catch (...) {
      end_visit(key);
      throw;
    }
    if (held) return key;
    end_visit(key);
  }
  return std::nullopt;
}

bool Poller::claim(const outreach::MailboxKey& key, base::Millis now) {
  return parts_.database.write([&](db::Connection& connection) {
    return connection.execute(Sql(
               "UPDATE mailbox_states SET poll_owner = ?, poll_lease_until = ?, next_poll_at = ? WHERE "
               "account_id = ? AND email_account_id = ? AND next_poll_at <= ?",
               parts_.owner, now + kPollLease, now + kPollLease, key.account, key.email_account, now)) == 1;
  });
}

/// False while somebody here is at the mailbox already; one who only waits for new mail makes room.
bool Poller::begin_visit(const outreach::MailboxKey& mailbox) {
  const std::lock_guard lock(mutex_);
  const auto [visit, is_new] = visits_.try_emplace({mailbox.account, mailbox.email_account}, nullptr);
  if (!is_new && visit->second != nullptr) visit->second->wake();
  return is_new;
}

void Poller::end_visit(const outreach::MailboxKey& mailbox) {
  const std::lock_guard lock(mutex_);
  visits_.erase({mailbox.account, mailbox.email_account});
}

bool Poller::poll_next(std::chrono::milliseconds idle) {
  unreleased_.release_all([this](const outreach::MailboxKey& mailbox) { done(mailbox, parts_.clock.now()); });
  const std::optional<outreach::MailboxKey> mailbox = claim_due();
  if (!mailbox) return false;
  struct Visited {
    Poller& poller;
    const outreach::MailboxKey& mailbox;
    ~Visited() { poller.end_visit(mailbox); }
  } visited{*this, *mailbox};
  base::Millis next = parts_.clock.now() + std::max(parts_.every, base::kMinute);
  try {
    try {
      poll(*mailbox, idle);
      return true;
    } catch (const mailbox::MailboxError& error) {
      next = note_trouble(*mailbox, error.trouble());
    } catch (const std::exception& error) {
      base::log_warning("mailbox not read", {{"mailbox", mailbox->email_account}, {"error", error.what()}});
    }
    done(*mailbox, next);
  } catch (const base::Error&) {
    // The database is away; else nobody would read the mailbox until the claim ends.
    unreleased_.add(*mailbox);
    throw;
  }
  return true;
}

/// The sender learns by itself whether it can send; what is told here is that nothing can be read. Returns
/// when to look again: a server that is away may be back soon, a log-in that is refused must not be tried
/// often.
base::Millis Poller::note_trouble(const outreach::MailboxKey& mailbox, const mailbox::Trouble& trouble) {
  const bool login = trouble.kind == mailbox::Trouble::Kind::login;
  base::log_warning("mailbox not read", {{"mailbox", mailbox.email_account}, {"error", trouble.text}});
  const base::Millis next = parts_.database.write([&](db::Connection& connection) {
    return outreach::note_mailbox_trouble(
        connection, mailbox, outreach::MailboxUse::reading,
        login ? outreach::MailboxTrouble::disconnected : outreach::MailboxTrouble::resting, trouble.text,
        parts_.clock.now());
  });
  const base::Millis soon = parts_.clock.now() + std::max(parts_.every, base::kMinute);
  return login ? std::max(next, soon) : soon;
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
    outreach::note_mailbox_works(connection, mailbox, outreach::MailboxUse::reading, parts_.clock.now());
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
    if (stopping_) return;
    visits_[{visit.mailbox.account, visit.mailbox.email_account}] = &visit.session;
  }
  const mailbox::IdleEnd end = visit.session.idle(idle);
  {
    const std::lock_guard lock(mutex_);
    visits_[{visit.mailbox.account, visit.mailbox.email_account}] = nullptr;
  }
  if (end == mailbox::IdleEnd::new_mail) read_inbox(visit);
}

void Poller::wake() {
  stopping_ = true;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, session] : visits_) {
    if (session != nullptr) session->wake();
  }
}

void Poller::done(const outreach::MailboxKey& mailbox, base::Millis next) {
  parts_.database.write([&](db::Connection& connection) {
    connection.execute(
        Sql("UPDATE mailbox_states SET next_poll_at = CASE WHEN next_poll_at = 0 THEN 0 ELSE ? END, "
            "polled_at = ?, poll_owner = '', poll_lease_until = "
            "0 WHERE "
            "account_id = ? AND email_account_id = ? AND poll_owner = ?",
            next, parts_.clock.now(), mailbox.account, mailbox.email_account, parts_.owner));
  });
}

}  // namespace overture::work
