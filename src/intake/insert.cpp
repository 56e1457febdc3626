// New opportunities and what hangs on them: one insertion a table.
#include <algorithm>

#include "intake/batch.hpp"
#include "rules/host.hpp"

namespace overture::intake {
namespace {

using Literals = std::span<const db::Literal>;

template <class... Values>
void add_row(db::BulkInsert& rows, Values&&... values) {
  (rows.values.push_back(db::Sql::value_of(std::forward<Values>(values))), ...);
}

db::BulkInsert make_insert(db::Literal table, Literals columns, std::size_t expected) {
  db::BulkInsert rows{table, columns, {}};
  rows.values.reserve(expected * columns.size());
  return rows;
}

/// Hosts that are new become domains; known.domains has them all afterwards.
void insert_domains(db::Connection& connection, const Target& target, Known& known,
                    std::span<const NewOpportunity> opportunities) {
  std::vector<std::int64_t*> ids;
  std::vector<const std::string*> hosts;
  for (const NewOpportunity& opportunity : opportunities) {
    if (!opportunity.prospect->site) continue;
    const auto [domain, is_new] = known.domains.try_emplace(opportunity.prospect->site->host, 0);
    if (!is_new) continue;
    ids.push_back(&domain->second);
    hosts.push_back(&domain->first);
  }
  if (ids.empty()) return;
  static constexpr db::Literal kColumns[] = {"id", "account_id", "name", "registrable_domain"};
  db::BulkInsert rows = make_insert("domains", kColumns, ids.size());
  std::int64_t id = connection.reserve_ids("domains", static_cast<std::int64_t>(ids.size()));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    *ids[i] = id;
    add_row(rows, id++, target.account, *hosts[i], rules::registrable_domain(*hosts[i]));
  }
  connection.insert(rows);
}

std::int64_t domain_of(const Known& known, const Prospect& prospect) {
  return prospect.site ? known.domains.at(prospect.site->host) : 0;
}

const std::string& name_of(const Prospect& prospect) {
  if (!prospect.name.empty()) return prospect.name;
  return prospect.site ? prospect.site->host : prospect.contacts.front().email;
}

std::int64_t insert_rows(db::Connection& connection, const Target& target, const Known& known,
                         std::span<const NewOpportunity> opportunities, base::Millis now) {
  static constexpr db::Literal kColumns[] = {
      "id",   "account_id",       "project_id",      "campaign_id",  "domain_id",  "url",
      "name", "contact_form_url", "workflow_status", "stage_status", "created_at", "updated_at"};
  db::BulkInsert rows = make_insert("opportunities", kColumns, opportunities.size());
  const std::int64_t first =
      connection.reserve_ids("opportunities", static_cast<std::int64_t>(opportunities.size()));
  std::int64_t id = first;
  for (const NewOpportunity& opportunity : opportunities) {
    const Prospect& prospect = *opportunity.prospect;
    add_row(rows, id++, target.account, target.project, target.campaign, domain_of(known, prospect),
            prospect.site ? std::string_view(prospect.site->url) : std::string_view(), name_of(prospect),
            prospect.contact_form_url, std::string_view("inspect"), std::string_view("new"), now, now);
  }
  connection.insert(rows);
  return first;
}

void insert_identities(db::Connection& connection, const Target& target, const Known& known,
                       std::span<const NewOpportunity> opportunities, std::int64_t id) {
  static constexpr db::Literal kColumns[] = {"account_id", "campaign_id", "identity", "opportunity_id"};
  db::BulkInsert rows = make_insert("import_rows", kColumns, opportunities.size());
  for (const NewOpportunity& opportunity : opportunities) {
    add_row(rows, target.account, target.campaign,
            row_identity(domain_of(known, *opportunity.prospect), opportunity.row_text), id++);
  }
  connection.insert(rows);
}

void insert_links(db::Connection& connection, const Target& target, const ContactIds& contacts,
                  std::span<const NewOpportunity> opportunities, std::int64_t id) {
  ContactLinks links;
  for (const NewOpportunity& opportunity : opportunities) {
    for (const ProspectContact& contact : opportunity.prospect->contacts)
      links.add(id, contacts.at(contact.email));
    ++id;
  }
  links.insert(connection, target.account);
}

void insert_values(db::Connection& connection, const Target& target, db::Literal table,
                   std::vector<FieldValue> Prospect::*values, std::span<const NewOpportunity> opportunities,
                   std::int64_t opportunity) {
  std::size_t total = 0;
  for (const NewOpportunity& each : opportunities) total += (each.prospect->*values).size();
  if (total == 0) return;
  static constexpr db::Literal kColumns[] = {"id", "account_id", "opportunity_id", "field_id", "value"};
  db::BulkInsert rows = make_insert(table, kColumns, total);
  std::int64_t id = connection.reserve_ids(table, static_cast<std::int64_t>(total));
  for (const NewOpportunity& each : opportunities) {
    for (const FieldValue& value : each.prospect->*values) {
      add_row(rows, id++, target.account, opportunity, value.field, value.value);
    }
    ++opportunity;
  }
  connection.insert(rows);
}

}  // namespace

void ContactLinks::insert(db::Connection& connection, std::int64_t account) {
  if (links_.empty()) return;
  std::sort(links_.begin(), links_.end());
  links_.erase(std::unique(links_.begin(), links_.end()), links_.end());
  static constexpr db::Literal kColumns[] = {"account_id", "opportunity_id", "contact_id"};
  db::BulkInsert rows = make_insert("opportunity_contacts", kColumns, links_.size());
  for (const auto& [opportunity, contact] : links_) add_row(rows, account, opportunity, contact);
  connection.insert(rows);
}

std::int64_t insert_opportunities(db::Connection& connection, const Target& target, Known& known,
                                  const ContactIds& contacts, std::span<const NewOpportunity> opportunities,
                                  base::Millis now) {
  insert_domains(connection, target, known, opportunities);
  const std::int64_t first = insert_rows(connection, target, known, opportunities, now);
  if (target.campaign_type == "import") insert_identities(connection, target, known, opportunities, first);
  insert_links(connection, target, contacts, opportunities, first);
  insert_values(connection, target, "personalization_values", &Prospect::personalization, opportunities,
                first);
  insert_values(connection, target, "custom_field_values", &Prospect::custom_values, opportunities, first);
  return first;
}

}  // namespace overture::intake
