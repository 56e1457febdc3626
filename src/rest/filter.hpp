// From list parameters and the q language to a WHERE condition over a resource's fields.
#pragma once
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "rest/parameters.hpp"
#include "rest/resource.hpp"

namespace overture::rest {

/// A condition ready to be put after `WHERE … AND`. Field names never reach it, only the SQL of fields does.
struct Filter {
  db::Sql where;                        ///< empty: everything
  std::vector<std::string_view> joins;  ///< aliases that `where` needs
  bool counted = true;                  ///< speaks of columns of counts_from only
  bool fixed = true;                    ///< speaks of things that never change only

  void add_join(std::string_view alias);
  /// ANDs another condition.
  void require(const db::Sql& condition);
};

/// Reads q, every parameter that names a field (dotted, `a_b` or `a[b]`), `X_from` and `X_to` of times.
/// Unknown parameters are ignored, empty ones are no filter. Errors: invalid_query for q, invalid_value
/// naming the parameter for the others.
Filter make_filter(const Resource& resource, const Parameters& parameters, const Scope& scope);

/// ANDs what `scope` may see of a Resource or Child; nothing for a caller who sees all.
template <class Rows>
void append_restriction(db::Sql& sql, const Rows& rows, const Scope& scope) {
  for (db::Literal condition : {scope.restricted ? rows.restricted : db::Literal(),
                                scope.by_campaign ? rows.collaborating : db::Literal()}) {
    if (!condition.empty()) sql << " AND " << db::Sql(condition, scope.account, scope.user);
  }
}

/// `account (and granted projects)` for `resource`, as a condition.
db::Sql scope_condition(const Resource& resource, const Scope& scope);

/// The field that a dotted path, an alias or nothing (nullptr) stands for. `child` is set when it lies in an
/// array.
const Field* find_field(const Resource& resource, std::string_view path, const Child*& child);

}  // namespace overture::rest
