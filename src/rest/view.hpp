// How rows of a resource become JSON: the plan of one view, made once from the field table.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "rest/resource.hpp"

namespace overture::rest {

/// One property name of an answer with what stands under it.
struct Node {
  std::string key;  ///< `,"name":` ready to be appended (the first of an object without the comma)
  const Field* field = nullptr;  ///< a value or an array of rows; null for an object
  int column = -1;               ///< of the value in the row; of the array among the arrays of the view
  bool nullable = false;         ///< an object that is null when its first value is
  std::vector<Node> nodes;       ///< of an object
};

/// A row's JSON text, with the id and version it was made from.
struct Fragment {
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::shared_ptr<const std::string> text;
};

/// The shape of one answer of a resource. Immutable; shared by all threads.
class View {
 public:
  /// `view` is the bit in Field::views.
  View(const Resource& resource, Views view);
  ~View();
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  const Resource& resource() const { return resource_; }
  Views bit() const { return view_; }
  const std::vector<Node>& nodes() const { return nodes_; }

  /// Renders the rows with these ids (ascending), as far as they exist and `scope` may see them, in ascending
  /// order of id: one statement for the rows and one for each array in them.
  std::vector<Fragment> load(db::Connection& connection, const Scope& scope,
                             std::span<const std::int64_t> ids) const;

 private:
  struct Array;

  const Resource& resource_;
  Views view_;
  std::vector<Node> nodes_;
  std::vector<Array> arrays_;
  db::Sql select_;
};

}  // namespace overture::rest
