// Where in an HTML text a value is about to be written, and how it is escaped to stay a value there.
#pragma once
#include <string>
#include <string_view>

namespace overture::rules {

/// Follows the tokenisation of the HTML Living Standard, section 13.2.5, as far as it matters for escaping.
class HtmlPlace {
 public:
  /// Markup of the template itself has been written.
  void pass(std::string_view markup);

  /// Appends a value. Between tags: & < > " ' as character references, line ends as <br>. In a quoted
  /// attribute the same, line ends as spaces. Elsewhere in a tag, or in a comment, more or all of it as
  /// character references. In no place does a value open or end a tag, an attribute or a comment. Control
  /// characters are dropped.
  void append_value(std::string& out, std::string_view value);

 private:
  enum class State {
    text,
    tag_begin,  ///< behind `<` or `</`
    tag_name,
    in_tag,        ///< between attributes, in their names
    before_value,  ///< behind `=`
    unquoted_value,
    quoted_value,
    single_quoted_value,
    declaration,  ///< `<!…>` and `<?…>`
    comment,
  };
  void pass(char c);
  State state_ = State::text;
  unsigned dashes_ = 0;  ///< in a row, in a comment; behind `<!` also what says that none can begin
};

}  // namespace overture::rules
