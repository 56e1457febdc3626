// Who is asking, and what they may do.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rest/resource.hpp"

namespace overture::api {

enum class Role { admin, user, inspector, personalizer, inspector_personalizer };
std::string_view role_name(Role role);
std::optional<Role> find_role(std::string_view name);

/// What a route asks of its caller. There is no default: every route names one.
enum class Permission {
  anyone,       ///< no token needed
  signed_in,    ///< any role
  inspect,      ///< decide on and add prospects: admin, user, inspector, inspector_personalizer
  personalize,  ///< contacts, fields: admin, user, personalizer, inspector_personalizer
  stage,        ///< inspect or personalize: notes, tags
  member,       ///< campaigns, projects, milestones of opportunities: admin, user
  admin,        ///< the account's vocabulary and users
};
bool may(Role role, Permission permission);

struct Caller {
  rest::Scope scope;  ///< account, user, what they see
  Role role = Role::user;
  std::int64_t token = 0;  ///< the API key or refresh token that stands behind this request
  bool read_only = false;  ///< a key that may only GET
};

}  // namespace overture::api
