// A template cut into its parts: what template_text.hpp calls tokens, and everything between them.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "rules/template_text.hpp"

namespace overture::rules {

struct TemplatePart {
  enum class Kind {
    literal,  ///< stands as it is
    escaped,  ///< `\{` or `\}`; `text` is the brace
    token,
    opening,  ///< a brace that begins no token; stands as it is
    closing,
    skipped,  ///< a style sheet or script; stands as it is
  };
  Kind kind = Kind::literal;
  std::string_view text;  ///< a token with its braces
  std::size_t at = 0;     ///< where the part begins, an escaped one with its backslash
  std::size_t length = 0;
  std::string_view name;                     ///< of a token
  std::optional<std::string_view> fallback;  ///< of a token
};

/// Gives the parts one after another; they cover the source without gap or overlap and point into it.
class TemplateScanner {
 public:
  TemplateScanner(std::string_view source, TextKind kind) : source_(source), kind_(kind) {}
  /// False at the end, `part` is unchanged then.
  bool next(TemplatePart& part);

 private:
  std::optional<TemplatePart> find_token() const;
  std::size_t skipped_length() const;

  std::string_view source_;
  TextKind kind_;
  std::size_t at_ = 0;
};

}  // namespace overture::rules
