// Operands come with their meaning, so nothing that the server parses is parsed a second time here.
#include "support/api_query_maker.hpp"

#include <cctype>
#include <limits>

namespace overture::test {
namespace {

namespace json = boost::json;

void collect_values(const json::value& value, const std::string& path, std::vector<json::value>& found) {
  if (value.is_array()) {
    for (const json::value& element : value.get_array()) collect_values(element, path, found);
  } else if (path.empty() || value.is_null()) {
    if (!value.is_null()) found.push_back(value);
  } else {
    const auto dot = std::min(path.find('.'), path.size());
    collect_values(value.at(path.substr(0, dot)), dot == path.size() ? "" : path.substr(dot + 1), found);
  }
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

bool is_bare(const std::string& text) {
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 &&
        std::string_view("_-.:/@|#%*").find(c) == std::string_view::npos)
      return false;
  }
  return !text.empty() && text != "null";
}

}  // namespace

json::value QueryMaker::example_of(const ListField& field) {
  std::vector<json::value> values;
  for (const json::value& item : items_) collect_values(item, field.path, values);
  if (values.empty()) return nullptr;
  return values[static_cast<std::size_t>(below(static_cast<int>(values.size())))];
}

/// A day, minute or second around the example, or a range where the operator takes one.
Operand QueryMaker::make_time(const ListField& field, const std::string& example, const std::string& op) {
  Operand operand;
  const int unit = below(3);
  operand.text =
      unit == 0 ? example.substr(0, 10) : replaced(example.substr(0, unit == 1 ? 16 : 19), "T", " ");
  operand.from = millis_of(example);
  constexpr std::int64_t kLengths[] = {86'400'000, 60'000, 1'000};
  const std::int64_t length = kLengths[unit];
  operand.from -= operand.from % length;
  operand.to = operand.from + length;
  if (unit == 2 && below(2) == 0) operand.text = example;
  if (op != "=" && op != "!=") return operand;
  switch (below(5)) {
    case 0:
      operand.text += "|";
      operand.to = std::numeric_limits<std::int64_t>::max();
      break;
    case 1:
      operand.text = "|" + operand.text;
      operand.from = std::numeric_limits<std::int64_t>::min();
      break;
    case 2: {
      const json::value other = example_of(field);
      if (!other.is_string()) break;
      const std::string last(std::string_view(other.as_string()));
      operand.text += "|" + last.substr(0, 10);
      operand.to = millis_of(last.substr(0, 10) + "T00:00:00Z") + kLengths[0];
      break;
    }
    default:
      break;
  }
  return operand;
}

Operand QueryMaker::make_operand(const ListField& field, const std::string& op) {
  Operand operand;
  const bool equality = op == "=" || op == "!=";
  if (equality && below(8) == 0) {
    operand.missing = true;
    return operand;
  }
  const json::value example = example_of(field);
  switch (field.type) {
    case FieldType::number:
      operand.number = example.is_null() ? below(9) : example.as_int64() + below(3) - 1;
      operand.text = std::to_string(operand.number);
      break;
    case FieldType::boolean:
      operand.number = below(2);
      operand.text = operand.number == 1 ? pick({"true", "1", "TRUE", "yes"}) : pick({"false", "0", "No"});
      break;
    case FieldType::time:
      return make_time(
          field,
          example.is_null() ? "2026-03-01T10:20:30Z" : std::string(std::string_view(example.as_string())),
          op);
    case FieldType::text: {
      operand.text = example.is_null() ? "x" : std::string(std::string_view(example.as_string()));
      if (op == ":" || op == "!:") {
        // A piece of it; never cut inside of a character.
        std::size_t start = static_cast<std::size_t>(below(static_cast<int>(operand.text.size()) + 1));
        std::size_t end = std::min(operand.text.size(), start + static_cast<std::size_t>(below(5)) + 1);
        const auto inside = [&](std::size_t at) {
          return at < operand.text.size() && (static_cast<unsigned char>(operand.text[at]) & 0xc0U) == 0x80U;
        };
        while (inside(start)) ++start;
        while (inside(end)) ++end;
        operand.text = start < end ? operand.text.substr(start, end - start) : "e";
        if (below(4) == 0) operand.text.insert(operand.text.begin(), below(2) == 0 ? '*' : '%');
        if (below(4) == 0) operand.text += below(2) == 0 ? "*" : "%o";
      } else if (below(6) == 0) {
        operand.text += "x";
      }
      if (below(4) == 0) {
        for (char& c : operand.text) c = static_cast<char>(c > 0 ? std::toupper(c) : c);
      }
      operand.missing = equality && operand.text.empty();
      break;
    }
  }
  return operand;
}

