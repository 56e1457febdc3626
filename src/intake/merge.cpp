// Further rows of an opportunity that is there: empty fields are filled, contacts added, values joined.
#include <algorithm>

#include "base/text.hpp"
#include "intake/batch.hpp"

namespace overture::intake {
namespace {

bool has_default_name(const Prospect& prospect) {
  if (prospect.name.empty()) return true;
  if (prospect.site) return prospect.name == prospect.site->host;
  return std::any_of(prospect.contacts.begin(), prospect.contacts.end(),
                     [&](const ProspectContact& contact) { return contact.email == prospect.name; });
}

void fill(std::string& kept, const std::string& more) {
  if (kept.empty()) kept = more;
}

/// Each text once, however often it comes: so a row that is merged twice leaves the same.
void join(std::string& kept, std::string_view more) {
  const std::string between = ", ";
  const std::string wrapped = between + kept + between;
  if (wrapped.find(between + std::string(more) + between) != std::string::npos) return;
  kept += between;
  kept += more;
}

void merge_values(std::vector<FieldValue>& kept, const std::vector<FieldValue>& more) {
  for (const FieldValue& value : more) {
    const auto found = std::find_if(kept.begin(), kept.end(),
                                    [&](const FieldValue& each) { return each.field == value.field; });
    if (found == kept.end()) {
      kept.push_back(value);
    } else if (found->value.empty()) {
      found->value = value.value;
    } else {
      join(found->value, value.value);
    }
  }
}

/// An opportunity as a prospect: before the merge, and with everything folded in.
struct Kept {
  Prospect before;
  Prospect after;
};
using KeptById = std::unordered_map<std::int64_t, Kept>;

void load_values(db::Connection& connection, db::Sql select, std::vector<FieldValue> Prospect::*values,
                 std::span<const std::int64_t> ids, KeptById& kept) {
  db::append_in(select, connection.engine(), "opportunity_id", ids);
  auto rows = connection.query(select);
  while (rows->next()) {
    (kept.at(rows->integer(0)).before.*values).push_back({rows->integer(1), std::string(rows->text(2))});
  }
}

void load_contacts(db::Connection& connection, std::int64_t account, std::span<const std::int64_t> ids,
                   KeptById& kept) {
  db::Sql sql(
      "SELECT oc.opportunity_id, k.email FROM opportunity_contacts oc "
      "JOIN contacts k ON k.account_id = oc.account_id AND k.id = oc.contact_id WHERE oc.account_id = ? AND ",
      account);
  db::append_in(sql, connection.engine(), "oc.opportunity_id", ids);
  auto rows = connection.query(sql);
  while (rows->next())
    kept.at(rows->integer(0)).before.contacts.push_back({std::string(rows->text(1)), {}, {}});
}

KeptById load(db::Connection& connection, std::int64_t account, std::span<const std::int64_t> ids) {
  KeptById kept;
  db::Sql sql(
      "SELECT o.id, o.url, o.name, o.contact_form_url, d.name FROM opportunities o "
      "LEFT JOIN domains d ON d.account_id = o.account_id AND d.id = o.domain_id WHERE o.account_id = ? AND ",
      account);
  db::append_in(sql, connection.engine(), "o.id", ids);
  auto rows = connection.query(sql);
  while (rows->next()) {
    Prospect& before = kept[rows->integer(0)].before;
    if (!rows->is_null(4)) before.site = {std::string(rows->text(1)), std::string(rows->text(4))};
    before.name = rows->text(2);
    before.contact_form_url = rows->text(3);
  }
  rows.reset();
  load_contacts(connection, account, ids, kept);
  static constexpr db::Literal kPersonalization =
      "SELECT opportunity_id, field_id, value FROM personalization_values WHERE account_id = ? AND ";
  static constexpr db::Literal kCustom =
      "SELECT opportunity_id, field_id, value FROM custom_field_values WHERE account_id = ? AND ";
  load_values(connection, db::Sql(kPersonalization, account), &Prospect::personalization, ids, kept);
  load_values(connection, db::Sql(kCustom, account), &Prospect::custom_values, ids, kept);
  for (auto& [id, each] : kept) each.after = each.before;
  return kept;
}

/// True when anything changed.
bool write_values(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                  db::Literal table, const std::vector<FieldValue>& before,
                  const std::vector<FieldValue>& after) {
  bool changed = false;
  static constexpr db::Literal kColumns[] = {"id", "account_id", "opportunity_id", "field_id", "value"};
  db::BulkInsert added{table, kColumns, {}};
  for (std::size_t i = 0; i < after.size(); ++i) {
    const FieldValue& value = after[i];
    if (i >= before.size()) {
      const std::int64_t id = connection.reserve_ids(table, 1);
      for (const std::int64_t number : {id, account, opportunity, value.field})
        added.values.emplace_back(number);
      added.values.emplace_back(value.value);
      changed = true;
    } else if (before[i].value != value.value) {
      db::Sql sql("UPDATE ");
      sql << table
          << db::Sql(" SET value = ? WHERE account_id = ? AND opportunity_id = ? AND field_id = ?",
                     value.value, account, opportunity, value.field);
      connection.execute(sql);
      changed = true;
    }
  }
  connection.insert(added);
  return changed;
}

bool write(db::Connection& connection, std::int64_t account, std::int64_t id, const Kept& kept) {
  const auto& [before, after] = kept;
  bool changed = write_values(connection, account, id, "personalization_values", before.personalization,
                              after.personalization);
  changed |=
      write_values(connection, account, id, "custom_field_values", before.custom_values, after.custom_values);
  return changed || after.contacts.size() > before.contacts.size() || before.name != after.name ||
         before.contact_form_url != after.contact_form_url;
}

/// Contacts that were not there are linked.
void write_links(db::Connection& connection, std::int64_t account, const ContactIds& contacts,
                 const KeptById& kept) {
  ContactLinks links;
  for (const auto& [id, each] : kept) {
    // New ones stand behind those that were there.
    for (std::size_t i = each.before.contacts.size(); i < each.after.contacts.size(); ++i) {
      links.add(id, contacts.at(each.after.contacts[i].email));
    }
  }
  links.insert(connection, account);
}

}  // namespace

void merge_prospect(Prospect& kept, const Prospect& more) {
  if (has_default_name(kept) && !more.name.empty()) kept.name = more.name;
  fill(kept.contact_form_url, more.contact_form_url);
  for (const ProspectContact& contact : more.contacts) {
    const auto found = std::find_if(kept.contacts.begin(), kept.contacts.end(),
                                    [&](const ProspectContact& each) { return each.email == contact.email; });
    if (found == kept.contacts.end()) {
      kept.contacts.push_back(contact);
    } else {
      fill(found->first_name, contact.first_name);
      fill(found->last_name, contact.last_name);
    }
  }
  merge_values(kept.personalization, more.personalization);
  merge_values(kept.custom_values, more.custom_values);
}

void merge_into_opportunities(db::Connection& connection, const Target& target, const ContactIds& contacts,
                              std::span<const Merge> merges, base::Millis now) {
  std::vector<std::int64_t> ids;
  for (const Merge& merge : merges) ids.push_back(merge.opportunity);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  KeptById kept = load(connection, target.account, ids);
  for (const Merge& merge : merges) merge_prospect(kept.at(merge.opportunity).after, *merge.prospect);
  write_links(connection, target.account, contacts, kept);
  for (const std::int64_t id : ids) {
    const Kept& each = kept.at(id);
    if (!write(connection, target.account, id, each)) continue;
    static constexpr db::Literal kUpdate =
        "UPDATE opportunities SET name = ?, contact_form_url = ?, version = version + 1, updated_at = ? "
        "WHERE account_id = ? AND id = ?";
    connection.execute(
        db::Sql(kUpdate, each.after.name, each.after.contact_form_url, now, target.account, id));
  }
}

}  // namespace overture::intake
