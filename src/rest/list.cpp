// A page is found in two steps: ids with versions (from an index where possible), then the rows that are not known
// rendered. Totals and positions of pages are remembered, so that neither grows with the number of rows.
#include "rest/list.hpp"

#include <algorithm>

#include "base/error.hpp"
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

class Query {
 public:
  Query(db::Connection& connection, Caches& caches, const Resource& resource, const Scope& scope, const Filter& filter)
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

  std::int64_t count();
  /// Ascending by id, or by `order` (which may need a join) and id.
  std::vector<Row> rows(std::int64_t offset, std::int64_t limit, db::Literal order, std::string_view join);

 private:
  std::vector<Row> find_rows(std::int64_t offset, std::int64_t limit);
  std::vector<Row> find_rows_in_order(std::int64_t offset, std::int64_t limit, db::Literal order,
                                      std::string_view join);
  Sql from(db::Literal select, db::Literal table, std::string_view extra_join = {}) const {
    Sql sql("SELECT ");
    sql << select << " FROM " << table;
    for (const Join& join : resource_.joins) {
      bool wanted = join.alias == extra_join || std::find(filter_.joins.begin(), filter_.joins.end(), join.alias) !=
                                                    filter_.joins.end();
      if (wanted) sql << " " << join.sql;
    }
    return sql << " WHERE " << where_;
  }
  bool valid(const FactsCache::Known& known) const { return lasting_ || known.changes == scope_.changes; }
  std::int64_t compute_count() const;
  std::vector<Row> fetch(const Sql& sql) const;
  std::int64_t hop(std::int64_t from_id, std::int64_t by) const;

  db::Connection& connection_;
  FactsCache& facts_;
  PageCache& pages_;
  const Resource& resource_;
  const Scope& scope_;
  const Filter& filter_;
  Sql where_;
  std::string key_;
  bool lasting_ = false;
};

std::int64_t Query::compute_count() const {
  bool everything = filter_.where.empty() && !(scope_.restricted && !resource_.restricted.empty());
  if (everything && !resource_.counter.empty()) {
    return connection_.integer(Sql("SELECT sum(n) FROM counters WHERE account_id = ? AND name = ?", scope_.account,
                                   resource_.counter));
  }
  if (filter_.counted && !resource_.counts_from.empty()) {
    return connection_.integer(from("sum(o.n)", resource_.counts_from));
  }
  return connection_.integer(from("count(*)", resource_.from));
}

std::int64_t Query::count() {
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

std::vector<Row> Query::fetch(const Sql& sql) const {
  std::vector<Row> found;
  db::RowsPtr rows = connection_.query(sql);
  while (rows->next()) found.push_back({rows->integer(0), rows->integer(1)});
  return found;
}

/// The id `by` rows behind the row `from_id`; 0 when there are not so many.
std::int64_t Query::hop(std::int64_t from_id, std::int64_t by) const {
  Sql sql = from("o.id", resource_.from);
  sql << " AND o.id >= ";
  sql.bind(from_id) << " ORDER BY o.id LIMIT 1 OFFSET ";
  sql.bind(by);
  return connection_.integer(sql);
}

std::vector<Row> Query::rows(std::int64_t offset, std::int64_t limit, db::Literal order, std::string_view join) {
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

std::vector<Row> Query::find_rows(std::int64_t offset, std::int64_t limit) {
  FactsCache::Known known = facts_.find(key_, offset);
  if (!valid(known)) known = {};
  while (offset - known.position >= kHop) {
    std::int64_t id = hop(known.id, kHop);
    if (id == 0) return {};
    known.position += kHop;
    known.id = id;
    facts_.put_position(key_, scope_.changes, lasting_, known.position, id);
  }
  Sql sql = resource_.version.empty() ? from("o.id, 0", resource_.from) : from("o.id, o.version", resource_.from);
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

std::vector<Row> Query::find_rows_in_order(std::int64_t offset, std::int64_t limit, db::Literal order,
                                           std::string_view join) {
  Sql sql = resource_.version.empty() ? from("o.id, 0", resource_.from, join)
                                      : from("o.id, o.version", resource_.from, join);
  sql << " ORDER BY " << order << ", o.id LIMIT ";
  sql.bind(limit) << " OFFSET ";
  sql.bind(offset);
  return fetch(sql);
}

using Texts = std::vector<std::shared_ptr<const std::string>>;

/// The rendered rows in the order of `rows`; a row that has vanished in between is left out.
Texts texts_of(db::Connection& connection, Caches& caches, const View& view, const Scope& scope,
               const std::vector<Row>& rows) {
  Texts texts(rows.size());
  bool kept = !view.resource().version.empty();
  std::vector<std::int64_t> missing;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (kept) texts[i] = caches.fragments.find(view, rows[i].id, rows[i].version, scope.names_version);
    if (!texts[i]) missing.push_back(rows[i].id);
  }
  if (missing.empty()) return texts;
  std::sort(missing.begin(), missing.end());
  std::vector<Fragment> loaded = view.load(connection, scope, missing);
  for (const Fragment& fragment : loaded) {
    if (kept) caches.fragments.put(view, fragment, scope.names_version);
  }
  auto by_id = [](const Fragment& fragment, std::int64_t id) { return fragment.id < id; };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (texts[i]) continue;
    auto found = std::lower_bound(loaded.begin(), loaded.end(), rows[i].id, by_id);
    if (found != loaded.end() && found->id == rows[i].id) texts[i] = found->text;
  }
  std::erase(texts, nullptr);
  return texts;
}

std::int64_t positive_or(const std::string* text, std::int64_t otherwise) {
  std::optional<std::int64_t> number = text == nullptr ? std::nullopt : parse_integer(*text);
  return number && *number > 0 ? *number : otherwise;
}

}  // namespace

