// Left-over placeholders in a text that is about to be sent.
#pragma once
#include <string_view>
#include <vector>

#include "rules/template_text.hpp"

namespace overture::rules {

/// What looks as if somebody forgot to fill it in: `[Name]`, `<<name>>`, `«name»`, `%NAME%`, `*|NAME|*`,
/// `${name}`, `{{ name }}`, `{First Name}`, a brace without partner, "Dear First Name", "Hi ,", "XXX",
/// "lorem ipsum". For rendered texts and for templates (tokens as template_text.hpp has them are fine there
/// only when `tokens_allowed`). Hints for a person: a text with some may be as it is meant to be. In HTML,
/// tags and style sheets are not looked at. In order, at most kMaxTextProblems.
std::vector<TextProblem> find_leftovers(std::string_view text, TextKind kind, bool tokens_allowed = false);

}  // namespace overture::rules
