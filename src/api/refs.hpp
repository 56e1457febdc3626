// Shapes that many resources hold: users, projects, campaigns, countries. As macros, because SQL is made of
// literals.
#pragma once
#include "rest/resource.hpp"

/// What a user without all projects may see: two parameters, account and user.
#define OVERTURE_GRANTED_PROJECTS \
  "(SELECT pa.project_id FROM project_access pa WHERE pa.account_id = ? AND pa.user_id = ?)"

/// The campaigns of one whose role is attached to campaigns: the same two parameters.
#define OVERTURE_OWN_CAMPAIGNS \
  "(SELECT cc.campaign_id FROM campaign_collaborators cc WHERE cc.account_id = ? AND cc.user_id = ?)"

#define OVERTURE_USER_JOIN(ALIAS, ID) \
  "LEFT JOIN users " ALIAS " ON " ALIAS ".account_id = o.account_id AND " ALIAS ".id = " ID
/// A user inside another object; the whole object is null when there is none.
#define OVERTURE_USER_REF(PATH, ALIAS)                                         \
  {.path = PATH ".id",                                                         \
   .type = rest::Type::integer,                                                \
   .sql = ALIAS ".id",                                                         \
   .join = ALIAS,                                                              \
   .nullable_object = true},                                                   \
      {.path = PATH ".display_name",                                           \
       .sql = "trim(" ALIAS ".first_name || ' ' || " ALIAS ".last_name)",      \
       .join = ALIAS},                                                         \
      {.path = PATH ".first_name", .sql = ALIAS ".first_name", .join = ALIAS}, \
      {.path = PATH ".last_name", .sql = ALIAS ".last_name", .join = ALIAS}, { \
    .path = PATH ".email", .sql = ALIAS ".email", .join = ALIAS                \
  }

#define OVERTURE_PROJECT_JOIN "JOIN projects p ON p.account_id = o.account_id AND p.id = o.project_id"

#define OVERTURE_COUNTRY_JOIN "LEFT JOIN countries k ON k.code = o.country"
#define OVERTURE_COUNTRY_REF                                                                \
  {.path = "country.code", .sql = "o.country", .nullable_object = true, .lowered = true}, { \
    .path = "country.name", .sql = "k.name", .join = "k"                                    \
  }

namespace overture::api {

/// ISO 3166-1 alpha-2 in lower case; `uk` becomes `gb`. Throws base::Error::invalid.
std::string normalise_country(std::string_view key, std::string text);
/// A zone of the IANA database. Throws base::Error::invalid.
std::string normalise_timezone(std::string_view key, std::string text);
/// `#rrggbb` in lower case; three digits are doubled. Throws base::Error::invalid.
std::string normalise_color(std::string_view key, std::string text);
/// Letters, digits and `_`, beginning with a letter, lower case. Throws base::Error::invalid.
std::string normalise_token(std::string_view key, std::string text);

}  // namespace overture::api
