// Pieces of answers about mails that no row of a table shows: people, mail accounts, hints in texts.
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/trial.hpp"

namespace overture::api {

/// RFC 3339 or null.
boost::json::value json_time(std::optional<base::Millis> time);

/// `{id, email, first_name, last_name}` or null.
boost::json::value json_contact(db::Connection& connection, std::int64_t account, std::int64_t contact);

/// `{id, name, from_name, address}` or null.
boost::json::value json_mail_account(db::Connection& connection, std::int64_t account,
                                     std::int64_t email_account);

/// `[{part, line, excerpt, problem}]`
boost::json::array json_leftovers(const std::vector<outreach::MailLeftover>& leftovers);

}  // namespace overture::api

/// The fields of these pieces, for forms.
#define OVERTURE_JSON_CONTACT_FIELDS                                                                       \
  {.path = "contact.id", .type = rest::Type::integer, .nullable_object = true}, {.path = "contact.email"}, \
      {.path = "contact.first_name"}, {                                                                    \
    .path = "contact.last_name"                                                                            \
  }
#define OVERTURE_JSON_MAIL_ACCOUNT_FIELDS                                             \
  {.path = "email_account.id", .type = rest::Type::integer, .nullable_object = true}, \
      {.path = "email_account.name"}, {.path = "email_account.from_name"}, {          \
    .path = "email_account.address"                                                   \
  }