ListQuery QueryMaker::make_condition() {
  const AskedField& asked = fields_[static_cast<std::size_t>(below(static_cast<int>(fields_.size())))];
  ListQuery query;
  query.path = asked.name;
  query.field = asked.field;
  switch (asked.field.type) {
    case FieldType::boolean:
      query.op = pick({"=", "!="});
      break;
    case FieldType::time:
      query.op = pick({"=", "!=", ">=", "<=", ">", "<"});
      break;
    default:
      query.op = pick({"=", "!=", ":", "!:", ">=", "<=", ">", "<"});
  }
  const bool may_be_list = query.op == "=" || query.op == "!=" || query.op == ":" || query.op == "!:";
  const int operands = may_be_list && below(5) == 0 ? 2 + below(2) : 1;
  for (int i = 0; i < operands; ++i) query.operands.push_back(make_operand(asked.field, query.op));
  return query;
}

ListQuery QueryMaker::make_tree(int depth) {
  if (depth == 0 || below(3) == 0) return make_condition();
  ListQuery query;
  const int kind = below(5);
  query.kind = kind < 2   ? ListQuery::Kind::all_of
               : kind < 4 ? ListQuery::Kind::any_of
                          : ListQuery::Kind::negation;
  const int parts = query.kind == ListQuery::Kind::negation ? 1 : 2 + below(2);
  for (int i = 0; i < parts; ++i) query.parts.push_back(make_tree(depth - 1));
  return query;
}

std::string QueryMaker::write_operand(const Operand& operand, FieldType type) {
  if (operand.missing) return below(2) == 0 ? "null" : "\"\"";
  const std::string& text = operand.text;
  // A date and its time may stand bare beside each other.
  if (type == FieldType::time && text.find(' ') != std::string::npos && text.find('|') == std::string::npos &&
      below(2) == 0)
    return text;
  if (is_bare(text) && below(2) == 0) return text;
  const std::string escaped = replaced(text, "\\", "\\\\");
  switch (below(3)) {
    case 0:
      return "'" + replaced(escaped, "'", below(2) == 0 ? "''" : "\\'") + "'";
    case 1:
      return "\"" + replaced(escaped, "\"", "\"\"") + "\"";
    default:
      return "\"" + replaced(escaped, "\"", "\\\"") + "\"";
  }
}

std::string QueryMaker::write_condition(const ListQuery& query) {
  const std::string space = below(4) == 0 ? " " : "";
  std::string op = query.op;
  if (op == "=" && below(5) == 0) op = "==";
  if (op == "!=" && below(5) == 0) op = "<>";
  std::string text = query.path + space + op + space;
  if (query.operands.size() == 1) return text + write_operand(query.operands.front(), query.field.type);
  text += "(";
  for (std::size_t i = 0; i < query.operands.size(); ++i) {
    text += (i > 0 ? "," + space : "") + write_operand(query.operands[i], query.field.type);
  }
  return text + ")";
}

std::string QueryMaker::write(const ListQuery& query) {
  switch (query.kind) {
    case ListQuery::Kind::condition:
      return write_condition(query);
    case ListQuery::Kind::negation:
      return pick({"NOT ", "not ", "!"}) + "(" + write(query.parts.front()) + ")";
    default:
      break;
  }
  const bool all = query.kind == ListQuery::Kind::all_of;
  const std::string joint =
      all ? pick({" AND ", " and ", " && ", ", ", ";", " "}) : pick({" OR ", " or ", "||"});
  std::string text;
  for (const ListQuery& part : query.parts) {
    if (!text.empty()) text += joint;
    const bool bare = part.kind == ListQuery::Kind::condition;
    text += bare ? write(part) : "(" + write(part) + ")";
  }
  return text;
}

std::string QueryMaker::make_parameter(std::vector<ListQuery>& meaning) {
  const AskedField& asked = fields_[static_cast<std::size_t>(below(static_cast<int>(fields_.size())))];
  ListQuery query;
  query.path = asked.name;
  query.field = asked.field;
  query.op = "=";
  std::string name = asked.name;
  if (asked.field.type == FieldType::time && below(2) == 0) {
    query.op = below(2) == 0 ? ">=" : "<=";
    name += query.op == ">=" ? "_from" : "_to";
  }
  const int operands = asked.field.type == FieldType::number && below(3) == 0 ? 2 : 1;
  for (int i = 0; i < operands; ++i) {
    Operand operand = make_operand(asked.field, query.op);
    while (operand.missing) operand = make_operand(asked.field, query.op);
    query.operands.push_back(operand);
  }
  std::string value = query.operands.front().text;
  if (operands == 2) value += "," + query.operands.back().text;
  if (below(3) == 0 && name.find('.') != std::string::npos) name[name.find('.')] = '_';
  meaning.push_back(query);
  return percent_encoded(name) + "=" + percent_encoded(value);
}

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-_.~=<>:!|\"()").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

}  // namespace overture::test
