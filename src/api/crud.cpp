// The resource engine seen from a request.
#include "api/crud.hpp"

#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/counts.hpp"
#include "intake/references.hpp"
#include "rest/parameters.hpp"

namespace overture::api {

using base::Error;
using base::ErrorCode;

std::int64_t Call::id(std::size_t part, std::string_view message) const {
  std::optional<std::int64_t> number = rest::parse_integer(path.at(part));
  if (!number || *number < 1) throw Error(ErrorCode::not_found, std::string(message));
  return *number;
}

namespace {

std::string list_filtered(Call& call, const rest::View& view, const rest::Filter& filter,
                          db::Literal order = {}, std::string_view order_join = {}) {
  rest::List made = rest::make_list(call.db(), call.services.caches, view, call.scope(), filter,
                                    rest::parse_page(call.query), order, order_join);
  call.items = made.items;
  return std::move(made.body);
}

}  // namespace

std::string list(Call& call, const rest::View& view, db::Literal order, std::string_view order_join) {
  return list_filtered(call, view, rest::make_filter(view.resource(), call.query, call.scope()), order,
                       order_join);
}

std::string list(Call& call, const rest::View& view, const db::Sql& condition) {
  rest::Filter filter = rest::make_filter(view.resource(), call.query, call.scope());
  filter.require(condition);
  filter.counted = false;
  filter.fixed = false;
  return list_filtered(call, view, filter);
}

std::string list_of_opportunity(Call& call, const rest::View& view) {
  std::int64_t opportunity = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, opportunity);
  return list(call, view, db::Sql("o.opportunity_id = ?", opportunity));
}

std::string show(Call& call, const rest::View& view, std::int64_t id) {
  if (call.writing) return show_written(call, view, id);
  return rest::load_object(call.db(), call.services.caches, view, call.scope(), id);
}

std::string show_written(Call& call, const rest::View& view, std::int64_t id) {
  std::vector<rest::Fragment> found = view.load(call.db(), call.scope(), std::span(&id, 1));
  if (!found.empty()) return *found.front().text;
  // On PostgreSQL somebody may take away the caller's access while this write goes on; it is undone then.
  rest::Scope everything = call.scope();
  everything.restricted = false;
  everything.by_campaign = false;
  bool is_there = !view.load(call.db(), everything, std::span(&id, 1)).empty();
  if (is_there) throw Error(ErrorCode::access_denied);
  throw Error(ErrorCode::not_found, std::string(view.resource().not_found));
}

bool can_see(Call& call, const rest::Resource& resource, std::int64_t id) {
  db::Sql sql("SELECT 1 FROM ");
  sql << resource.from << " WHERE " << rest::scope_condition(resource, call.scope()) << " AND o.id = ";
  sql.bind(id);
  return call.db().exists(sql);
}

void require(Call& call, const rest::Resource& resource, std::int64_t id) {
  if (!can_see(call, resource, id)) throw Error(ErrorCode::not_found, std::string(resource.not_found));
}

std::int64_t require_reference(Call& call, const rest::Resource& resource, std::int64_t id,
                               std::string_view key) {
  if (call.writing) intake::hold_references(call.db(), call.scope().account);
  if (!can_see(call, resource, id)) throw Error::invalid(key, std::string(resource.not_found));
  return id;
}

std::int64_t insert(Call& call, const rest::Resource& resource, const rest::Body& body,
                    std::vector<rest::Assignment> more) {
  std::vector<rest::Assignment> all = rest::assignments_of(resource, body, true);
  all.push_back({"account_id", call.scope().account});
  all.push_back({"created_at", call.now});
  for (rest::Assignment& assignment : more) all.push_back(std::move(assignment));
  return call.db().integer(rest::make_insert(resource.table, all));
}

void update(Call& call, const rest::Resource& resource, const rest::Body& body, std::int64_t id,
            std::vector<rest::Assignment> more) {
  std::vector<rest::Assignment> all = rest::assignments_of(resource, body, false);
  for (rest::Assignment& assignment : more) all.push_back(std::move(assignment));
  if (all.empty()) return;
  call.db().execute(rest::make_update(resource.table, all, call.scope().account, id));
  intake::bump_names_version(call.db(), call.scope().account);
}

rest::Body checked_body(Call& call, const rest::Resource& resource, bool creating) {
  return rest::Body(call.body(), rest::inputs_of(resource, creating));
}

}  // namespace overture::api
