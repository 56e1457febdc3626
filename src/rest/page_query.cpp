// Statements over ids only, answered by covering indexes where there are some.
#include "rest/page_query.hpp"

#include <algorithm>

#include "rest/json_writer.hpp"

namespace overture::rest {
namespace {

using db::Sql;

/// Pages further than this beyond a known position are reached in hops of this length, each remembered.
constexpr std::int64_t kHop = 1000;

/// The key of a filter in the caches: its text and its parameters, which hold the account and user.
std::string key_of(const Resource& resource, const Sql& where) {
  std::string key(resource.name);
  key.append("\n").append(where.text());
  for (const db::Value& value : where.params()) {
    key += '\n';
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      write_integer(key, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      write_string(key, *text);
    } else if (const auto* real = std::get_if<double>(&value)) {
      key += std::to_string(*real);
    }
  }
  return key;
}

}  // namespace

PageQuery::PageQuery(db::Connection& connection, Caches& caches, const Resource& resource, const Scope& scope,
                     const Filter& filter)
    : connection_(connection),
      facts_(caches.facts),
      pages_(caches.pages),
      resource_(resource),
      scope_(scope),
      filter_(filter) {
  where_ = scope_condition(resource, scope);
  if (!filter.where.empty()) where_ << " AND " << filter.where;
  key_ = key_of(resource, where_);
  // Ids are given out in order only where there is one writer.
  lasting_ = filter.fixed && connection.engine() == db::Engine::sqlite && !resource.counts_from.empty() &&
             !scope.restricted;
}

Sql PageQuery::from(db::Literal select, db::Literal table, std::string_view extra_join) const {
  Sql sql("SELECT ");
  sql << select << " FROM " << table;
  for (const Join& join : resource_.joins) {
    bool wanted = join.alias == extra_join ||
                  std::find(filter_.joins.begin(), filter_.joins.end(), join.alias) != filter_.joins.end();
    if (wanted) sql << " " << join.sql;
  }
  return sql << " WHERE " << where_;
}

std::int64_t PageQuery::compute_count() const {
  bool everything = filter_.where.empty() && !(scope_.restricted && !resource_.restricted.empty());
  if (everything && !resource_.counter.empty()) {
    return connection_.integer(Sql("SELECT sum(n) FROM counters WHERE account_id = ? AND name = ?",
                                   scope_.account, resource_.counter));
  }
  if (filter_.counted && !resource_.counts_from.empty()) {
    return connection_.integer(from("sum(o.n)", resource_.counts_from));
  }
  return connection_.integer(from("count(*)", resource_.from));
}

std::int64_t PageQuery::count() {
  // Small tables are counted each time: not all that changes them raises the account's change number.
  if (resource_.version.empty() && resource_.counter.empty()) return compute_count();
  FactsCache::Known known = facts_.find(key_, 0);
  if (known.count && known.changes == scope_.changes) return *known.count;
  bool summed = filter_.counted && !resource_.counts_from.empty();
  if (lasting_ && !summed) {
    // Rows are only ever added behind the last one counted.
    Sql tail = from("count(*), max(o.id)", resource_.from);
    tail << " AND o.id > ";
    tail.bind(known.counted_to);
    db::RowsPtr rows = connection_.query(tail);
    rows->next();
    std::int64_t count = known.count.value_or(0) + rows->integer(0);
    facts_.put_count(key_, scope_.changes, lasting_, count, std::max(known.counted_to, rows->integer(1)));
    return count;
  }
  std::int64_t count = compute_count();
  facts_.put_count(key_, scope_.changes, lasting_, count, 0);
  return count;
}

std::vector<Row> PageQuery::fetch(const Sql& sql) const {
  std::vector<Row> found;
  db::RowsPtr rows = connection_.query(sql);
  while (rows->next()) found.push_back({rows->integer(0), rows->integer(1)});
  return found;
}

/// The id `by` rows behind the row `from_id`; 0 when there are not so many.
std::int64_t PageQuery::hop(std::int64_t from_id, std::int64_t by) const {
  Sql sql = from("o.id", resource_.from);
  sql << " AND o.id >= ";
  sql.bind(from_id) << " ORDER BY o.id LIMIT 1 OFFSET ";
  sql.bind(by);
  return connection_.integer(sql);
}

std::vector<Row> PageQuery::rows(std::int64_t offset, std::int64_t limit, db::Literal order,
                                 std::string_view join) {
  // Without versions a row may change while its page stays: such resources are asked each time.
  bool kept = !resource_.version.empty();
  std::string page = key_;
  if (kept) {
    page.append("\n").append(order.view()).append("\n").append(std::to_string(offset)).append("+");
    page += std::to_string(limit);
    if (std::optional<std::vector<Row>> known = pages_.find(page, scope_.changes)) return std::move(*known);
  }
  std::vector<Row> found =
      order.empty() ? find_rows(offset, limit) : find_rows_in_order(offset, limit, order, join);
  if (kept) pages_.put(page, scope_.changes, found);
  return found;
}

std::vector<Row> PageQuery::find_rows(std::int64_t offset, std::int64_t limit) {
  FactsCache::Known known = facts_.find(key_, offset);
  if (!valid(known)) known = {};
  while (offset - known.position >= kHop) {
    std::int64_t id = hop(known.id, kHop);
    if (id == 0) return {};
    known.position += kHop;
    known.id = id;
    facts_.put_position(key_, scope_.changes, lasting_, known.position, id);
  }
  Sql sql =
      resource_.version.empty() ? from("o.id, 0", resource_.from) : from("o.id, o.version", resource_.from);
  if (known.id > 0) {
    sql << " AND o.id >= ";
    sql.bind(known.id);
  }
  sql << " ORDER BY o.id LIMIT ";
  sql.bind(limit);
  if (offset > known.position) {
    sql << " OFFSET ";
    sql.bind(offset - known.position);
  }
  std::vector<Row> found = fetch(sql);
  if (!found.empty() && (offset != known.position || known.id == 0)) {
    facts_.put_position(key_, scope_.changes, lasting_, offset, found.front().id);
  }
  return found;
}

std::vector<Row> PageQuery::find_rows_in_order(std::int64_t offset, std::int64_t limit, db::Literal order,
                                               std::string_view join) {
  Sql sql = resource_.version.empty() ? from("o.id, 0", resource_.from, join)
                                      : from("o.id, o.version", resource_.from, join);
  sql << " ORDER BY " << order << ", o.id LIMIT ";
  sql.bind(limit) << " OFFSET ";
  sql.bind(offset);
  return fetch(sql);
}

std::vector<Row> PageQuery::rows_after(std::int64_t id, std::int64_t limit) const {
  Sql sql =
      resource_.version.empty() ? from("o.id, 0", resource_.from) : from("o.id, o.version", resource_.from);
  sql << " AND o.id > ";
  sql.bind(id) << " ORDER BY o.id LIMIT ";
  sql.bind(limit);
  return fetch(sql);
}

}  // namespace overture::rest
