// Rows of the fixture, and what is compared between two ways of doing the same.
#include "house.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "intake/counts.hpp"

namespace overture::db {

void House::SetUp() {
  EachEngine::SetUp();
  if (!HasFatalFailure()) migrate(database());
}

void House::execute(const Sql& sql) {
  database().write([&](Connection& connection) { connection.execute(sql); });
}

std::int64_t House::integer(const Sql& sql) {
  return database().read([&](Connection& connection) { return connection.integer(sql); });
}

std::string House::text(const Sql& sql) {
  return database().read([&](Connection& connection) { return connection.text(sql); });
}

std::int64_t House::add_account(std::string_view key) {
  return database().write([&](Connection& connection) {
    const std::int64_t id = connection.reserve_ids("accounts", 1);
    connection.execute(
        Sql("INSERT INTO accounts (id, name, deduplication_key, created_at) VALUES (?, ?, ?, 0)", id,
            "account " + std::to_string(id), key));
    return id;
  });
}

std::int64_t House::add_project(std::int64_t account, std::string_view status, std::string_view own_sites) {
  return database().write([&](Connection& connection) {
    const std::int64_t id = connection.reserve_ids("projects", 1);
    connection.execute(
        Sql("INSERT INTO projects (id, account_id, name, status, own_sites, created_by, created_at) "
            "VALUES (?, ?, 'project', ?, ?, 1, 0)",
            id, account, status, own_sites));
    return id;
  });
}

std::int64_t House::add_campaign(std::int64_t account, std::int64_t project,
                                 const CampaignSwitches& switches) {
  return database().write([&](Connection& connection) {
    const std::int64_t id = connection.reserve_ids("campaigns", 1);
    const Value limit = switches.limit ? Value(*switches.limit) : Value(Null{});
    connection.execute(
        Sql("INSERT INTO campaigns (id, account_id, project_id, name, status, type, data_source, "
            "disable_deduplication, disable_deduplication_all_projects, disable_deduplication_partners, "
            "opportunities_limit, created_by, created_at) VALUES (?, ?, ?, 'campaign', ?, ?, 'x', ?, ?, ?, "
            "?, 1, 0)",
            id, account, project, switches.status, switches.type, !switches.in_project,
            !switches.in_all_projects, !switches.without_partners, limit));
    return id;
  });
}

void House::add_partner(std::int64_t account, std::string_view host) {
  execute(Sql("INSERT INTO partners (account_id, host, created_at) VALUES (?, ?, 0)", account, host));
}

std::int64_t House::add_field(std::int64_t account, std::string_view token, bool is_custom) {
  return database().write([&](Connection& connection) {
    if (is_custom) {
      const std::int64_t id = connection.reserve_ids("custom_fields", 1);
      connection.execute(
          Sql("INSERT INTO custom_fields (id, account_id, name, label, token, created_at) "
              "VALUES (?, ?, ?, ?, ?, 0)",
              id, account, token, token, token));
      return id;
    }
    const std::int64_t id = connection.reserve_ids("personalization_fields", 1);
    connection.execute(
        Sql("INSERT INTO personalization_fields (id, account_id, token, label, is_system, created_at) "
            "VALUES (?, ?, ?, ?, 1, 0)",
            id, account, token, token));
    return id;
  });
}

std::vector<intake::Placement> House::add(std::int64_t account, std::int64_t campaign,
                                          const std::vector<intake::Prospect>& prospects, bool merge) {
  return database().write([&](Connection& connection) {
    const auto target = intake::load_target(connection, account, campaign);
    return intake::add_prospects(connection, target, prospects, {clock.now(), merge});
  });
}

intake::Placement House::add_one(std::int64_t account, std::int64_t campaign,
                                 const intake::Prospect& prospect) {
  return add(account, campaign, std::vector{prospect}).front();
}

std::string House::dump(std::int64_t account) {
  std::vector<std::string> lines;
  database().read([&](Connection& connection) {
    auto list = [&](Literal select, std::int64_t opportunity) {
      std::vector<std::string> parts;
      const auto rows = connection.query(Sql(select, account, opportunity));
      while (rows->next()) parts.push_back(std::string(rows->text(0)) + "=" + std::string(rows->text(1)));
      std::sort(parts.begin(), parts.end());
      return " [" + base::join(parts, "; ") + "]";
    };
    const auto rows = connection.query(
        Sql("SELECT o.id, o.campaign_id - (SELECT MIN(id) FROM campaigns WHERE account_id = o.account_id), "
            "o.url, "
            "o.name, o.contact_form_url, o.workflow_status, o.stage_status, d.name, d.registrable_domain "
            "FROM opportunities o LEFT JOIN domains d ON d.account_id = o.account_id AND d.id = o.domain_id "
            "WHERE o.account_id = ?",
            account));
    while (rows->next()) {
      std::string line = std::to_string(rows->integer(1));
      for (int column = 2; column < 9; ++column) line += " | " + std::string(rows->text(column));
      const std::int64_t id = rows->integer(0);
      line += list(
          "SELECT k.email, k.first_name || ' ' || k.last_name FROM opportunity_contacts oc JOIN contacts k "
          "ON k.account_id = oc.account_id AND k.id = oc.contact_id "
          "WHERE oc.account_id = ? AND oc.opportunity_id = ?",
          id);
      line += list(
          "SELECT f.token, v.value FROM personalization_values v JOIN personalization_fields f "
          "ON f.id = v.field_id WHERE v.account_id = ? AND v.opportunity_id = ?",
          id);
      line += list(
          "SELECT f.token, v.value FROM custom_field_values v JOIN custom_fields f "
          "ON f.id = v.field_id WHERE v.account_id = ? AND v.opportunity_id = ?",
          id);
      lines.push_back(std::move(line));
    }
  });
  std::sort(lines.begin(), lines.end());
  return base::join(lines, "\n");
}

void House::check_books(std::int64_t account) {
  const auto differences =
      database().read([&](Connection& connection) { return intake::verify_counts(connection, account); });
  for (const auto& difference : differences) {
    ADD_FAILURE() << difference.what << ": kept " << difference.kept << ", counted " << difference.counted;
  }
}

intake::Prospect site(std::string_view url, std::string_view name) {
  intake::Prospect prospect;
  prospect.site = rules::parse_site(url);
  prospect.name = name;
  return prospect;
}

intake::Prospect person(std::string_view email) {
  intake::Prospect prospect;
  prospect.contacts.push_back({std::string(email), {}, {}});
  return prospect;
}

}  // namespace overture::db
