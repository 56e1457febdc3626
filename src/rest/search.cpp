// A recursive descent over the bytes of the query; its depth is bounded by kSearchMaxNesting.
#include "rest/search.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::rest {
namespace {

struct Spelling {
  std::string_view text;
  Operator op;
};

// The longer spellings first.
constexpr std::array<Spelling, 10> kSpellings{{
    {"!=", Operator::not_equal},
    {"!:", Operator::not_like},
    {">=", Operator::greater_equal},
    {"<=", Operator::less_equal},
    {"<>", Operator::not_equal},
    {"==", Operator::equal},
    {"=", Operator::equal},
    {":", Operator::like},
    {">", Operator::greater},
    {"<", Operator::less},
}};

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_ident_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_path(char c) { return is_ident_start(c) || is_digit(c) || c == '.'; }

/// Where `shape` has a 0 the text has a digit, elsewhere the same character.
bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() &&
         std::equal(text.begin(), text.end(), shape.begin(),
                    [](char c, char wanted) { return wanted == '0' ? is_digit(c) : c == wanted; });
}

/// A date at the end of a bare value: the whole of it, or what follows the bar of a range.
bool ends_with_date(std::string_view bare) {
  const auto bar = bare.rfind('|');
  return has_shape(bar == std::string_view::npos ? bare : bare.substr(bar + 1), "0000-00-00");
}

