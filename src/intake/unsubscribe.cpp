// Entries are unique by text; contacts carry a mark of their own, so that answers and filters need no list.
#include "intake/unsubscribe.hpp"

#include <unordered_map>

#include "base/text.hpp"
#include "db/text_list.hpp"
#include "events/event.hpp"
#include "intake/contacts.hpp"
#include "rules/email_address.hpp"
#include "rules/host.hpp"

namespace overture::intake {
namespace {

/// Excludes those who add contacts that the entry covers.
void lock_entry(db::Connection& connection, std::int64_t account, const UnsubscribeEntry& entry) {
  if (entry.is_domain) {
    connection.lock("intake:" + std::to_string(account));
    return;
  }
  const ProspectContact contact{entry.text, {}, {}};
  lock_contacts(connection, account, std::span(&contact, 1));
}

/// The contacts of an entry: a condition on `contacts`, answered by the index on addresses.
db::Sql contacts_of(std::int64_t account, const UnsubscribeEntry& entry) {
  if (!entry.is_domain) return db::Sql("account_id = ? AND email = ?", account, entry.text);
  return db::Sql("account_id = ? AND email LIKE ? ESCAPE '\\'", account,
                 "%@" + base::like_escape(entry.text));
}

db::Value id_or_null(std::int64_t id) { return id == 0 ? db::Value() : db::Value(id); }

/// `UPDATE contacts … WHERE `: the condition is the caller's.
db::Sql mark(base::Millis date, std::int64_t user, std::int64_t communication) {
  return db::Sql(
      "UPDATE contacts SET is_unsubscribed = 1, unsubscribed_date = ?, unsubscribed_by = ?, "
      "unsubscribed_via_communication = ? WHERE ",
      date, id_or_null(user), id_or_null(communication));
}

}  // namespace

std::optional<UnsubscribeEntry> parse_unsubscribe_entry(std::string_view text) {
  if (auto address = rules::parse_email_address(text)) return UnsubscribeEntry{std::move(*address), false};
  if (auto host = rules::parse_host_name(base::trim(text))) return UnsubscribeEntry{std::move(*host), true};
  return std::nullopt;
}

base::Millis unsubscribe(db::Connection& connection, std::int64_t account, const UnsubscribeEntry& entry,
                         const UnsubscribeCause& cause) {
  lock_entry(connection, account, entry);
  static constexpr db::Literal kInsert =
      "INSERT INTO unsubscribes (account_id, project_id, entry, is_domain, reason, user_id, "
      "communication_id, created_at) VALUES (?, 0, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, entry, "
      "project_id) DO NOTHING";
  const bool is_new =
      connection.execute(db::Sql(kInsert, account, entry.text, entry.is_domain ? 1 : 0, cause.reason,
                                 cause.user, cause.communication, cause.now)) > 0;
  if (!is_new) {
    connection.execute(
        db::Sql("UPDATE unsubscribes SET communication_id = 0 WHERE account_id = ? AND entry = ? AND "
                "project_id = 0 AND communication_id NOT IN (0, ?)",
                account, entry.text, cause.communication));
    if (cause.user == 0) {
      connection.execute(
          db::Sql("UPDATE unsubscribes SET user_id = 0, reason = ? WHERE account_id = ? AND entry = ? "
                  "AND project_id = 0 AND user_id <> 0",
                  cause.reason, account, entry.text));
    }
    return connection.integer(
        db::Sql("SELECT created_at FROM unsubscribes WHERE account_id = ? AND entry = ? AND project_id = 0",
                account, entry.text));
  }
  connection.execute(mark(cause.now, cause.user, cause.communication)
                     << contacts_of(account, entry) << " AND is_unsubscribed = 0");
  events::note(connection, account,
               {.kind = events::Kind::unsubscribed,
                .data = {{"entry", entry.text}, {"is_domain", entry.is_domain}, {"reason", cause.reason}}},
               cause.now);
  return cause.now;
}

bool is_suppressed(db::Connection& connection, std::int64_t account, std::int64_t project,
                   const std::string& address, std::optional<base::Millis> since) {
  static constexpr db::Literal kSelect =
      "SELECT 1 FROM unsubscribes WHERE (account_id = ? AND entry = ? AND is_domain = 0 OR account_id = ? "
      "AND entry = ? AND is_domain = 1) AND (+project_id = 0 OR +project_id = ?)";
  db::Sql sql(kSelect, account, address, account, rules::email_domain(address), project);
  if (since) sql << db::Sql(" AND created_at > ?", *since);
  return connection.exists(sql);
}

void remove_unsubscribe(db::Connection& connection, std::int64_t account, std::int64_t id) {
  UnsubscribeEntry entry;
  {
    db::RowsPtr rows = connection.query(db::Sql(
        "SELECT entry, is_domain FROM unsubscribes WHERE account_id = ? AND id = ? AND project_id = 0",
        account, id));
    if (rows->next()) entry = {std::string(rows->text(0)), rows->integer(1) != 0};
  }
  if (!entry.text.empty()) lock_entry(connection, account, entry);
  connection.execute(db::Sql("DELETE FROM unsubscribes WHERE account_id = ? AND id = ?", account, id));
  if (entry.text.empty()) return;
  static constexpr db::Literal kCovered =
      "SELECT 1 FROM unsubscribes WHERE account_id = ? AND project_id = 0 AND entry = ?";
  if (!entry.is_domain &&
      connection.exists(db::Sql(kCovered, account, std::string(rules::email_domain(entry.text))))) {
    return;
  }
  db::Sql clear(
      "UPDATE contacts SET is_unsubscribed = 0, unsubscribed_date = NULL, unsubscribed_by = NULL, "
      "unsubscribed_via_communication = NULL WHERE ");
  clear << contacts_of(account, entry) << " AND is_unsubscribed = 1";
  if (entry.is_domain) {
    clear << db::Sql(
        " AND NOT EXISTS (SELECT 1 FROM unsubscribes u WHERE u.account_id = ? AND u.project_id = 0 AND "
        "u.entry = contacts.email)",
        account);
  }
  connection.execute(clear);
}

std::vector<RemovedUnsubscribe> take_back_unsubscribes(db::Connection& connection, std::int64_t account,
                                                       std::int64_t communication) {
  std::vector<std::int64_t> ids;
  std::vector<RemovedUnsubscribe> removed;
  {
    db::RowsPtr rows = connection.query(
        db::Sql("SELECT id, entry, created_at FROM unsubscribes WHERE account_id = ? AND communication_id = "
                "? AND communication_id <> 0 ORDER BY id",
                account, communication));
    while (rows->next()) {
      ids.push_back(rows->integer(0));
      removed.push_back({std::string(rows->text(1)), rows->integer(2)});
    }
  }
  for (const std::int64_t id : ids) remove_unsubscribe(connection, account, id);
  return removed;
}

void unsubscribe_new_contacts(db::Connection& connection, std::int64_t account, std::int64_t first_id,
                              const std::vector<std::string>& addresses) {
  std::vector<std::string> texts = addresses;
  for (const std::string& address : addresses) texts.emplace_back(rules::email_domain(address));
  struct Entry {
    base::Millis created_at;
    std::int64_t user;
  };
  std::unordered_map<std::string, Entry> entries;
  {
    db::Sql sql(
        "SELECT entry, created_at, user_id FROM unsubscribes WHERE account_id = ? AND project_id = 0 AND ",
        account);
    db::append_in_texts(sql, connection.engine(), "entry", texts);
    db::RowsPtr rows = connection.query(sql);
    while (rows->next()) entries.emplace(rows->text(0), Entry{rows->integer(1), rows->integer(2)});
  }
  if (entries.empty()) return;
  std::int64_t id = first_id;
  for (const std::string& address : addresses) {
    auto found = entries.find(address);
    if (found == entries.end()) found = entries.find(std::string(rules::email_domain(address)));
    if (found != entries.end()) {
      connection.execute(mark(found->second.created_at, found->second.user, 0)
                         << db::Sql("account_id = ? AND id = ?", account, id));
    }
    ++id;
  }
}

}  // namespace overture::intake
