// No cleverness here: each rule of the documentation is one line.
#include "support/api_list_model.hpp"

#include <algorithm>
#include <ctime>

namespace overture::test {
namespace {

namespace json = boost::json;

/// All values at a path: one for a plain property (null where it or an object around it is null), any number
/// through arrays.
void collect(const json::value& value, const std::string& path, std::vector<json::value>& found) {
  if (value.is_array()) {
    for (const json::value& element : value.get_array()) collect(element, path, found);
    return;
  }
  if (path.empty() || value.is_null()) {
    found.push_back(value);
    return;
  }
  const auto dot = std::min(path.find('.'), path.size());
  collect(value.at(path.substr(0, dot)), dot == path.size() ? "" : path.substr(dot + 1), found);
}

/// The data of the tests holds ASCII and these.
std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const auto& [upper, small] : {std::pair{"Ä", "ä"}, {"Ö", "ö"}, {"Ю", "ю"}}) {
    for (auto at = text.find(upper); at != std::string::npos; at = text.find(upper))
      text.replace(at, 2, small);
  }
  return text;
}

/// Whether `text` holds `pattern`, in which % and * are any run of characters.
bool holds(const std::string& text, const std::string& pattern) {
  std::size_t at = 0;
  for (std::size_t start = 0; start <= pattern.size();) {
    const auto end = std::min(pattern.find_first_of("%*", start), pattern.size());
    const std::string piece = pattern.substr(start, end - start);
    at = text.find(piece, at);
    if (at == std::string::npos) return false;
    at += piece.size();
    start = end + 1;
  }
  return true;
}

template <class T>
bool ordered(const T& value, const std::string& op, const T& bound) {
  if (op == ">=") return value >= bound;
  if (op == "<=") return value <= bound;
  return op == ">" ? value > bound : value < bound;
}

std::string text_of(const json::value& value) { return std::string(std::string_view(value.as_string())); }

bool is_nothing(const json::value& value) {
  return value.is_null() || (value.is_string() && value.as_string().empty());
}

bool equals(const json::value& value, FieldType type, const Operand& operand) {
  if (operand.missing) return is_nothing(value);
  if (value.is_null()) return false;
  switch (type) {
    case FieldType::number:
      return value.as_int64() == operand.number;
    case FieldType::boolean:
      return value.as_bool() == (operand.number == 1);
    case FieldType::text:
      return lower(text_of(value)) == lower(operand.text);
    case FieldType::time:
      break;
  }
  const std::int64_t time = millis_of(text_of(value));
  return time >= operand.from && time < operand.to;
}

bool is_like(const json::value& value, FieldType type, const Operand& operand) {
  if (value.is_null()) return false;
  const std::string text = type == FieldType::number ? std::to_string(value.as_int64()) : text_of(value);
  return holds(lower(text), lower(operand.text));
}

/// A time is after a day when it is after all of it, and before it when it is before all of it.
bool is_ordered(const json::value& value, FieldType type, const std::string& op, const Operand& operand) {
  if (value.is_null()) return false;
  if (type == FieldType::number) return ordered(value.as_int64(), op, operand.number);
  if (type == FieldType::text) return ordered(text_of(value), op, operand.text);
  const std::int64_t time = millis_of(text_of(value));
  if (op == ">=") return time >= operand.from;
  if (op == "<") return time < operand.from;
  return op == ">" ? time >= operand.to : time < operand.to;
}

/// One value, one operand, a positive operator.
bool fits(const json::value& value, FieldType type, const std::string& op, const Operand& operand) {
  if (op == "=") return equals(value, type, operand);
  if (op == ":") return is_like(value, type, operand);
  return is_ordered(value, type, op, operand);
}

bool condition_holds(const json::value& item, const ListQuery& query) {
  const bool negative = query.op == "!=" || query.op == "!:";
  const std::string op = negative ? query.op.substr(1) : query.op;
  std::vector<json::value> values;
  collect(item, query.field.path, values);
  const bool some = std::any_of(values.begin(), values.end(), [&](const json::value& value) {
    return std::any_of(query.operands.begin(), query.operands.end(),
                       [&](const Operand& operand) { return fits(value, query.field.type, op, operand); });
  });
  // A plain property has exactly one value, so "no value fits" is its negation, null included.
  return negative ? !some : some;
}

}  // namespace

std::int64_t millis_of(const std::string& rfc3339) {
  std::tm time{};
  time.tm_year = std::stoi(rfc3339.substr(0, 4)) - 1900;
  time.tm_mon = std::stoi(rfc3339.substr(5, 2)) - 1;
  time.tm_mday = std::stoi(rfc3339.substr(8, 2));
  time.tm_hour = std::stoi(rfc3339.substr(11, 2));
  time.tm_min = std::stoi(rfc3339.substr(14, 2));
  time.tm_sec = std::stoi(rfc3339.substr(17, 2));
  return static_cast<std::int64_t>(timegm(&time)) * 1000;
}

bool matches(const json::value& item, const ListQuery& query) {
  const auto holds_part = [&item](const ListQuery& part) { return matches(item, part); };
  switch (query.kind) {
    case ListQuery::Kind::condition:
      return condition_holds(item, query);
    case ListQuery::Kind::all_of:
      return std::all_of(query.parts.begin(), query.parts.end(), holds_part);
    case ListQuery::Kind::any_of:
      return std::any_of(query.parts.begin(), query.parts.end(), holds_part);
    case ListQuery::Kind::negation:
      return !matches(item, query.parts.front());
  }
  return false;
}

std::vector<std::int64_t> matching_ids(const std::vector<json::value>& items,
                                       const std::vector<ListQuery>& queries) {
  std::vector<std::int64_t> ids;
  for (const json::value& item : items) {
    const bool all = std::all_of(queries.begin(), queries.end(),
                                 [&](const ListQuery& query) { return matches(item, query); });
    if (all) ids.push_back(item.at("id").as_int64());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace overture::test
