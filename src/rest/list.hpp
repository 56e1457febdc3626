// Lists and single objects of any resource: which rows, how many in all, and their JSON.
#pragma once
#include "rest/caches.hpp"
#include "rest/filter.hpp"

namespace overture::rest {

inline constexpr std::int64_t kDefaultLimit = 100;
inline constexpr std::int64_t kMaxLimit = 1000;

struct Page {
  std::int64_t page = 1;
  std::int64_t limit = kDefaultLimit;
  std::optional<std::int64_t> after =
      std::nullopt;  ///< by cursor: rows behind this id; page is then not read
};
/// `page` and `limit`: anything that is no number above 0 means the default; limit is cut to 1000. `cursor`
/// is one that an earlier answer gave as next_cursor; throws invalid_value for any other.
Page parse_page(const Parameters& parameters);

/// The envelope {"items", "items_count", "page", "limit", "next_cursor"} and the number of its items.
/// next_cursor is null on the last page and where the order is not that of ids.
struct List {
  std::string body;
  std::int64_t items = 0;
};

/// The end of an envelope behind its items, from `]` on; an empty cursor is null.
void close_envelope(std::string& out, std::int64_t count, const Page& page, std::string_view next_cursor);

/// One page of what `filter` leaves, in ascending order of id, or by `order` (an expression, then id) where
/// given.
List make_list(db::Connection& connection, Caches& caches, const View& view, const Scope& scope,
               const Filter& filter, const Page& page, db::Literal order = {},
               std::string_view order_join = {});

/// One object; nullptr when there is none in this scope.
std::shared_ptr<const std::string> find_object(db::Connection& connection, Caches& caches, const View& view,
                                               const Scope& scope, std::int64_t id);
/// The same; throws the resource's 404.
std::string load_object(db::Connection& connection, Caches& caches, const View& view, const Scope& scope,
                        std::int64_t id);

}  // namespace overture::rest
