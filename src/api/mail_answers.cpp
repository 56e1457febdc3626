#include "api/mail_answers.hpp"

#include <boost/json/object.hpp>

#include "base/time.hpp"

namespace overture::api {

namespace json = boost::json;

json::value json_time(std::optional<base::Millis> time) {
  if (!time) return nullptr;
  return json::string(base::rfc3339(*time));
}

json::value json_contact(db::Connection& connection, std::int64_t account, std::int64_t contact) {
  db::RowsPtr rows = connection.query(db::Sql(
      "SELECT email, first_name, last_name FROM contacts WHERE account_id = ? AND id = ?", account, contact));
  if (!rows->next()) return nullptr;
  return json::object{
      {"id", contact}, {"email", rows->text(0)}, {"first_name", rows->text(1)}, {"last_name", rows->text(2)}};
}

json::value json_mail_account(db::Connection& connection, std::int64_t account, std::int64_t email_account) {
  db::RowsPtr rows = connection.query(
      db::Sql("SELECT e.name, e.from_name, COALESCE(m.address, e.name) FROM email_accounts e LEFT JOIN "
              "mailboxes m ON "
              "m.account_id = e.account_id AND m.email_account_id = e.id WHERE e.account_id = ? AND e.id = ?",
              account, email_account));
  if (!rows->next()) return nullptr;
  return json::object{{"id", email_account},
                      {"name", rows->text(0)},
                      {"from_name", rows->text(1)},
                      {"address", rows->text(2)}};
}

json::array json_leftovers(const std::vector<outreach::MailLeftover>& leftovers) {
  json::array array;
  for (const outreach::MailLeftover& each : leftovers) {
    array.push_back(json::object{{"part", each.part},
                                 {"line", static_cast<std::int64_t>(each.problem.line)},
                                 {"excerpt", each.problem.excerpt},
                                 {"problem", each.problem.problem}});
  }
  return array;
}

}  // namespace overture::api
