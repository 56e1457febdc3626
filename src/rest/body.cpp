// Types, limits and required keys in one pass over the inputs; then reading is look-up.
#include "rest/body.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/text_length.hpp"
#include "base/time.hpp"
#include "rest/parameters.hpp"

namespace overture::rest {
namespace {

namespace json = boost::json;
using base::Error;
using base::ErrorCode;

constexpr double kMaxExactDouble = 9007199254740992.0;  // 2^53

std::optional<std::int64_t> integer_of(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_string()) return parse_integer(std::string_view(value.get_string()));
  if (value.is_double()) {
    double number = value.get_double();
    if (std::trunc(number) == number && std::abs(number) <= kMaxExactDouble)
      return static_cast<std::int64_t>(number);
  }
  return std::nullopt;
}

std::optional<bool> boolean_of(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64() && (value.get_int64() == 0 || value.get_int64() == 1)) return value.get_int64() == 1;
  if (value.is_string()) return parse_boolean(std::string_view(value.get_string()));
  return std::nullopt;
}

void check_allowed(const std::string& name, const Input& input, std::string_view value) {
  if (input.allowed.empty() ||
      std::find(input.allowed.begin(), input.allowed.end(), value) != input.allowed.end())
    return;
  std::string choices;
  for (std::string_view choice : input.allowed) choices.append(choices.empty() ? "" : ", ").append(choice);
  throw Error::invalid(name, "must be one of " + choices);
}

std::string checked_text(const std::string& name, const Input& input, std::string_view text) {
  if (base::has_nul(text)) throw Error::invalid(name, "must not hold a NUL character");
  if (base::count_code_points(text) > static_cast<std::size_t>(input.max)) {
    throw Error::invalid(name, "must not be longer than " + std::to_string(input.max) + " characters");
  }
  std::string value(text);
  if (input.normalise != nullptr && !value.empty()) value = input.normalise(name, std::move(value));
  check_allowed(name, input, value);
  return value;
}

/// `value` is none that integer_of() takes.
Error not_a_number(const std::string& name, const json::value& value) {
  const bool has_fraction = value.is_double() && std::trunc(value.get_double()) != value.get_double();
  return Error::invalid(name, has_fraction ? "must be a whole number" : "must be a number");
}

void check_elements(const std::string& name, const Input& input, const json::array& array) {
  if (array.size() > static_cast<std::size_t>(input.max)) {
    throw Error::invalid(name, "must not have more than " + std::to_string(input.max) + " elements");
  }
  for (std::size_t i = 0; i < array.size(); ++i) {
    std::string element = name + "[" + std::to_string(i) + "]";
    if (input.type == Type::integers && !integer_of(array[i])) throw not_a_number(element, array[i]);
    if (input.type != Type::strings) continue;
    if (!array[i].is_string()) throw Error::invalid(element, "must be text");
    if (base::has_nul(std::string_view(array[i].get_string()))) {
      throw Error::invalid(element, "must not hold a NUL character");
    }
    check_allowed(element, input, std::string_view(array[i].get_string()));
  }
}

db::Value checked(const std::string& name, const Input& input, const json::value& value) {
  switch (input.type) {
    case Type::integer:
      if (auto number = integer_of(value)) return *number;
      throw not_a_number(name, value);
    case Type::boolean:
      if (auto flag = boolean_of(value)) return std::int64_t{*flag ? 1 : 0};
      throw Error::invalid(name, "must be true or false");
    case Type::time: {
      std::optional<base::TimeSpan> time;
      if (value.is_string()) time = base::parse_time(std::string_view(value.get_string()));
      if (!time) throw Error::invalid(name, "must be a date and time such as 2026-02-24T10:30:00Z");
      return time->from;
    }
    case Type::object:
      // Clients written in PHP send an empty object as an empty array.
      if (!value.is_object() && !(value.is_array() && value.get_array().empty()))
        throw Error::invalid(name, "must be an object");
      return db::Null{};
    case Type::integers:
    case Type::strings:
    case Type::array:
    case Type::rows:
      if (!value.is_array()) throw Error::invalid(name, "must be an array");
      check_elements(name, input, value.get_array());
      if (input.type == Type::strings) return json::serialize(value);
      return db::Null{};
    case Type::string:
      break;
  }
  if (!value.is_string()) throw Error::invalid(name, "must be text");
  return checked_text(name, input, std::string_view(value.get_string()));
}

bool is_empty(const json::value& value) {
  if (value.is_string()) return base::trim(std::string_view(value.get_string())).empty();
  return value.is_array() && value.get_array().empty();
}

/// An empty text is nothing to bring into form: the same as null.
bool is_null(const Input& input, const json::value& value) {
  return value.is_null() || (input.normalise != nullptr && value.is_string() && is_empty(value));
}

