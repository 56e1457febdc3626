// A table of patterns over what a reader sees.
#include "rules/leftovers.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/text.hpp"
#include "rules/template_scan.hpp"

namespace overture::rules {
namespace {

constexpr std::size_t kExcerptBytes = 60;

struct Pattern {
  const char* expression;  ///< its first group is what is shown
  const char* problem;
};

#define OVERTURE_GREETING "(?:dear|hi|hello|hey|hallo|guten tag|bonjour|hola|ciao|ol[aá])"
#define OVERTURE_FIELD                                                                                   \
  "(?:(?:first|last|full|your|my|contact|company|site|website|blog|business|sender)[ _-]?name|name"      \
  "|company|website|site|url|link|domain|email|e-mail|title|topic|keyword|city|vorname|nachname|nombre|" \
  "prénom)"

constexpr Pattern kPatterns[] = {
    {R"((\[\[?[A-Za-z][A-Za-z0-9 _'./-]{0,39}\]))", "This looks like a place to fill in."},
    {"(?i)((?:<<|&lt;&lt;|«|&laquo;)\\s*(?:[a-z0-9]+_[a-z0-9_]+|" OVERTURE_FIELD
     ")\\s*(?:>>|&gt;&gt;|»|&raquo;))",
     "This looks like a field of another program."},
    {R"((%%?[A-Za-z][A-Za-z_]{2,38}%%?))", "This looks like a field of another program."},
    {R"((\*\|[^|*\r\n]{1,40}\|\*))", "This looks like a field of another program."},
    {R"((\$\{[^{}\r\n]{0,60}\}))", "This looks like a field of another program."},
    {R"((\{%[^{}\r\n]{0,80}?%\}))", "This looks like a field of another program."},
    {"(?i)\\b(" OVERTURE_GREETING
     "[ \\t]+(?:first|last|full|your|contact)?[ _-]?(?:name|vorname|nachname|nombre|prénom)\\b)",
     "The greeting has the name of a field instead of a person's."},
    {"(?im)^[ \\t]*(" OVERTURE_GREETING "(?:[ \\t]|&nbsp;|\\xC2\\xA0)+[,!.]|dear[,!.])",
     "The greeting has no name."},
    {"(?i)\\b(lorem ipsum)\\b", "This is filler text."},
    {"\\b(XXX+|TODO|TBD|FIXME)\\b", "This looks like a note to fill something in."},
    {"(?i)\\b(insert (?:a |the |your )?" OVERTURE_FIELD "(?: here)?)\\b",
     "This looks like a place to fill in."},
};
#undef OVERTURE_GREETING
#undef OVERTURE_FIELD

struct Compiled {
  std::unique_ptr<const re2::RE2> expression;
  const char* problem;
};

const std::vector<Compiled>& compiled() {
  static const std::vector<Compiled> all = [] {
    std::vector<Compiled> made;
    for (const Pattern& pattern : kPatterns)
      made.push_back({std::make_unique<re2::RE2>(pattern.expression, re2::RE2::Quiet), pattern.problem});
    return made;
  }();
  return all;
}

/// What a reader sees, and for each of its bytes where in the source it stands.
struct Visible {
  std::string text;
  std::vector<std::size_t> at;
  void add(std::string_view source, std::size_t from) {
    for (std::size_t i = 0; i < source.size(); ++i) add(source[i], from + i);
  }
  void add(char c, std::size_t from) {
    text += c;
    at.push_back(from);
  }
};

bool begins_line(std::string_view tag) {
  if (tag.substr(0, 1) == "/") tag.remove_prefix(1);
  const std::size_t end = tag.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456");
  const std::string name = base::lower_ascii(tag.substr(0, end));
  for (const std::string_view block :
       {"p",  "div", "br", "li", "ul", "ol",         "td",   "th",   "tr",   "table", "h1",
        "h2", "h3",  "h4", "h5", "h6", "blockquote", "body", "head", "html", "title"}) {
    if (name == block) return true;
  }
  return false;
}

/// Literal parts come in pieces, so a tag may reach over several of them.
class Reader {
 public:
  explicit Reader(TextKind kind) : html_(kind == TextKind::html) {}
  void read(std::string_view source, std::size_t from) {
    if (!html_) return seen.add(source, from);
    for (std::size_t i = 0; i < source.size(); ++i) {
      const char c = source[i];
      if (in_tag_) {
        if (c == '>') end_tag(from + i);
        if (in_tag_ && tag_.size() < 16) tag_ += c;
      } else if (c == '<' && i + 1 < source.size() && source[i + 1] != ' ' && source[i + 1] != '<') {
        in_tag_ = true;
        tag_.clear();
      } else {
        seen.add(c, from + i);
      }
    }
  }
  bool in_tag() const { return in_tag_; }
  Visible seen;

 private:
  void end_tag(std::size_t at) {
    in_tag_ = false;
    if (begins_line(tag_)) seen.add('\n', at);
  }
  bool html_;
  bool in_tag_ = false;
  std::string tag_;
};

std::string excerpt_of(std::string_view text) {
  std::size_t end = std::min(text.size(), kExcerptBytes);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

/// `[text](address)` and `[text]: address` are links, `[sic]` is a remark.
bool is_no_placeholder(std::string_view found, std::string_view behind) {
  if (found.substr(0, 1) != "[") return false;
  return behind.substr(0, 1) == "(" || behind.substr(0, 1) == ":" || found == "[sic]";
}

}  // namespace

std::vector<TextProblem> find_leftovers(std::string_view text, TextKind kind, bool tokens_allowed) {
  std::vector<TextProblem> problems = check_template(text, kind);
  Reader reader(kind);
  TemplateScanner scanner(text, kind);
  TemplatePart part;
  while (scanner.next(part)) {
    if (part.kind == TemplatePart::Kind::skipped) continue;
    if (part.kind != TemplatePart::Kind::token) {
      reader.read(part.text, part.at + part.length - part.text.size());
      continue;
    }
    // A value will stand here.
    if (!reader.in_tag()) reader.seen.add('v', part.at);
    if (!tokens_allowed && problems.size() < 2 * kMaxTextProblems)
      problems.push_back({part.at, 0, excerpt_of(part.text), "This token was not filled in."});
  }
  const Visible& seen = reader.seen;
  for (const Compiled& each : compiled()) {
    re2::StringPiece rest(seen.text);
    re2::StringPiece found;
    for (std::size_t count = 0;
         count < kMaxTextProblems && re2::RE2::FindAndConsume(&rest, *each.expression, &found); ++count) {
      const auto at = static_cast<std::size_t>(found.data() - seen.text.data());
      if (is_no_placeholder({found.data(), found.size()}, {rest.data(), rest.size()})) continue;
      problems.push_back({seen.at[at], 0, excerpt_of({found.data(), found.size()}), each.problem});
    }
  }
  std::stable_sort(problems.begin(), problems.end(),
                   [](const TextProblem& a, const TextProblem& b) { return a.at < b.at; });
  // One place, one problem: `${name}` is also a brace that begins no token.
  std::vector<TextProblem> kept;
  std::size_t end = 0;
  for (TextProblem& problem : problems) {
    if (!kept.empty() && problem.at < end) continue;
    if (kept.size() == kMaxTextProblems) break;
    end = problem.at + std::max<std::size_t>(problem.excerpt.size(), 1);
    problem.line = 1 + static_cast<std::size_t>(std::count(
                           text.begin(), text.begin() + static_cast<std::ptrdiff_t>(problem.at), '\n'));
    kept.push_back(std::move(problem));
  }
  return kept;
}

}  // namespace overture::rules