Page parse_page(const Parameters& parameters) {
  Page page;
  page.limit = std::min(positive_or(parameters.find("limit"), kDefaultLimit), kMaxLimit);
  page.page = positive_or(parameters.find("page"), 1);
  return page;
}

List make_list(db::Connection& connection, Caches& caches, const View& view, const Scope& scope, const Filter& filter,
               const Page& page, db::Literal order, std::string_view order_join) {
  Query query(connection, caches, view.resource(), scope, filter);
  std::int64_t count = query.count();
  std::vector<Row> rows;
  // Compared by division: page * limit may be larger than any integer.
  if (page.page - 1 < (count + page.limit - 1) / page.limit) {
    std::int64_t offset = (page.page - 1) * page.limit;
    // Looking for more rows than there are would search to the end of the table.
    rows = query.rows(offset, std::min(page.limit, count - offset), order, order_join);
  }
  Texts texts = texts_of(connection, caches, view, scope, rows);
  List list;
  list.items = static_cast<std::int64_t>(texts.size());
  std::size_t bytes = 100;
  for (const auto& text : texts) bytes += text->size() + 1;
  list.body.reserve(bytes);
  list.body = "{\"items\":[";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) list.body += ',';
    list.body += *texts[i];
  }
  list.body += "],\"items_count\":";
  write_integer(list.body, count);
  list.body += ",\"page\":";
  write_integer(list.body, page.page);
  list.body += ",\"limit\":";
  write_integer(list.body, page.limit);
  list.body += '}';
  return list;
}

std::shared_ptr<const std::string> find_object(db::Connection& connection, Caches& caches, const View& view,
                                               const Scope& scope, std::int64_t id) {
  const Resource& resource = view.resource();
  std::vector<Row> rows{{id, 0}};
  if (!resource.version.empty()) {
    Sql sql("SELECT o.id, o.version FROM ");
    sql << resource.from << " WHERE " << scope_condition(resource, scope) << " AND o.id = ";
    sql.bind(id);
    db::RowsPtr found = connection.query(sql);
    if (!found->next()) return nullptr;
    rows.front().version = found->integer(1);
  }
  Texts texts = texts_of(connection, caches, view, scope, rows);
  return texts.empty() ? nullptr : texts.front();
}

std::string load_object(db::Connection& connection, Caches& caches, const View& view, const Scope& scope,
                        std::int64_t id) {
  std::shared_ptr<const std::string> text = find_object(connection, caches, view, scope, id);
  if (!text) throw base::Error(base::ErrorCode::not_found, std::string(view.resource().not_found));
  return *text;
}

}  // namespace overture::rest
