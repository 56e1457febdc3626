// Which mailboxes have something to send, without a look at all that waits.
#include <algorithm>
#include <utility>

#include "outreach/outbox.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

constexpr std::size_t kMailsLookedAt = 64;
/// Of the others, also those that have nothing due yet.
constexpr int kMailboxesLookedAt = 256;

struct OldestMail {
  MailboxKey mailbox;
  base::Millis send_at = 0;
};

std::optional<OldestMail> read_oldest(db::Connection& connection, const Sql& sql) {
  db::RowsPtr rows = connection.query(sql);
  if (!rows->next()) return std::nullopt;
  return OldestMail{{rows->integer(0), rows->integer(1)}, rows->integer(2)};
}

/// The oldest mail of the mailbox that follows `at`, in the order of their keys.
std::optional<OldestMail> find_oldest_after(db::Connection& connection, const MailboxKey& at) {
  const Sql next("SELECT account_id, email_account_id, send_at FROM outbox WHERE state = 'pending' AND ");
  // Two statements: a comparison of pairs would walk through the mails of the account before `at`.
  Sql in_account = next;
  in_account << Sql("account_id = ? AND email_account_id > ? ORDER BY email_account_id, send_at, id LIMIT 1",
                    at.account, at.email_account);
  if (std::optional<OldestMail> found = read_oldest(connection, in_account)) return found;
  Sql in_others = next;
  in_others << Sql("account_id > ? ORDER BY account_id, email_account_id, send_at, id LIMIT 1", at.account);
  return read_oldest(connection, in_others);
}

/// Mailboxes whose mails stand behind the many of others: one look-up each, however many mails there are.
/// From the last one it goes on with the first, once around at most.
void add_mailboxes_behind(db::Connection& connection, base::Millis now, std::size_t limit, MailboxKey& at,
                          std::vector<MailboxKey>& mailboxes) {
  const MailboxKey start = at;
  bool went_around = false;
  for (int looks = 0; looks < kMailboxesLookedAt && mailboxes.size() < limit; ++looks) {
    std::optional<OldestMail> oldest = find_oldest_after(connection, at);
    if (!oldest && !std::exchange(went_around, true)) oldest = find_oldest_after(connection, {});
    if (!oldest || (went_around && start < oldest->mailbox)) return;
    at = oldest->mailbox;
    const bool is_new = std::find(mailboxes.begin(), mailboxes.end(), at) == mailboxes.end();
    if (oldest->send_at <= now && is_new) mailboxes.push_back(at);
  }
}

}  // namespace

std::vector<MailboxKey> find_due_mailboxes(db::Connection& connection, base::Millis now, std::size_t limit,
                                           MailboxKey& after) {
  std::vector<MailboxKey> mailboxes;
  std::size_t mails = 0;
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT account_id, email_account_id FROM outbox WHERE state = 'pending' AND send_at "
            "<= ? ORDER BY send_at LIMIT ?",
            now, static_cast<std::int64_t>(kMailsLookedAt)));
    while (rows->next() && mailboxes.size() < limit) {
      ++mails;
      const MailboxKey key{rows->integer(0), rows->integer(1)};
      if (std::find(mailboxes.begin(), mailboxes.end(), key) == mailboxes.end()) mailboxes.push_back(key);
    }
  }
  if (mails == kMailsLookedAt) add_mailboxes_behind(connection, now, limit, after, mailboxes);
  return mailboxes;
}

}  // namespace overture::outreach
