// Tokens in the texts of mails: `{first_name}`, `{{first_name}}`, `{first_name|there}`, `{cf.price}`.
//
// A token is one or more of `a-z 0-9 _ .`, with a fallback after `|` if wished: any text without braces and
// line ends, also none. Between double braces spaces around the token are ignored. `\{` and `\}` are plain
// braces. Every other group of braces is plain text, so style sheets pass unchanged; in HTML nothing between
// <style> or <script> and its end is looked at.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace overture::rules {

/// What the text becomes.
enum class TextKind {
  subject,  ///< one line: each run of line ends and control characters becomes a space
  text,     ///< control characters of values are dropped, line ends are `\n`
  html,     ///< values are escaped wherever they stand, their line ends become <br>
};

/// The value of a token; nullopt, empty or blank when there is none.
using TokenLookUp = std::function<std::optional<std::string>(std::string_view token)>;

inline constexpr std::size_t kRenderedMaxBytes = 1 << 20;

struct RenderedText {
  std::string text;                     ///< a token without value and fallback stands there as it was written
  std::vector<std::string> unresolved;  ///< in the order of the text, each once; such a text is never sent
};

/// Fills in the tokens. Values are never looked through for tokens themselves. In HTML a value never opens or
/// ends a tag, an attribute or a comment; a fallback is part of the template and stays as written. Throws
/// base::Error `invalid_value` when the text becomes longer than kRenderedMaxBytes.
RenderedText render_template(std::string_view source, TextKind kind, const TokenLookUp& look_up);

struct TemplateToken {
  std::string name;
  std::optional<std::string> fallback;
  std::size_t at = 0;      ///< byte in the text
  std::size_t length = 0;  ///< with its braces
  friend bool operator==(const TemplateToken&, const TemplateToken&) = default;
};
/// Every token in order, also repeated ones.
std::vector<TemplateToken> find_tokens(std::string_view source, TextKind kind);

/// Something a person should look at before the first mail leaves.
struct TextProblem {
  std::size_t at = 0;    ///< byte in the text
  std::size_t line = 1;  ///< from 1
  std::string excerpt;   ///< the text in question, at most 60 bytes of it
  std::string problem;   ///< a sentence
};

/// What was probably meant as a token and is none: a brace without its partner, an empty one, capitals,
/// spaces or other characters in it. In the order of the text, at most kMaxTextProblems.
inline constexpr std::size_t kMaxTextProblems = 50;
std::vector<TextProblem> check_template(std::string_view source, TextKind kind);

}  // namespace overture::rules
