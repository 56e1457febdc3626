// Names are looked up in the resource's table; conditions come from condition.cpp; here they are put
// together.
#include "rest/filter.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "rest/condition.hpp"

namespace overture::rest {
namespace {

using base::Error;
using base::ErrorCode;
using db::Sql;

const Field* find_in(std::span<const Field> fields, std::string_view path, const Child*& child) {
  for (const Field& field : fields) {
    if (field.type != Type::rows) {
      if (field.path == path) return &field;
      continue;
    }
    if (!path.starts_with(field.path)) continue;
    std::string_view rest = path.substr(field.path.size());
    if (field.child->scalar ? !rest.empty() : (rest.empty() || rest.front() != '.')) continue;
    if (!rest.empty()) rest.remove_prefix(1);
    for (const Field& candidate : field.child->fields) {
      if (candidate.type == Type::rows || (!field.child->scalar && candidate.path != rest)) continue;
      child = field.child;
      return &candidate;
    }
  }
  return nullptr;
}

/// `X_from` and `X_to` bound X on their side; a range `a|b` in either of them bounds it on both.
Operator bound_operator(bool lower, std::string_view text) {
  if (text.find('|') != std::string_view::npos) return Operator::equal;
  return lower ? Operator::greater_equal : Operator::less_equal;
}

class Builder {
 public:
  Builder(const Resource& resource, const Scope& scope) : resource_(resource), scope_(scope) {}

  void require(std::string_view path, Operator op, const std::vector<Operand>& values) {
    const Child* child = nullptr;
    const Field* field = find_field(resource_, path, child);
    if (field == nullptr) throw Error(ErrorCode::invalid_query, {}, "unknown field " + std::string(path));
    filter.require(condition(path, *field, child, op, values));
  }

  void require(const Search& search) { filter.require(tree(search)); }

  bool asks_for(std::string_view path) const {
    return std::find(asked_.begin(), asked_.end(), path) != asked_.end();
  }

  Filter filter;

 private:
  Sql tree(const Search& search) {
    if (search.kind == Search::Kind::condition) {
      const Condition& found = search.condition;
      const Child* child = nullptr;
      const Field* field = find_field(resource_, found.field, child);
      if (field != nullptr) return condition(found.field, *field, child, found.op, found.values);
      return bound(found);
    }
    if (search.kind == Search::Kind::negation) {
      Sql sql("NOT COALESCE((");
      return sql << tree(search.parts.front()) << "), FALSE)";
    }
    Sql sql("(");
    for (std::size_t i = 0; i < search.parts.size(); ++i) {
      if (i > 0) sql << (search.kind == Search::Kind::all_of ? db::Literal(" AND ") : db::Literal(" OR "));
      sql << tree(search.parts[i]);
    }
    return sql << ")";
  }

  /// `created_at_from=2025-02-24`: the documented names of parameters are names in a search, too.
  Sql bound(const Condition& found) {
    const bool lower = found.field.ends_with("_from");
    const Child* child = nullptr;
    const Field* field = nullptr;
    const std::string_view path = std::string_view(found.field).substr(0, found.field.rfind('_'));
    if (lower || found.field.ends_with("_to")) field = find_field(resource_, path, child);
    if (field == nullptr || field->type != Type::time)
      throw Error(ErrorCode::invalid_query, {}, "unknown field " + found.field);
    if (found.op != Operator::equal || found.is_list)
      throw Error(ErrorCode::invalid_query, {}, found.field + " takes = and one value");
    return condition(path, *field, child, bound_operator(lower, found.values.front().text), found.values);
  }

  Sql condition(std::string_view path, const Field& field, const Child* child, Operator op,
                const std::vector<Operand>& values) {
    asked_.emplace_back(path);
    if (child != nullptr) {
      filter.counted = false;
      filter.fixed = false;
      return child_condition(field, *child, op, values);
    }
    filter.counted = filter.counted && field.counted;
    filter.fixed = filter.fixed && field.fixed;
    filter.add_join(field.join);
    return make_condition(field, op, values);
  }

