// The table of roles and permissions.
#include "api/caller.hpp"

#include <array>

namespace overture::api {
namespace {

constexpr std::array<std::string_view, 5> kRoleNames{"admin", "user", "inspector", "personalizer",
                                                     "inspector_personalizer"};

}  // namespace

std::string_view role_name(Role role) { return kRoleNames.at(static_cast<std::size_t>(role)); }

std::optional<Role> find_role(std::string_view name) {
  for (std::size_t i = 0; i < kRoleNames.size(); ++i) {
    if (kRoleNames.at(i) == name) return static_cast<Role>(i);
  }
  return std::nullopt;
}

bool may(Role role, Permission permission) {
  bool member = role == Role::admin || role == Role::user;
  switch (permission) {
    case Permission::anyone:
    case Permission::signed_in:
    case Permission::stage:
      return true;
    case Permission::inspect:
      return member || role != Role::personalizer;
    case Permission::personalize:
      return member || role != Role::inspector;
    case Permission::member:
      return member;
    case Permission::admin:
      return role == Role::admin;
  }
  return false;
}

}  // namespace overture::api
