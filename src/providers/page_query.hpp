// A search engine's query, asked of one page: for sources that are only tables. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace overture::providers {

/// Words and "phrases" have to stand somewhere on the page; `intitle:`, `inurl:` and `site:` in that place;
/// with `-` before them they must not. Case does not matter. `OR` is read as nothing.
class PageQuery {
 public:
  explicit PageQuery(std::string_view text);
  /// `url`, `title` and the rest of what is known of the page.
  bool matches(std::string_view url, std::string_view title, std::string_view text) const;

 private:
  enum class Place { anywhere, title, url, site };
  struct Term {
    Place place = Place::anywhere;
    bool excluded = false;
    std::string text;  ///< lower case
  };
  std::vector<Term> terms_;
};

}  // namespace overture::providers
