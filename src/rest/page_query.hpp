// Which rows of a resource a filter leaves, and how many: totals and positions are remembered, so that
// neither grows with the number of rows.
#pragma once
#include "rest/caches.hpp"
#include "rest/filter.hpp"

namespace overture::rest {

class PageQuery {
 public:
  PageQuery(db::Connection& connection, Caches& caches, const Resource& resource, const Scope& scope,
            const Filter& filter);

  std::int64_t count();
  /// Ascending by id, or by `order` (which may need a join) and id.
  std::vector<Row> rows(std::int64_t offset, std::int64_t limit, db::Literal order, std::string_view join);
  /// Ascending by id, those behind `id`.
  std::vector<Row> rows_after(std::int64_t id, std::int64_t limit) const;

 private:
  std::vector<Row> find_rows(std::int64_t offset, std::int64_t limit);
  std::vector<Row> find_rows_in_order(std::int64_t offset, std::int64_t limit, db::Literal order,
                                      std::string_view join);
  db::Sql from(db::Literal select, db::Literal table, std::string_view extra_join = {}) const;
  bool valid(const FactsCache::Known& known) const { return lasting_ || known.changes == scope_.changes; }
  std::int64_t compute_count() const;
  std::vector<Row> fetch(const db::Sql& sql) const;
  std::int64_t hop(std::int64_t from_id, std::int64_t by) const;

  db::Connection& connection_;
  FactsCache& facts_;
  PageCache& pages_;
  const Resource& resource_;
  const Scope& scope_;
  const Filter& filter_;
  db::Sql where_;
  std::string key_;
  bool lasting_ = false;
};

}  // namespace overture::rest
