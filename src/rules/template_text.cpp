// One pass over the parts of a template.
#include "rules/template_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "rules/html_place.hpp"
#include "rules/template_scan.hpp"

namespace overture::rules {
namespace {

constexpr std::size_t kExcerptBytes = 60;

constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Nothing that a reader would see: only spaces, also no-break and zero-width ones, and control characters.
bool is_blank(std::string_view value) {
  constexpr std::string_view kUnseen[] = {" ", "\xC2\xA0", "\xE2\x80\x8B", "\xEF\xBB\xBF"};
  while (!value.empty()) {
    std::size_t length = is_control(value.front()) ? 1 : 0;
    for (const std::string_view unseen : kUnseen) {
      if (value.substr(0, unseen.size()) == unseen) length = unseen.size();
    }
    if (length == 0) return false;
    value.remove_prefix(length);
  }
  return true;
}

/// Each run of control characters becomes a space.
void append_line(std::string& out, std::string_view text) {
  bool in_run = false;
  for (const char c : text) {
    if (!is_control(c)) out += c;
    if (is_control(c) && !in_run) out += ' ';
    in_run = is_control(c);
  }
}

/// Line ends as `\n`, no other control character but tabs.
void append_plain(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\r') {
      if (at + 1 == text.size() || text[at + 1] != '\n') out += '\n';
    } else if (!is_control(c) || c == '\n' || c == '\t') {
      out += c;
    }
  }
}

/// Writes what the template says and what its tokens stand for.
class Rendering {
 public:
  explicit Rendering(TextKind kind) : kind_(kind) {}

  void add_source(std::string_view source) {
    if (kind_ == TextKind::subject) {
      append_line(text_, source);
    } else {
      text_ += source;
    }
    if (kind_ == TextKind::html) place_.pass(source);
    check_length();
  }
  void add_value(std::string_view value) {
    if (value.size() > kRenderedMaxBytes) refuse();
    switch (kind_) {
      case TextKind::subject:
        append_line(text_, value);
        break;
      case TextKind::text:
        append_plain(text_, value);
        break;
      case TextKind::html:
        place_.append_value(text_, value);
        break;
    }
    check_length();
  }
  std::string take() { return std::move(text_); }

 private:
  void check_length() const {
    if (text_.size() > kRenderedMaxBytes) refuse();
  }
  [[noreturn]] static void refuse() {
    throw base::Error(base::ErrorCode::invalid_value,
                      "The text is longer than 1 MiB once its tokens are filled in");
  }

  TextKind kind_;
  std::string text_;
  HtmlPlace place_;
};

std::string_view excerpt_of(std::string_view text) {
  text = text.substr(0, text.find_first_of("\r\n"));
  if (text.size() <= kExcerptBytes) return text;
  std::size_t end = kExcerptBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

/// The token that somebody meant with `inside`, if there is one.
std::string find_meant(std::string_view inside) {
  const std::size_t bar = inside.find('|');
  std::string meant;
  for (const char c : base::trim(inside.substr(0, bar))) {
    const char small = base::lower_ascii(c);
    const bool fits =
        (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') || small == '_' || small == '.';
    if (!fits && small != ' ' && small != '-') return {};
    meant += fits ? small : '_';
  }
  if (meant.size() > 64) return {};
  if (!meant.empty() && bar != std::string_view::npos) meant += inside.substr(bar);
  return meant;
}

std::string problem_of_group(std::string_view inside) {
  if (base::trim(inside).empty()) return "There is no name between these braces.";
  if (base::trim(inside).front() == '|') return "There is no name before the fallback.";
  const std::string meant = find_meant(inside);
  constexpr std::string_view kRule = "A name has only small letters, digits, _ and . in it";
  if (meant.empty()) return fmt::format("{}; this is sent as it stands.", kRule);
  return fmt::format("{}: write {{{}}}.", kRule, meant);
}

}  // namespace

RenderedText render_template(std::string_view source, TextKind kind, const TokenLookUp& look_up) {
  RenderedText result;
  Rendering rendering(kind);
  TemplateScanner scanner(source, kind);
  TemplatePart part;
  std::unordered_set<std::string_view> known;
  while (scanner.next(part)) {
    if (part.kind != TemplatePart::Kind::token) {
      rendering.add_source(part.text);
      continue;
    }
    const std::optional<std::string> value = look_up(part.name);
    if (value && !is_blank(*value)) {
      rendering.add_value(*value);
    } else if (part.fallback) {
      rendering.add_source(*part.fallback);
    } else {
      rendering.add_source(part.text);
      if (known.insert(part.name).second) result.unresolved.emplace_back(part.name);
    }
  }
  result.text = rendering.take();
  return result;
}

std::vector<TemplateToken> find_tokens(std::string_view source, TextKind kind) {
  std::vector<TemplateToken> tokens;
  TemplateScanner scanner(source, kind);
  TemplatePart part;
  while (scanner.next(part)) {
    if (part.kind != TemplatePart::Kind::token) continue;
    TemplateToken& token = tokens.emplace_back();
    token.name = part.name;
    if (part.fallback) token.fallback = std::string(*part.fallback);
    token.at = part.at;
    token.length = part.length;
  }
  return tokens;
}

std::vector<TextProblem> check_template(std::string_view source, TextKind kind) {
  std::vector<TextProblem> problems;
  TemplateScanner scanner(source, kind);
  TemplatePart part;
  std::size_t line = 1;
  std::size_t counted = 0;
  std::size_t explained = 0;  // what a problem before this has spoken of already
  while (problems.size() < kMaxTextProblems && scanner.next(part)) {
    const bool opening = part.kind == TemplatePart::Kind::opening;
    if ((!opening && part.kind != TemplatePart::Kind::closing) || part.at < explained) continue;
    line += static_cast<std::size_t>(std::count(source.begin() + static_cast<std::ptrdiff_t>(counted),
                                                source.begin() + static_cast<std::ptrdiff_t>(part.at), '\n'));
    counted = part.at;
    if (!opening) {
      problems.push_back({part.at, line, "}", "This } closes nothing; write \\} to send a brace."});
      continue;
    }
    const std::size_t inner = source.find_first_not_of('{', part.at);
    const std::size_t end = inner == std::string_view::npos ? inner : source.find_first_of("{}", inner);
    const bool closed = end != std::string_view::npos && source[end] == '}';
    const std::string_view rest = source.substr(part.at);
    if (!closed) {
      problems.push_back({part.at, line, std::string(excerpt_of(rest)),
                          "This { has no } of its own; write \\{ to send a brace."});
      explained = inner == std::string_view::npos ? source.size() : inner;
      continue;
    }
    explained = std::min(source.find_first_not_of('}', end), end + (inner - part.at));
    problems.push_back({part.at, line, std::string(excerpt_of(source.substr(part.at, explained - part.at))),
                        problem_of_group(source.substr(inner, end - inner))});
  }
  return problems;
}

}  // namespace overture::rules
