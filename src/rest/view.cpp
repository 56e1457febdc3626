// Plans are trees of keys; rendering walks them beside a row and its arrays, which come in the same order of
// ids.
#include "rest/view.hpp"

#include "base/time.hpp"
#include "rest/filter.hpp"
#include "rest/json_writer.hpp"

namespace overture::rest {
namespace {

/// Columns 0 and 1 of every row are its id and version (rows) or its parent's id (arrays: only column 0).
constexpr int kRowColumns = 2;
constexpr int kChildColumns = 1;

Node& object_at(std::vector<Node>& nodes, std::string_view name) {
  std::string bare = "\"" + std::string(name) + "\":";
  for (Node& node : nodes) {
    if (node.field == nullptr && std::string_view(node.key).ends_with(bare)) return node;
  }
  Node& made = nodes.emplace_back();
  made.key = (nodes.size() > 1 ? "," : "") + bare;
  return made;
}

void add_value(std::vector<Node>& nodes, std::string_view path, const Field& field, int column) {
  auto dot = path.find('.');
  if (dot != std::string_view::npos) {
    Node& object = object_at(nodes, path.substr(0, dot));
    if (object.nodes.empty()) object.nullable = field.nullable_object;
    add_value(object.nodes, path.substr(dot + 1), field, column);
    return;
  }
  Node& made = nodes.emplace_back();
  made.key = (nodes.size() > 1 ? "," : "") + std::string("\"") + std::string(path) + "\":";
  made.field = &field;
  made.column = column;
}

void write_value(std::string& out, const Field& field, const db::Rows& row, int column) {
  if (row.is_null(column)) {
    out += "null";
    return;
  }
  switch (field.type) {
    case Type::integer:
      if (field.quoted) out += '"';
      write_integer(out, row.integer(column));
      if (field.quoted) out += '"';
      break;
    case Type::boolean:
      write_boolean(out, row.integer(column) != 0);
      break;
    case Type::time:
      out += '"';
      base::append_rfc3339(out, row.integer(column));
      out += '"';
      break;
    case Type::strings:
    case Type::array:
    case Type::object:
      out += row.text(column);
      break;
    default:
      write_string(out, row.text(column));
  }
}

/// The rows of one array for a whole page, taken off as their parents come by in ascending order.
class ChildRows {
 public:
  ChildRows(db::Connection& connection, const Scope& scope, const Child& child,
            const std::vector<Node>& nodes, const db::Sql& select, std::span<const std::int64_t> parents)
      : child_(child), nodes_(nodes) {
    db::Sql sql(select);
    sql.bind(scope.account);
    append_restriction(sql, child, scope);
    sql << " AND ";
    append_in(sql, connection.engine(), child.parent, parents);
    sql << " ORDER BY " << child.parent;
    if (!child.order.empty()) sql << ", " << child.order;
    rows_ = connection.query(sql);
    more_ = rows_->next();
  }

  void write(std::string& out, std::int64_t parent);

 private:
  const Child& child_;
  const std::vector<Node>& nodes_;
  db::RowsPtr rows_;
  bool more_ = false;
};

void write_nodes(std::string& out, const std::vector<Node>& nodes, const db::Rows& row, std::int64_t id,
                 std::vector<ChildRows>& children) {
  for (const Node& node : nodes) {
    out += node.key;
    if (node.field == nullptr) {
      if (node.nullable && row.is_null(node.nodes.front().column)) {
        out += "null";
        continue;
      }
      out += '{';
      write_nodes(out, node.nodes, row, id, children);
      out += '}';
    } else if (node.field->type == Type::rows) {
      children[static_cast<std::size_t>(node.column)].write(out, id);
    } else {
      write_value(out, *node.field, row, node.column);
    }
  }
}

void ChildRows::write(std::string& out, std::int64_t parent) {
  std::vector<ChildRows> none;
  out += '[';
  while (more_ && rows_->integer(0) < parent) more_ = rows_->next();
  for (bool first = true; more_ && rows_->integer(0) == parent; more_ = rows_->next(), first = false) {
    if (!first) out += ',';
    if (child_.scalar) {
      write_value(out, *nodes_.front().field, *rows_, nodes_.front().column);
    } else {
      out += '{';
      write_nodes(out, nodes_, *rows_, parent, none);
      out += '}';
    }
  }
  out += ']';
}

void select_columns(db::Sql& sql, const std::vector<const Field*>& columns) {
  for (const Field* column : columns) sql << ", " << column->sql;
}

}  // namespace

struct View::Array {
  const Child* child;
  std::vector<Node> nodes;
  db::Sql select;
};

View::View(const Resource& resource, Views view) : resource_(resource), view_(view) {
  std::vector<const Field*> columns;
  for (const Field& field : resource.fields) {
    if ((field.views & view) == 0) continue;
    if (field.type != Type::rows) {
      add_value(nodes_, field.path, field, kRowColumns + static_cast<int>(columns.size()));
      columns.push_back(&field);
      continue;
    }
    add_value(nodes_, field.path, field, static_cast<int>(arrays_.size()));
    Array array{field.child, {}, {}};
    std::vector<const Field*> inner;
    for (const Field& value : field.child->fields) {
      if ((value.views & view) == 0) continue;
      add_value(array.nodes, value.path, value, kChildColumns + static_cast<int>(inner.size()));
      inner.push_back(&value);
    }
    array.select << "SELECT " << field.child->parent;
    select_columns(array.select, inner);
    array.select << " FROM " << field.child->from << " WHERE x.account_id = ";
    arrays_.push_back(std::move(array));
  }
  select_ << "SELECT o.id, " << (resource.version.empty() ? db::Literal("0") : resource.version);
  select_columns(select_, columns);
  select_ << " FROM " << resource.from;
  for (const Join& join : resource.joins) {
    bool used = false;
    for (const Field* column : columns) used = used || column->join == join.alias;
    if (used) select_ << " " << join.sql;
  }
  select_ << " WHERE o.account_id = ";
}

View::~View() = default;

std::vector<Fragment> View::load(db::Connection& connection, const Scope& scope,
                                 std::span<const std::int64_t> ids) const {
  std::vector<Fragment> fragments;
  if (ids.empty()) return fragments;
  fragments.reserve(ids.size());
  db::Sql sql(select_);
  sql.bind(scope.account) << " AND ";
  append_in(sql, connection.engine(), "o.id", ids);
  append_restriction(sql, resource_, scope);
  sql << " ORDER BY o.id";
  db::RowsPtr rows = connection.query(sql);
  std::vector<ChildRows> children;
  children.reserve(arrays_.size());
  for (const Array& array : arrays_) {
    children.emplace_back(connection, scope, *array.child, array.nodes, array.select, ids);
  }
  std::string text;
  while (rows->next()) {
    std::int64_t id = rows->integer(0);
    text = "{";
    write_nodes(text, nodes_, *rows, id, children);
    text += '}';
    fragments.push_back({id, rows->integer(1), std::make_shared<const std::string>(text)});
  }
  return fragments;
}

}  // namespace overture::rest
