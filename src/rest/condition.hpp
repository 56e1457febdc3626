// One condition on one field as SQL: the meaning of each operator for each type.
#pragma once
#include "db/sql.hpp"
#include "rest/resource.hpp"
#include "rest/search.hpp"

namespace overture::rest {

/// The SQL of `field op values`; for a list, some (negative operators: every) value must match. The result
/// may be SQL NULL, which means no match. Throws base::Error(invalid_query) when a value does not fit the
/// field's type.
db::Sql make_condition(const Field& field, Operator op, const std::vector<Operand>& values);

/// `!=` and `!:`.
inline bool is_negative(Operator op) { return op == Operator::not_equal || op == Operator::not_like; }
/// `=` for `!=`, `:` for `!:`.
inline Operator positive_of(Operator op) {
  if (op == Operator::not_equal) return Operator::equal;
  return op == Operator::not_like ? Operator::like : op;
}

}  // namespace overture::rest