  /// Some element matches; for negative operators, none does.
  Sql child_condition(const Field& field, const Child& child, Operator op,
                      const std::vector<Operand>& values) {
    Sql sql(is_negative(op) ? db::Literal("o.id NOT IN (SELECT ") : db::Literal("o.id IN (SELECT "));
    sql << child.parent << " FROM " << child.from << " WHERE x.account_id = ";
    sql.bind(scope_.account);
    append_restriction(sql, child, scope_);
    return sql << " AND " << make_condition(field, positive_of(op), values) << ")";
  }

  const Resource& resource_;
  const Scope& scope_;
  std::vector<std::string> asked_;
};

/// A parameter's text as operands: numbers and dates may be lists, texts are taken whole.
std::vector<Operand> parameter_operands(const Field& field, std::string_view text) {
  std::vector<Operand> operands;
  if (field.type != Type::integer) return {Operand{std::string(text), true}};
  for (std::string_view part : base::split(text, ',')) {
    if (!base::trim(part).empty()) operands.push_back({std::string(base::trim(part)), true});
  }
  return operands;
}

void require_parameter(Builder& builder, const Parameters& parameters, std::string_view name,
                       std::string_view path, const Field& field, Operator op) {
  const std::string* text = parameters.find(name);
  if (text == nullptr) return;
  std::vector<Operand> operands = parameter_operands(field, *text);
  if (operands.empty()) return;
  if (op != Operator::equal) op = bound_operator(op == Operator::greater_equal, *text);
  try {
    builder.require(path, op, operands);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_query) throw;
    throw Error::invalid(name, field.type == Type::time      ? "must be a date, or two with a | between them"
                               : field.type == Type::boolean ? "must be true or false"
                                                             : "must be a number");
  }
}

void require_parameters_of(Builder& builder, const Parameters& parameters, const Field& field,
                           std::string_view path) {
  if (field.only_in_search) return;
  require_parameter(builder, parameters, path, path, field, Operator::equal);
  if (field.type != Type::time) return;
  std::string name(path);
  require_parameter(builder, parameters, name + "_from", path, field, Operator::greater_equal);
  require_parameter(builder, parameters, name + "_to", path, field, Operator::less_equal);
}

}  // namespace

void Filter::add_join(std::string_view alias) {
  if (!alias.empty() && std::find(joins.begin(), joins.end(), alias) == joins.end()) joins.push_back(alias);
}

void Filter::require(const Sql& condition) {
  if (!where.empty()) where << " AND ";
  where << condition;
}

Sql scope_condition(const Resource& resource, const Scope& scope) {
  Sql sql("o.account_id = ?", scope.account);
  append_restriction(sql, resource, scope);
  return sql;
}

const Field* find_field(const Resource& resource, std::string_view path, const Child*& child) {
  for (const Alias& alias : resource.aliases) {
    if (alias.name == path) return find_in(resource.fields, alias.path, child);
  }
  return find_in(resource.fields, path, child);
}

Filter make_filter(const Resource& resource, const Parameters& parameters, const Scope& scope) {
  Builder builder(resource, scope);
  for (const Field& field : resource.fields) {
    if (field.type != Type::rows) {
      require_parameters_of(builder, parameters, field, field.path);
      continue;
    }
    for (const Field& inner : field.child->fields) {
      std::string path(field.path);
      if (!field.child->scalar) path.append(".").append(inner.path);
      require_parameters_of(builder, parameters, inner, path);
    }
  }
  for (const Alias& alias : resource.aliases) {
    const Child* child = nullptr;
    const Field* field = find_field(resource, alias.name, child);
    if (field != nullptr) require_parameters_of(builder, parameters, *field, alias.name);
  }
  for (std::string_view query : parameters.all("q")) {
    if (std::optional<Search> search = parse_search(query)) builder.require(*search);
  }
  if (!resource.default_filter.empty() && !builder.asks_for(resource.default_filter_path)) {
    builder.filter.require(Sql(resource.default_filter));
    builder.filter.fixed = false;
    builder.filter.counted = false;
  }
  return std::move(builder.filter);
}

}  // namespace overture::rest
