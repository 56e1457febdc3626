// What `=`, `:`, `>` … mean for numbers, booleans, texts, times and arrays of texts.
#include "rest/condition.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "rest/json_writer.hpp"
#include "rest/parameters.hpp"

namespace overture::rest {
namespace {

using base::Error;
using base::ErrorCode;
using db::Sql;

[[noreturn]] void refuse(const Field& field, std::string_view problem) {
  throw Error(ErrorCode::invalid_query, {}, std::string(field.path) + ": " + std::string(problem));
}

/// `%` and `*` inside the operand stand for any run of characters.
std::string like_pattern(std::string_view operand) {
  std::string pattern = "%";
  for (char c : operand) {
    if (c == '_' || c == '\\') pattern += '\\';
    pattern += c == '*' ? '%' : c;
  }
  pattern += '%';
  return pattern;
}

Sql compare(db::Literal expression, db::Literal op, db::Value value) {
  Sql sql(expression);
  sql << op;
  return sql.bind(std::move(value));
}

Sql is_null(const Field& field) { return Sql(field.sql) << " IS NULL"; }
Sql is_not_null(const Field& field) { return Sql(field.sql) << " IS NOT NULL"; }

/// `(expression IS NULL OR condition)`: negative operators match rows without a value.
Sql or_null(const Field& field, const Sql& condition) {
  Sql sql("(");
  sql << field.sql << " IS NULL OR " << condition << ")";
  return sql;
}

Sql ordering(const Field& field, Operator op, db::Value value) {
  switch (op) {
    case Operator::greater_equal:
      return compare(field.sql, " >= ", std::move(value));
    case Operator::less_equal:
      return compare(field.sql, " <= ", std::move(value));
    case Operator::greater:
      return compare(field.sql, " > ", std::move(value));
    default:
      return compare(field.sql, " < ", std::move(value));
  }
}

Sql like(const Field& field, db::Literal before, db::Literal after, Operator op, std::string pattern) {
  Sql match;
  match << before << field.sql << after << " LIKE ";
  match.bind(std::move(pattern)) << " ESCAPE '\\'";
  if (op == Operator::like) return match;
  Sql inverse("NOT (");
  inverse << match << ")";
  return or_null(field, inverse);
}

Sql text_condition(const Field& field, Operator op, const Operand& operand) {
  bool missing = operand.text.empty() || (!operand.quoted && operand.text == "null");
  if (op == Operator::equal || op == Operator::not_equal) {
    Sql sql("(");
    if (missing) {
      bool equal = op == Operator::equal;
      return sql << field.sql << (equal ? db::Literal(" IS NULL OR ") : db::Literal(" IS NOT NULL AND "))
                 << field.sql << (equal ? db::Literal(" = '')") : db::Literal(" <> '')"));
    }
    Sql equal;
    if (field.lowered) {
      equal << field.sql;
    } else {
      equal << "lower(" << field.sql << ")";
    }
    equal << (op == Operator::equal ? db::Literal(" = ") : db::Literal(" <> "));
    equal.bind(base::lower(operand.text));
    return op == Operator::equal ? equal : or_null(field, equal);
  }
  if (op == Operator::like || op == Operator::not_like) {
    return like(field, "lower(", ")", op, like_pattern(base::lower(operand.text)));
  }
  return ordering(field, op, operand.text);
}

/// An element of a JSON array of texts: looked for as the array's text holds it, quotes included for
/// equality.
Sql texts_condition(const Field& field, Operator op, const Operand& operand) {
  if (op != Operator::equal && op != Operator::not_equal && op != Operator::like &&
      op != Operator::not_like) {
    refuse(field, "arrays have no order");
  }
  std::string quoted;
  write_string(quoted, base::lower(operand.text));
  bool whole = op == Operator::equal || op == Operator::not_equal;
  std::string inner = whole ? quoted : quoted.substr(1, quoted.size() - 2);
  std::string pattern = whole ? "%" + base::like_escape(inner) + "%" : like_pattern(inner);
  return like(field, "lower(", ")", positive_of(op) == op ? Operator::like : Operator::not_like,
              std::move(pattern));
}

Sql number_condition(const Field& field, Operator op, const Operand& operand) {
  if (op == Operator::like || op == Operator::not_like) {
    return like(field, "CAST(", " AS TEXT)", op, like_pattern(operand.text));
  }
  if (op == Operator::equal || op == Operator::not_equal) {
    if (operand.text.empty() || (!operand.quoted && operand.text == "null")) {
      return op == Operator::equal ? is_null(field) : is_not_null(field);
    }
  }
  std::optional<std::int64_t> number;
  if (field.type == Type::boolean) {
    if (op != Operator::equal && op != Operator::not_equal) refuse(field, "booleans have no order");
    if (std::optional<bool> value = parse_boolean(operand.text)) number = *value ? 1 : 0;
  } else {
    number = parse_integer(operand.text);
  }
  if (!number) refuse(field, "not a number or boolean");
  if (op == Operator::equal) return compare(field.sql, " = ", *number);
  if (op == Operator::not_equal) return or_null(field, compare(field.sql, " <> ", *number));
  return ordering(field, op, *number);
}

/// `created_at:"2025-02"`: the days, months or years whose text starts so.
std::optional<base::TimeSpan> parse_time_prefix(std::string_view text) {
  if (std::optional<base::TimeSpan> span = base::parse_time_range(text)) return span;
  std::string from(text);
  std::string to(text);
  if (text.size() == 4) {
    from += "-01-01";
    to += "-12-31";
  } else if (text.size() == 7) {
    from += "-01";
    for (std::string_view last : {"-31", "-30", "-29", "-28"}) {
      to = std::string(text) + std::string(last);
      if (base::parse_time(to)) break;
    }
  } else {
    return std::nullopt;
  }
  return base::parse_time_range(from + "|" + to);
}

Sql time_condition(const Field& field, Operator op, const Operand& operand) {
  bool equality = op == Operator::equal || op == Operator::not_equal;
  if (equality && (operand.text.empty() || (!operand.quoted && operand.text == "null"))) {
    return op == Operator::equal ? is_null(field) : is_not_null(field);
  }
  bool prefix = op == Operator::like || op == Operator::not_like;
  std::optional<base::TimeSpan> span = prefix     ? parse_time_prefix(operand.text)
                                       : equality ? base::parse_time_range(operand.text)
                                                  : base::parse_time(operand.text);
  if (!span) refuse(field, "not a date");
  switch (op) {
    case Operator::greater_equal:
      return compare(field.sql, " >= ", span->from);
    case Operator::greater:
      return compare(field.sql, " >= ", span->to);
    case Operator::less:
      return compare(field.sql, " < ", span->from);
    case Operator::less_equal:
      return compare(field.sql, " < ", span->to);
    default:
      break;
  }
  Sql sql("(");
  if (is_negative(op)) {
    sql << field.sql << " IS NULL OR " << compare(field.sql, " < ", span->from) << " OR "
        << compare(field.sql, " >= ", span->to);
  } else {
    sql << compare(field.sql, " >= ", span->from) << " AND " << compare(field.sql, " < ", span->to);
  }
  return sql << ")";
}

Sql single_condition(const Field& field, Operator op, const Operand& operand) {
  if (base::has_nul(operand.text) || !base::is_valid_utf8(operand.text)) refuse(field, "not text");
  switch (field.type) {
    case Type::integer:
    case Type::boolean:
      return number_condition(field, op, operand);
    case Type::time:
      return time_condition(field, op, operand);
    case Type::strings:
      return texts_condition(field, op, operand);
    default:
      return text_condition(field, op, operand);
  }
}

/// Numbers as `IN (…)`, which is looked up in an index; a chain of OR would be tried on each row, and SQLite
/// refuses long ones. Nothing when a value is missing or no number: those are said one by one.
std::optional<Sql> number_list(const Field& field, Operator op, const std::vector<Operand>& values) {
  if (field.type != Type::integer || (op != Operator::equal && op != Operator::not_equal))
    return std::nullopt;
  Sql list(field.sql);
  list << (op == Operator::equal ? db::Literal(" IN (") : db::Literal(" NOT IN ("));
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::optional<std::int64_t> number = parse_integer(values[i].text);
    if (!number) return std::nullopt;
    if (i > 0) list << ", ";
    list.bind(*number);
  }
  list << ")";
  return op == Operator::equal ? list : or_null(field, list);
}

}  // namespace

Sql make_condition(const Field& field, Operator op, const std::vector<Operand>& values) {
  if (values.size() == 1) return single_condition(field, op, values.front());
  if (std::optional<Sql> list = number_list(field, op, values)) return std::move(*list);
  Sql all("(");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) all << (is_negative(op) ? db::Literal(" AND ") : db::Literal(" OR "));
    all << single_condition(field, op, values[i]);
  }
  return all << ")";
}

}  // namespace overture::rest
