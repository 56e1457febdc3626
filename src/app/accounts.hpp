// Accounts and users as the command line and the demo make them: usable at once.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "db/connection.hpp"

namespace overture::app {

inline constexpr std::size_t kShortestPassword = 8;
inline constexpr std::size_t kLongestPassword = 1024;

struct NewUser {
  std::int64_t account_id = 0;
  std::string email;  ///< any spelling; stored in lower case
  std::string first_name;
  std::string last_name;
  std::string role = "user";
  std::string password_hash;  ///< base::hash_password(): made before, it takes long
};

/// All run inside one write and throw base::Error: `invalid_value` for a wrong value, `conflict` for a name
/// that is taken, `not_found` for one that is not there.

/// With the twelve system personalization fields and the usual milestones. Returns the id.
std::int64_t create_account(db::Connection& connection, base::Millis now, std::string_view name);
/// Returns the id.
std::int64_t create_user(db::Connection& connection, base::Millis now, const NewUser& user);
/// `active` or `inactive`; the same status again changes nothing.
void set_user_status(db::Connection& connection, std::int64_t account_id, std::int64_t user_id,
                     std::string_view status);
/// Returns false when the user could see the project already.
bool grant_project(db::Connection& connection, std::int64_t account_id, std::int64_t user_id,
                   std::int64_t project_id);

std::int64_t load_account(db::Connection& connection, std::string_view name);
std::int64_t load_user(db::Connection& connection, std::int64_t account_id, std::string_view email);

/// Everything about a new user that can be said without the database.
void check_new_user(const NewUser& user);
void check_password(std::string_view password);

}  // namespace overture::app
