#include "app/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "intake/counts.hpp"
#include "rules/email_address.hpp"
#include "rules/milestone_role.hpp"

namespace overture::app {
namespace {

using base::Error;
using base::ErrorCode;
namespace milestone_role = rules::milestone_role;

struct Milestone {
  std::string_view name;
  std::string_view kind;
  std::string_view role = {};
};

constexpr std::array<Milestone, 13> kMilestones = {{
    {"New", "open", milestone_role::kNew},
    {"Contacted", "open", milestone_role::kContacted},
    {"Responded", "open", milestone_role::kResponded},
    {"Negotiating", "open"},
    {"Content In Progress", "open"},
    {"Awaiting Link", "open"},
    {"Won - Link Placed", "won"},
    {"Won - Other", "won"},
    {"Lost - Not Interested", "lost"},
    {"Lost - No Response", "lost", milestone_role::kNoResponse},
    {"Lost - Bad Contact", "lost", milestone_role::kBadContact},
    {"Lost - Asked For Payment", "lost"},
    {"Lost - Unsubscribed", "lost", milestone_role::kUnsubscribed},
}};

struct SystemField {
  std::string_view token;
  std::string_view label;
};

/// The keys of `personalization` in Add Opportunity.
constexpr std::array<SystemField, 12> kSystemFields = {{
    {"website", "Website"},
    {"email_address", "Email Address"},
    {"opportunity_name", "Opportunity Name"},
    {"first_name", "First Name"},
    {"last_name", "Last Name"},
    {"company", "Company"},
    {"job_title", "Job Title"},
    {"work_phone", "Work Phone"},
    {"mobile_phone", "Mobile Phone"},
    {"contact_form_url", "Contact Form Url"},
    {"site_name", "Site Name"},
    {"page_title", "Page Title"},
}};

constexpr std::array<std::string_view, 5> kRoles = {"admin", "user", "inspector", "personalizer",
                                                    "inspector_personalizer"};

std::string check_name(std::string_view field, std::string_view text) {
  const std::string_view name = base::trim(text);
  if (name.empty()) throw Error::invalid(field, "must not be empty");
  if (name.size() > 255) throw Error::invalid(field, "must be at most 255 bytes long");
  if (!base::is_valid_utf8(name)) throw Error::invalid(field, "must be UTF-8 text");
  if (base::has_control(name)) throw Error::invalid(field, "must not hold control characters");
  return std::string(name);
}

std::string check_email(std::string_view text) {
  std::optional<std::string> email = rules::parse_email_address(text);
  if (!email) throw Error::invalid("email", fmt::format("`{}` is not an e-mail address", text));
  return *email;
}

void insert_milestones(db::Connection& connection, base::Millis now, std::int64_t account_id) {
  static constexpr std::array<db::Literal, 7> kColumns = {"id",   "account_id", "name",      "kind",
                                                          "role", "position",   "created_at"};
  db::BulkInsert rows{.table = "milestones", .columns = kColumns, .values = {}};
  std::int64_t id = connection.reserve_ids("milestones", kMilestones.size());
  std::int64_t position = 0;
  for (const Milestone& milestone : kMilestones) {
    rows.values.insert(rows.values.end(),
                       {id++, account_id, std::string(milestone.name), std::string(milestone.kind),
                        std::string(milestone.role), ++position, now});
  }
  connection.insert(rows);
}

void insert_system_fields(db::Connection& connection, base::Millis now, std::int64_t account_id) {
  static constexpr std::array<db::Literal, 7> kColumns = {"id",   "account_id", "token",     "label",
                                                          "type", "is_system",  "created_at"};
  db::BulkInsert rows{.table = "personalization_fields", .columns = kColumns, .values = {}};
  std::int64_t id = connection.reserve_ids("personalization_fields", kSystemFields.size());
  for (const SystemField& field : kSystemFields) {
    rows.values.insert(rows.values.end(),
                       {id++, account_id, std::string(field.token), std::string(field.label),
                        std::string("text"), std::int64_t{1}, now});
  }
  connection.insert(rows);
}

}  // namespace

void check_password(std::string_view password) {
  if (password.size() < kShortestPassword) {
    throw Error::invalid("password", fmt::format("must be at least {} characters long", kShortestPassword));
  }
  if (password.size() > kLongestPassword) {
    throw Error::invalid("password", fmt::format("must be at most {} bytes long", kLongestPassword));
  }
  if (!base::is_valid_utf8(password) || base::has_control(password)) {
    throw Error::invalid("password", "must be UTF-8 text without control characters");
  }
}

void check_new_user(const NewUser& user) {
  check_email(user.email);
  check_name("first_name", user.first_name);
  check_name("last_name", user.last_name);
  if (std::ranges::find(kRoles, user.role) == kRoles.end()) {
    throw Error::invalid("role", fmt::format("`{}` is none of admin, user, inspector, personalizer, "
                                             "inspector_personalizer",
                                             user.role));
  }
}

std::int64_t create_account(db::Connection& connection, base::Millis now, std::string_view text) {
  const std::string name = check_name("name", text);
  connection.lock("accounts");
  if (connection.exists(db::Sql("SELECT 1 FROM accounts WHERE name = ?", name))) {
    throw Error(ErrorCode::conflict, fmt::format("there is an account `{}` already", name));
  }
  const std::int64_t id = connection.reserve_ids("accounts", 1);
  connection.execute(db::Sql("INSERT INTO accounts (id, name, created_at) VALUES (?, ?, ?)", id, name, now));
  insert_milestones(connection, now, id);
  insert_system_fields(connection, now, id);
  intake::note_change(connection, id);
  return id;
}

std::int64_t create_user(db::Connection& connection, base::Millis now, const NewUser& user) {
  check_new_user(user);
  const std::string email = check_email(user.email);
  connection.lock(fmt::format("users of {}", user.account_id));
  if (connection.exists(
          db::Sql("SELECT 1 FROM users WHERE account_id = ? AND email = ?", user.account_id, email))) {
    throw Error(ErrorCode::conflict, fmt::format("there is a user `{}` in this account already", email));
  }
  const std::int64_t id = connection.reserve_ids("users", 1);
  connection.execute(db::Sql(
      "INSERT INTO users (id, account_id, email, password_hash, first_name, last_name, role, created_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      id, user.account_id, email, user.password_hash, base::trim(user.first_name), base::trim(user.last_name),
      user.role, now));
  intake::note_change(connection, user.account_id);
  return id;
}

void set_user_status(db::Connection& connection, std::int64_t account_id, std::int64_t user_id,
                     std::string_view status) {
  if (status != "active" && status != "inactive") {
    throw Error::invalid("status", fmt::format("`{}` is neither active nor inactive", status));
  }
  const std::int64_t changed = connection.execute(
      db::Sql("UPDATE users SET status = ? WHERE account_id = ? AND id = ?", status, account_id, user_id));
  if (changed == 0) throw Error(ErrorCode::not_found, "there is no such user");
  intake::note_change(connection, account_id);
}

bool grant_project(db::Connection& connection, std::int64_t account_id, std::int64_t user_id,
                   std::int64_t project_id) {
  if (!connection.exists(
          db::Sql("SELECT 1 FROM projects WHERE account_id = ? AND id = ?", account_id, project_id))) {
    throw Error(ErrorCode::not_found, fmt::format("there is no project {} in this account", project_id));
  }
  const std::int64_t added = connection.execute(db::Sql(
      "INSERT INTO project_access (account_id, user_id, project_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      account_id, user_id, project_id));
  if (added > 0) intake::note_change(connection, account_id);
  return added > 0;
}

std::int64_t load_account(db::Connection& connection, std::string_view name) {
  const std::int64_t id =
      connection.integer(db::Sql("SELECT id FROM accounts WHERE name = ?", base::trim(name)));
  if (id == 0) {
    throw Error(
        ErrorCode::not_found,
        fmt::format("there is no account `{}`; `overture account create` makes one", base::trim(name)));
  }
  return id;
}

std::int64_t load_user(db::Connection& connection, std::int64_t account_id, std::string_view text) {
  const std::string email = check_email(text);
  const std::int64_t id = connection.integer(
      db::Sql("SELECT id FROM users WHERE account_id = ? AND email = ?", account_id, email));
  if (id == 0) throw Error(ErrorCode::not_found, fmt::format("there is no user `{}` in this account", email));
  return id;
}

}  // namespace overture::app
