// The `q` filter language: from text to a tree of conditions. Fields and types are not known here.
//
//   query     = [ or ]
//   or        = and *( OR and )
//   and       = unary *( [ AND ] unary )
//   unary     = [ NOT ] ( condition / "(" or ")" )        NOT may be repeated
//   condition = field op value
//   field     = ident *( "." ident )                      ident = [A-Za-z_][A-Za-z0-9_]*; not AND, OR, NOT
//   alone op        = "!=" "!:" ">=" "<=" "<>" "==" "=" ":" ">" "<" value     = "..." / '...' / bare / "("
//   value *( "," value ) ")"     lists only with = != : !: bare      = 1*( no white space, quote,
//   parenthesis, "," ";" "&&" "||" ) / date WS time AND       = "AND" "&&" "," ";"    OR = "OR" "||"    NOT =
//   "NOT" "!"    words in any case
//
// In quotes, a backslash takes the next character as it is, and a doubled quote is a quote. `a|b` with a
// single bar is one bare value. White space may stand around every token.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace overture::rest {

inline constexpr std::size_t kSearchMaxBytes = 4096;
inline constexpr std::size_t kSearchMaxConditions = 64;
inline constexpr std::size_t kSearchMaxNesting = 24;  ///< parentheses and negations inside one another
inline constexpr std::size_t kSearchMaxListValues = 200;

enum class Operator { equal, not_equal, like, not_like, greater_equal, less_equal, greater, less };
/// As the seed of the language writes it: `=`, `!=`, `:`, `!:`, `>=`, `<=`, `>`, `<`.
std::string_view operator_text(Operator op);

struct Operand {
  std::string text;     ///< without quotes and escapes
  bool quoted = false;  ///< tells `null` from `"null"`; otherwise the field's type decides
  friend bool operator==(const Operand&, const Operand&) = default;
};

struct Condition {
  std::string field;  ///< as written, dotted
  Operator op = Operator::equal;
  std::vector<Operand> values;  ///< one, or one and more for a list
  bool is_list = false;
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Search {
  enum class Kind { condition, all_of, any_of, negation };
  Kind kind = Kind::condition;
  Condition condition;        ///< for Kind::condition
  std::vector<Search> parts;  ///< two or more for all_of and any_of, one for negation
  friend bool operator==(const Search&, const Search&) = default;
};

/// nullopt for an empty query (no filter). Throws Error(invalid_query) with the default client text, and a
/// detail that says what is wrong at which byte. Linear in the length of the text.
std::optional<Search> parse_search(std::string_view text);

/// The text of a tree; parse_search() of it gives the same tree.
std::string write_search(const Search& search);

}  // namespace overture::rest
