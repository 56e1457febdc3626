// A page is found in two steps: ids with versions (from an index where possible), then the rows that are not
// known rendered. page_query finds the ids; here they become text.
#include "rest/list.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "rest/json_writer.hpp"
#include "rest/page_query.hpp"

namespace overture::rest {
namespace {

using db::Sql;

/// What a cursor says before it is encoded.
constexpr std::string_view kCursorPrefix = "after:";

using Texts = std::vector<std::shared_ptr<const std::string>>;

/// The rendered rows in the order of `rows`; a row that has vanished in between is left out.
Texts texts_of(db::Connection& connection, Caches& caches, const View& view, const Scope& scope,
               const std::vector<Row>& rows) {
  Texts texts(rows.size());
  bool kept = !view.resource().version.empty();
  std::vector<std::int64_t> missing;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (kept) texts[i] = caches.fragments.find(view, scope, rows[i]);
    if (!texts[i]) missing.push_back(rows[i].id);
  }
  if (missing.empty()) return texts;
  std::sort(missing.begin(), missing.end());
  std::vector<Fragment> loaded = view.load(connection, scope, missing);
  for (const Fragment& fragment : loaded) {
    if (kept) caches.fragments.put(view, scope, fragment);
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

/// A number that is larger than any of ours is still a large one, and no reason to begin at the first page.
std::int64_t positive_or(const std::string* text, std::int64_t otherwise) {
  if (text == nullptr) return otherwise;
  if (std::optional<std::int64_t> number = parse_integer(*text)) return *number > 0 ? *number : otherwise;
  std::string_view digits = base::trim(*text);
  bool is_number = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? std::numeric_limits<std::int64_t>::max() : otherwise;
}

}  // namespace

Page parse_page(const Parameters& parameters) {
  Page page;
  page.limit = std::min(positive_or(parameters.find("limit"), kDefaultLimit), kMaxLimit);
  page.page = positive_or(parameters.find("page"), 1);
  if (const std::string* cursor = parameters.find("cursor")) {
    std::optional<std::string> text = base::parse_base64url(*cursor);
    if (text && text->starts_with(kCursorPrefix))
      page.after = parse_integer(text->substr(kCursorPrefix.size()));
    if (!page.after) throw base::Error::invalid("cursor", "is not one that an earlier answer gave");
  }
  return page;
}

void close_envelope(std::string& out, std::int64_t count, const Page& page, std::string_view next_cursor) {
  out += "],\"items_count\":";
  write_integer(out, count);
  out += ",\"page\":";
  write_integer(out, page.page);
  out += ",\"limit\":";
  write_integer(out, page.limit);
  out += ",\"next_cursor\":";
  if (next_cursor.empty()) {
    out += "null";
  } else {
    write_string(out, next_cursor);
  }
  out += '}';
}

List make_list(db::Connection& connection, Caches& caches, const View& view, const Scope& scope,
               const Filter& filter, const Page& page, db::Literal order, std::string_view order_join) {
  PageQuery query(connection, caches, view.resource(), scope, filter);
  std::int64_t count = query.count();
  std::vector<Row> rows;
  bool more = false;
  if (page.after && order.empty()) {
    // One more than is shown tells whether this page is the last.
    rows = query.rows_after(*page.after, page.limit + 1);
    more = static_cast<std::int64_t>(rows.size()) > page.limit;
    if (more) rows.pop_back();
  } else if (page.page - 1 < (count + page.limit - 1) / page.limit) {
    // Compared by division above: page * limit may be larger than any integer.
    std::int64_t offset = (page.page - 1) * page.limit;
    // Looking for more rows than there are would search to the end of the table.
    rows = query.rows(offset, std::min(page.limit, count - offset), order, order_join);
    more = order.empty() && offset + static_cast<std::int64_t>(rows.size()) < count;
  }
  Texts texts = texts_of(connection, caches, view, scope, rows);
  List list;
  list.items = static_cast<std::int64_t>(texts.size());
  std::size_t bytes = 160;
  for (const auto& text : texts) bytes += text->size() + 1;
  list.body.reserve(bytes);
  list.body = "{\"items\":[";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) list.body += ',';
    list.body += *texts[i];
  }
  std::string next;
  if (more && !rows.empty())
    next = base::base64url(std::string(kCursorPrefix) + std::to_string(rows.back().id));
  close_envelope(list.body, count, page, next);
  return list;
}

std::shared_ptr<const std::string> find_object(db::Connection& connection, Caches& caches, const View& view,
                                               const Scope& scope, std::int64_t id) {
  const Resource& resource = view.resource();
  if (auto text = caches.fragments.find_unchanged(view, scope, id)) return text;
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
