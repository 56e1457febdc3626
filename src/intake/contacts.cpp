// Known addresses are looked up in one statement, new ones inserted in one.
#include "intake/contacts.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "db/text_list.hpp"
#include "intake/counts.hpp"
#include "intake/unsubscribe.hpp"

namespace overture::intake {
namespace {

struct Entry {
  std::int64_t id = 0;
  bool created = false;
  bool filled = false;
  std::string first_name;
  std::string last_name;
};

using Entries = std::unordered_map<std::string_view, Entry>;

void find_known(db::Connection& connection, std::int64_t account, Entries& entries) {
  std::vector<std::string> addresses;
  addresses.reserve(entries.size());
  for (const auto& [email, entry] : entries) addresses.emplace_back(email);
  db::Sql sql("SELECT id, email, first_name, last_name FROM contacts WHERE account_id = ? AND ", account);
  db::append_in_texts(sql, connection.engine(), "email", addresses);
  auto rows = connection.query(sql);
  while (rows->next()) {
    Entry& entry = entries.at(rows->text(1));
    entry.id = rows->integer(0);
    entry.first_name = rows->text(2);
    entry.last_name = rows->text(3);
  }
}

void fill(std::string& kept, const std::string& given, bool& changed) {
  if (!kept.empty() || given.empty()) return;
  kept = given;
  changed = true;
}

void insert_new(db::Connection& connection, std::int64_t account, std::span<const std::string_view> order,
                Entries& entries, base::Millis now) {
  const auto created = static_cast<std::int64_t>(order.size());
  if (created == 0) return;
  static constexpr db::Literal kColumns[] = {"id",         "account_id", "email",
                                             "first_name", "last_name",  "created_at"};
  db::BulkInsert rows{"contacts", kColumns, {}};
  rows.values.reserve(order.size() * std::size(kColumns));
  const std::int64_t first = connection.reserve_ids("contacts", created);
  std::int64_t id = first;
  for (const std::string_view email : order) {
    Entry& entry = entries.at(email);
    entry.id = id;
    rows.values.emplace_back(id++);
    rows.values.emplace_back(account);
    rows.values.emplace_back(std::string(email));
    rows.values.emplace_back(entry.first_name);
    rows.values.emplace_back(entry.last_name);
    rows.values.emplace_back(now);
  }
  connection.insert(rows);
  count(connection, account, kContactsCounter, created);
  unsubscribe_new_contacts(connection, account, first, {order.begin(), order.end()});
}

/// Names are shown inside opportunities, whose version tells readers of a change.
void update_filled(db::Connection& connection, std::int64_t account, const Entries& entries) {
  std::vector<std::int64_t> ids;
  for (const auto& [email, entry] : entries) {
    if (!entry.filled || entry.created) continue;
    static constexpr db::Literal kUpdate =
        "UPDATE contacts SET first_name = ?, last_name = ? WHERE account_id = ? AND id = ?";
    connection.execute(db::Sql(kUpdate, entry.first_name, entry.last_name, account, entry.id));
    ids.push_back(entry.id);
  }
  if (ids.empty()) return;
  db::Sql sql("UPDATE opportunities SET version = version + 1 WHERE account_id = ?", account);
  sql << db::Sql(" AND id IN (SELECT opportunity_id FROM opportunity_contacts WHERE account_id = ? AND ",
                 account);
  db::append_in(sql, connection.engine(), "contact_id", ids);
  sql << ")";
  connection.execute(sql);
}

std::string lock_name(std::int64_t account) { return "intake:" + std::to_string(account); }

}  // namespace

std::vector<PlacedContact> place_contacts(db::Connection& connection, std::int64_t account,
                                          std::span<const ProspectContact> contacts, base::Millis now) {
  if (contacts.empty()) return {};
  Entries entries;
  entries.reserve(contacts.size());
  for (const ProspectContact& contact : contacts) entries.try_emplace(contact.email);
  find_known(connection, account, entries);

  std::vector<std::string_view> fresh;
  for (const ProspectContact& contact : contacts) {
    Entry& entry = entries.at(contact.email);
    if (entry.id == 0 && !entry.created) {
      entry.created = true;
      fresh.push_back(contact.email);
    }
    fill(entry.first_name, contact.first_name, entry.filled);
    fill(entry.last_name, contact.last_name, entry.filled);
  }
  insert_new(connection, account, fresh, entries, now);
  update_filled(connection, account, entries);

  std::vector<PlacedContact> placed;
  placed.reserve(contacts.size());
  for (const ProspectContact& contact : contacts) {
    const Entry& entry = entries.at(contact.email);
    placed.push_back({entry.id, entry.created});
  }
  return placed;
}

PlacedContact place_contact(db::Connection& connection, std::int64_t account, const ProspectContact& contact,
                            base::Millis now) {
  const std::span<const ProspectContact> one(&contact, 1);
  lock_contacts(connection, account, one);
  return place_contacts(connection, account, one, now).front();
}

void lock_contacts(db::Connection& connection, std::int64_t account,
                   std::span<const ProspectContact> contacts) {
  const std::string name = lock_name(account);
  connection.lock(name, false);
  std::vector<std::string_view> addresses;
  for (const ProspectContact& contact : contacts) addresses.push_back(contact.email);
  std::sort(addresses.begin(), addresses.end());
  for (const std::string_view address : addresses) connection.lock(name + ":contact:" + std::string(address));
}

}  // namespace overture::intake
