// One upsert for both kinds of fields.
#include "api/field_values.hpp"

#include "api/readiness.hpp"
#include "intake/opportunity.hpp"
#include "intake/references.hpp"

namespace overture::api {

std::int64_t write_field_value(Call& call, db::Literal values, std::int64_t opportunity, std::int64_t field,
                               const std::string& value) {
  std::int64_t account = call.scope().account;
  db::Sql sql("INSERT INTO ");
  sql << values
      << db::Sql(
             " (account_id, opportunity_id, field_id, value) VALUES (?, ?, ?, ?) "
             "ON CONFLICT (account_id, opportunity_id, field_id) DO UPDATE SET value = excluded.value "
             "RETURNING id",
             account, opportunity, field, value);
  std::int64_t id = call.db().integer(sql);
  intake::touch_opportunity(call.db(), account, opportunity, call.now);
  settle_readiness(call, opportunity);
  return id;
}

void delete_field_everywhere(Call& call, db::Literal fields, db::Literal values, std::int64_t field) {
  std::int64_t account = call.scope().account;
  intake::await_references(call.db(), account);
  db::Sql touch(
      "UPDATE opportunities SET version = version + 1, updated_at = ? WHERE account_id = ? AND id IN (",
      call.now, account);
  touch << "SELECT opportunity_id FROM " << values
        << db::Sql(" WHERE account_id = ? AND field_id = ?)", account, field);
  call.db().execute(touch);
  db::Sql remove_values("DELETE FROM ");
  call.db().execute(remove_values << values
                                  << db::Sql(" WHERE account_id = ? AND field_id = ?", account, field));
  db::Sql remove_field("DELETE FROM ");
  call.db().execute(remove_field << fields << db::Sql(" WHERE account_id = ? AND id = ?", account, field));
}

}  // namespace overture::api
