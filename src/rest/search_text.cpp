// The tree of a search as text again, for saved searches.
#include <array>

#include "rest/search.hpp"

namespace overture::rest {
namespace {

void write_operand(std::string& out, const Operand& operand) {
  if (!operand.quoted) {
    out += operand.text;
    return;
  }
  out += '"';
  for (const char c : operand.text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void write_condition(std::string& out, const Condition& condition) {
  out.append(condition.field).append(operator_text(condition.op));
  // `= =x` is not `==x`: a bare value must not lengthen the operator before it.
  const Operand& first = condition.values.front();
  if (!condition.is_list && !first.quoted && (first.text.front() == '=' || first.text.front() == '>'))
    out += ' ';
  if (condition.is_list) out += '(';
  for (std::size_t i = 0; i < condition.values.size(); ++i) {
    if (i > 0) out += ',';
    write_operand(out, condition.values[i]);
  }
  if (condition.is_list) out += ')';
}

void write(std::string& out, const Search& search);

/// A group inside a group needs parentheses unless it binds tighter.
void write_part(std::string& out, const Search& part, Search::Kind outside) {
  const bool group = part.kind == Search::Kind::any_of || part.kind == Search::Kind::all_of;
  const bool loose = part.kind == Search::Kind::all_of && outside == Search::Kind::any_of;
  if (!group || loose) {
    write(out, part);
    return;
  }
  out += '(';
  write(out, part);
  out += ')';
}

void write(std::string& out, const Search& search) {
  if (search.kind == Search::Kind::condition) {
    write_condition(out, search.condition);
  } else if (search.kind == Search::Kind::negation) {
    out += "NOT ";
    write_part(out, search.parts.front(), search.kind);
  } else {
    const std::string_view word = search.kind == Search::Kind::all_of ? " AND " : " OR ";
    for (std::size_t i = 0; i < search.parts.size(); ++i) {
      if (i > 0) out += word;
      write_part(out, search.parts[i], search.kind);
    }
  }
}

}  // namespace

std::string_view operator_text(Operator op) {
  constexpr std::array<std::string_view, 8> kTexts{"=", "!=", ":", "!:", ">=", "<=", ">", "<"};
  return kTexts.at(static_cast<std::size_t>(op));
}

std::string write_search(const Search& search) {
  std::string out;
  write(out, search);
  return out;
}

}  // namespace overture::rest
