// A small parser around Boost.JSON's: it reads what JSON has not, and leaves literals to the library.
#include "support/api_pattern.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <stdexcept>

namespace overture::test {
namespace {

namespace json = boost::json;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string text_of(const json::value& value) { return json::serialize(value); }

/// `"$name"`, quoted: the value of $name as a text.
json::value as_text_of_variable(const json::value& literal, const Variables& variables) {
  if (!literal.is_string() || !literal.get_string().starts_with("$")) return literal;
  const auto known = variables.find(std::string(std::string_view(literal.get_string()).substr(1)));
  if (known == variables.end()) return literal;
  return known->second.is_string() ? known->second : json::value(text_of(known->second));
}

}  // namespace

class Pattern::Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Pattern parse_all() {
    Pattern pattern = parse();
    skip_space();
    if (!text_.empty()) fail("something behind the pattern");
    return pattern;
  }

 private:
  Pattern parse() {
    skip_space();
    if (text_.empty()) fail("a value is missing");
    Pattern pattern;
    if (take("*")) return pattern;
    if (take("$")) {
      pattern.kind_ = Kind::variable;
      while (!text_.empty() && is_name(text_.front())) pattern.name_ += next();
      return pattern;
    }
    if (take("{")) {
      parse_members(pattern);
    } else if (take("[")) {
      parse_elements(pattern);
    } else {
      pattern.kind_ = Kind::literal;
      pattern.literal_ = json::parse(literal());
    }
    return pattern;
  }

  void parse_members(Pattern& pattern) {
    pattern.kind_ = Kind::object;
    if (take("}")) return;
    do {
      if (take("...")) {
        pattern.open_ = true;
        break;
      }
      skip_space();
      std::string key(json::parse(literal()).as_string());
      if (!take(":")) fail("a colon is missing behind " + key);
      pattern.members_.emplace_back(std::move(key), parse());
    } while (take(","));
    if (!take("}")) fail("an object does not end");
  }

  void parse_elements(Pattern& pattern) {
    pattern.kind_ = Kind::array;
    if (take("]")) return;
    do {
      if (take("...")) {
        pattern.open_ = true;
        break;
      }
      pattern.elements_.push_back(parse());
    } while (take(","));
    if (!take("]")) fail("an array does not end");
  }

  /// A string, number or word.
  std::string literal() {
    std::string found;
    if (!text_.empty() && text_.front() == '"') {
      found += next();
      while (!text_.empty() && text_.front() != '"') {
        if (text_.front() == '\\') found += next();
        found += next();
      }
      found += next();
      return found;
    }
    while (!text_.empty() && std::string_view(",:]} \t\n").find(text_.front()) == std::string_view::npos)
      found += next();
    if (found.empty()) fail("a value is missing");
    return found;
  }

  char next() {
    if (text_.empty()) fail("it does not end");
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  void skip_space() {
    while (!text_.empty() && std::isspace(static_cast<unsigned char>(text_.front())) != 0)
      text_.remove_prefix(1);
  }
  bool take(std::string_view symbol) {
    skip_space();
    if (!text_.starts_with(symbol)) return false;
    text_.remove_prefix(symbol.size());
    return true;
  }
  [[noreturn]] void fail(const std::string& problem) const {
    throw std::runtime_error("pattern: " + problem + " before: " + std::string(text_.substr(0, 40)));
  }

  std::string_view text_;
};

Pattern Pattern::parse(std::string_view text) { return Parser(text).parse_all(); }

std::string Pattern::compare(const json::value& value, Variables& variables, const std::string& path) const {
  switch (kind_) {
    case Kind::anything:
      return {};
    case Kind::variable: {
      const auto [known, fresh] = variables.emplace(name_, value);
      if (fresh || known->second == value) return {};
      return path + " should be $" + name_ + " = " + text_of(known->second) + ", is " + text_of(value);
    }
    case Kind::object:
      return compare_object(value, variables, path);
    case Kind::array:
      return compare_array(value, variables, path);
    case Kind::literal:
      break;
  }
  const json::value expected = as_text_of_variable(literal_, variables);
  return expected == value ? "" : path + " should be " + text_of(expected) + ", is " + text_of(value);
}

std::string Pattern::compare_object(const json::value& value, Variables& variables,
                                    const std::string& path) const {
  if (!value.is_object()) return path + " should be an object, is " + text_of(value);
  const json::object& object = value.get_object();
  for (const auto& [key, member] : members_) {
    const json::value* found = object.if_contains(key);
    if (found == nullptr) return path + "." + key + " is missing";
    std::string problem = member.compare(*found, variables, path + "." + key);
    if (!problem.empty()) return problem;
  }
  if (open_ || object.size() == members_.size()) return {};
  for (const auto& [key, ignored] : object) {
    bool wanted = false;
    for (const auto& member : members_) wanted = wanted || member.first == std::string_view(key);
    if (!wanted) return path + "." + std::string(std::string_view(key)) + " should not be there";
  }
  return path + " names a key twice";
}

std::string Pattern::compare_array(const json::value& value, Variables& variables,
                                   const std::string& path) const {
  if (!value.is_array()) return path + " should be an array, is " + text_of(value);
  const json::array& array = value.get_array();
  for (std::size_t i = 0; i < elements_.size() && i < array.size(); ++i) {
    std::string problem = elements_[i].compare(array[i], variables, path + "[" + std::to_string(i) + "]");
    if (!problem.empty()) return problem;
  }
  if (array.size() < elements_.size() || (array.size() > elements_.size() && !open_)) {
    return path + " should have " + std::to_string(elements_.size()) + " elements, has " +
           std::to_string(array.size());
  }
  return {};
}

}  // namespace overture::test
