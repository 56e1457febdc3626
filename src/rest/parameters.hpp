// The query string of a request as names and values.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace overture::rest {

/// Pairs are split at `&`, then at their first `=` only, so `q=project.id>=5` is `q` with `project.id>=5`.
/// `+` and `%20` are spaces; a broken escape stays as it was written. `project.id`, `project_id` and
/// `project[id]` are one name, whichever of them is sent and whichever is asked for; so are `x`, `x[]` and
/// `x[0]`. An empty value counts as not given.
class Parameters {
 public:
  static constexpr std::size_t kMaxPairs = 500;

  Parameters() = default;
  /// `raw_query` is the part of the target after `?`, still encoded. Throws Error(invalid_value) for more
  /// than kMaxPairs pairs, and for a name or value that is not UTF-8 or holds NUL once decoded.
  static Parameters parse(std::string_view raw_query);

  /// The first value that is not empty; nullptr when there is none. Points into this object.
  const std::string* find(std::string_view name) const;
  /// All values that are not empty, in the order sent (for a repeated `q`). They point into this object.
  std::vector<std::string_view> all(std::string_view name) const;
  /// Array parameters: the elements of `x=1&x=2`, `x[]=1&x[]=2`, `x[0]=1` and `x=1,2` alike, trimmed, without
  /// empty ones.
  std::vector<std::string> list(std::string_view name) const;

 private:
  struct Pair {
    std::string name;  ///< normalised
    std::string value;
  };
  std::vector<Pair> pairs_;
};

/// A decimal integer with an optional sign and spaces around it; nullopt for anything else and on overflow.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// true/false, 1/0, yes/no in any case, spaces around it allowed.
std::optional<bool> parse_boolean(std::string_view text);

}  // namespace overture::rest