/// What stands at a path: `[3].` → `[3]`.
std::string name_of(const std::string& path) {
  return path.empty() ? "body" : path.substr(0, path.size() - (path.back() == '.' ? 1 : 0));
}

}  // namespace

json::value parse_body(std::string_view text) {
  if (base::trim(text).empty()) return json::object();
  json::parse_options options;
  options.max_depth = 32;
  boost::system::error_code problem;
  json::value value = json::parse(text, problem, {}, options);
  if (problem) throw Error(ErrorCode::invalid_json, {}, problem.message());
  return value;
}

Body::Body(const json::value& body, std::span<const Input> inputs, std::string path) {
  if (!body.is_object()) throw Error::invalid(name_of(path), "must be a JSON object");
  const json::object& object = body.get_object();
  for (const Input& input : inputs) {
    const json::value* value = object.if_contains(input.key);
    if (input.required && (value == nullptr || value->is_null() || is_empty(*value))) {
      throw Error(ErrorCode::missing_parameters);
    }
    if (value == nullptr) continue;
    if (input.filled && value->is_string() && is_empty(*value)) {
      throw Error::invalid(path + std::string(input.key), "must not be empty");
    }
    if (is_null(input, *value)) {
      items_.push_back({input, nullptr, db::Null{}});
    } else {
      items_.push_back({input, value, checked(path + std::string(input.key), input, *value)});
    }
  }
}

const Body::Item* Body::find(std::string_view key) const {
  for (const Item& item : items_) {
    if (item.input.key == key) return &item;
  }
  return nullptr;
}

bool Body::has(std::string_view key) const { return find(key) != nullptr; }

bool Body::given(std::string_view key) const {
  const Item* item = find(key);
  return item != nullptr && item->json != nullptr;
}

std::int64_t Body::integer(std::string_view key, std::int64_t otherwise) const {
  return given(key) ? std::get<std::int64_t>(find(key)->value) : otherwise;
}

bool Body::boolean(std::string_view key, bool otherwise) const {
  return integer(key, otherwise ? 1 : 0) != 0;
}

std::string Body::text(std::string_view key) const {
  return given(key) ? std::get<std::string>(find(key)->value) : std::string();
}

std::vector<std::int64_t> Body::integers(std::string_view key) const {
  std::vector<std::int64_t> numbers;
  for (const json::value& value : array(key)) numbers.push_back(*integer_of(value));
  return numbers;
}

std::vector<std::string> Body::strings(std::string_view key) const {
  std::vector<std::string> texts;
  for (const json::value& value : array(key)) texts.emplace_back(std::string_view(value.get_string()));
  return texts;
}

const json::array& Body::array(std::string_view key) const {
  static const json::array none;
  return given(key) ? find(key)->json->get_array() : none;
}

const json::object& Body::object(std::string_view key) const {
  static const json::object none;
  return given(key) && find(key)->json->is_object() ? find(key)->json->get_object() : none;
}

db::Value Body::value(std::string_view key) const {
  const Item* item = find(key);
  return item == nullptr ? db::Value{} : item->value;
}

std::vector<Input> inputs_of(const Resource& resource, bool creating) {
  std::vector<Input> inputs;
  for (const Field& field : resource.fields) {
    const Input& input = creating ? field.create : field.update;
    if (!input.key.empty()) inputs.push_back(input);
  }
  return inputs;
}

std::vector<Assignment> assignments_of(const Resource& resource, const Body& body, bool creating) {
  std::vector<Assignment> assignments;
  for (const Field& field : resource.fields) {
    const Input& input = creating ? field.create : field.update;
    if (input.key.empty() || field.column.empty() || !body.has(input.key)) continue;
    if (body.given(input.key)) {
      assignments.push_back({field.column, body.value(input.key)});
    } else if (input.clearable && !creating) {
      bool text = field.type == Type::string && !field.nullable_object;
      assignments.push_back({field.column, text ? db::Value(std::string()) : db::Value()});
    }
  }
  return assignments;
}

db::Sql make_insert(db::Literal table, const std::vector<Assignment>& assignments) {
  db::Sql sql("INSERT INTO ");
  sql << table << " (";
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    if (i > 0) sql << ", ";
    sql << assignments[i].column;
  }
  sql << ") VALUES (";
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    if (i > 0) sql << ", ";
    sql.bind(assignments[i].value);
  }
  return sql << ") RETURNING id";
}

db::Sql make_update(db::Literal table, const std::vector<Assignment>& assignments, std::int64_t account,
                    std::int64_t id) {
  db::Sql sql("UPDATE ");
  sql << table << " SET ";
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    if (i > 0) sql << ", ";
    sql << assignments[i].column << " = ";
    sql.bind(assignments[i].value);
  }
  sql << " WHERE account_id = ";
  sql.bind(account) << " AND id = ";
  return sql.bind(id);
}

}  // namespace overture::rest