/// The words of the language are not fields by themselves (`order` and `not.x` are).
bool is_field(std::string_view path) {
  for (const std::string_view word : {"and", "or", "not"}) {
    if (base::equal_ignoring_case(path, word)) return false;
  }
  for (const std::string_view part : base::split(path, '.')) {
    if (part.empty() || !is_ident_start(part.front())) return false;
  }
  return true;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Search> parse() {
    skip_space();
    if (at_end()) return std::nullopt;
    Search search = parse_or();
    if (!at_end()) refuse("unexpected character");
    return search;
  }

 private:
  Search parse_or() {
    std::vector<Search> parts;
    do parts.push_back(parse_and());
    while (take_symbol("||") || take_word("or"));
    return make(Search::Kind::any_of, std::move(parts));
  }

  Search parse_and() {
    std::vector<Search> parts;
    do parts.push_back(parse_unary());
    while (take_and() || starts_unary());
    return make(Search::Kind::all_of, std::move(parts));
  }

  Search parse_unary() {
    if (take_symbol("!") || take_word("not")) {
      enter();
      std::vector<Search> parts;
      parts.push_back(parse_unary());
      --nesting_;
      Search negation;
      negation.kind = Search::Kind::negation;
      negation.parts = std::move(parts);
      return negation;
    }
    if (take_symbol("(")) {
      enter();
      Search inner = parse_or();
      if (!take_symbol(")")) refuse("a closing parenthesis is missing");
      --nesting_;
      return inner;
    }
    return parse_condition();
  }

  Search parse_condition() {
    if (++conditions_ > kSearchMaxConditions) refuse("too many conditions");
    Search search;
    Condition& condition = search.condition;
    const auto path = peek_path();
    if (!is_field(path)) refuse("a field is missing");
    condition.field = path;
    skip(path.size());
    condition.op = parse_operator();
    if (!at_end() && front() == '(') {
      parse_list(condition);
    } else {
      condition.values.push_back(parse_value());
    }
    return search;
  }

  Operator parse_operator() {
    for (const Spelling& spelling : kSpellings) {
      if (take_symbol(spelling.text)) return spelling.op;
    }
    refuse("an operator is missing");
  }

  void parse_list(Condition& condition) {
    if (condition.op != Operator::equal && condition.op != Operator::not_equal &&
        condition.op != Operator::like && condition.op != Operator::not_like) {
      refuse("this operator takes no list");
    }
    condition.is_list = true;
    take_symbol("(");
    do {
      if (condition.values.size() == kSearchMaxListValues) refuse("too many values in a list");
      condition.values.push_back(parse_value());
    } while (take_symbol(","));
    if (!take_symbol(")")) refuse("the list does not end");
  }

  Operand parse_value() {
    if (at_end()) refuse("a value is missing");
    return front() == '"' || front() == '\'' ? parse_quoted(front()) : parse_bare();
  }

  Operand parse_quoted(char quote) {
    Operand operand{{}, true};
    const std::size_t start = at_++;
    for (; !at_end(); ++at_) {
      if (front() == '\\' && at_ + 1 < text_.size()) {
        ++at_;
      } else if (front() == quote) {
        if (text_.substr(at_ + 1, 1) != std::string_view(&quote, 1)) {
          skip(1);
          return operand;
        }
        ++at_;
      }
      operand.text += front();
    }
    at_ = start;
    refuse("a quote does not end");
  }

  Operand parse_bare() {
    Operand operand{std::string(take_bare_run()), false};
    if (operand.text.empty()) refuse("a value is missing");
    // No condition begins with a digit, so a time after a date can only belong to it.
    for (;;) {
      const std::size_t end = at_;
      skip_space();
      if (at_ == end || !ends_with_date(operand.text) || !has_shape(text_.substr(at_, 5), "00:00")) break;
      operand.text.append(" ").append(take_bare_run());
    }
    return operand;
  }

  std::string_view take_bare_run() {
    const std::size_t start = at_;
    while (!at_end() && !ends_bare()) ++at_;
    return text_.substr(start, at_ - start);
  }

  bool ends_bare() const {
    const char c = front();
    // Of three bars the first is the open end of a range: `created_at=2026-01-31|||id=1`.
    if (text_.substr(at_, 3) == "|||") return false;
    return is_space(c) || std::string_view("\"'(),;").find(c) != std::string_view::npos ||
           ((c == '&' || c == '|') && text_.substr(at_ + 1, 1) == text_.substr(at_, 1));
  }

  bool take_and() { return take_symbol("&&") || take_symbol(",") || take_symbol(";") || take_word("and"); }

  /// Two conditions beside each other: an AND that was left out.
  bool starts_unary() const {
    if (at_end() || front() == ')') return false;
    return front() == '(' || front() == '!' ||
           (is_ident_start(front()) && !base::equal_ignoring_case(peek_path(), "or"));
  }

  std::string_view peek_path() const {
    std::size_t end = at_;
    while (end < text_.size() && is_path(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }

  bool take_word(std::string_view word) {
    if (!base::equal_ignoring_case(peek_path(), word)) return false;
    skip(word.size());
    return true;
  }

  bool take_symbol(std::string_view symbol) {
    if (!text_.substr(at_).starts_with(symbol)) return false;
    skip(symbol.size());
    return true;
  }

  static Search make(Search::Kind kind, std::vector<Search>&& parts) {
    if (parts.size() == 1) return std::move(parts.front());
    Search search;
    search.kind = kind;
    search.parts = std::move(parts);
    return search;
  }

  void enter() {
    if (++nesting_ > kSearchMaxNesting) refuse("nested too deeply");
  }

  bool at_end() const { return at_ == text_.size(); }
  char front() const { return text_[at_]; }
  void skip_space() {
    while (!at_end() && is_space(front())) ++at_;
  }
  void skip(std::size_t length) {
    at_ += length;
    skip_space();
  }
  [[noreturn]] void refuse(std::string_view problem) const {
    throw base::Error(base::ErrorCode::invalid_query, {},
                      std::string(problem) + " at byte " + std::to_string(at_));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
  std::size_t conditions_ = 0;
};

}  // namespace

std::optional<Search> parse_search(std::string_view text) {
  if (text.size() > kSearchMaxBytes) throw base::Error(base::ErrorCode::invalid_query, {}, "too long");
  if (base::has_nul(text) || !base::is_valid_utf8(text)) {
    throw base::Error(base::ErrorCode::invalid_query, {}, "not UTF-8 text");
  }
  return Parser(text).parse();
}

}  // namespace overture::rest
