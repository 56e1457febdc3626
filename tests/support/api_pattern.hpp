// What an answer should look like: JSON with places for anything.
#pragma once
#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace overture::test {

/// What `$name` stands for.
using Variables = std::map<std::string, boost::json::value>;

/// JSON in which `*` stands for any value, `$name` for any value at its first use and for the same value from
/// then on, `"$name"` for the same as a text, and `...` as the last member or element for any further ones.
/// Keys may stand in any order; elements may not.
class Pattern {
 public:
  /// Throws std::runtime_error.
  static Pattern parse(std::string_view text);
  /// Where and how `value` differs; empty when it does not. New variables are kept also when it does.
  std::string difference(const boost::json::value& value, Variables& variables) const {
    return compare(value, variables, "answer");
  }

 private:
  enum class Kind { anything, variable, literal, object, array };
  class Parser;
  std::string compare(const boost::json::value& value, Variables& variables, const std::string& path) const;
  std::string compare_object(const boost::json::value& value, Variables& variables,
                             const std::string& path) const;
  std::string compare_array(const boost::json::value& value, Variables& variables,
                            const std::string& path) const;

  Kind kind_ = Kind::anything;
  bool open_ = false;  ///< ends with `...`
  std::string name_;   ///< of a variable
  boost::json::value literal_;
  std::vector<std::pair<std::string, Pattern>> members_;
  std::vector<Pattern> elements_;
};

}  // namespace overture::test
