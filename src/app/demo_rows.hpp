// Rows of one table, gathered and then written at once.
#pragma once
#include <span>

#include "db/connection.hpp"

namespace overture::app {

class DemoRows {
 public:
  /// `columns` must outlive this.
  DemoRows(db::Literal table, std::span<const db::Literal> columns, std::size_t expected = 0)
      : rows_{table, columns, {}} {
    rows_.values.reserve(expected * columns.size());
  }
  /// As many values as there are columns.
  template <class... Values>
  void add(Values&&... values) {
    (rows_.values.push_back(db::Sql::value_of(std::forward<Values>(values))), ...);
  }
  std::int64_t count() const { return static_cast<std::int64_t>(rows_.rows()); }
  void write(db::Connection& connection) const {
    if (count() > 0) connection.insert(rows_);
  }

 private:
  db::BulkInsert rows_;
};

}  // namespace overture::app
