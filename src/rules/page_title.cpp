#include "rules/page_title.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace overture::rules {
namespace {

constexpr std::size_t kMaxTitle = 300;
constexpr std::size_t kMaxTerms = 6;

std::size_t find_ignoring_case(std::string_view text, std::string_view wanted, std::size_t from = 0) {
  const auto found =
      std::search(text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size())), text.end(),
                  wanted.begin(), wanted.end(), [](char a, char b) { return base::lower_ascii(a) == b; });
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

/// Takes a reference such as `&amp;` off the front; nothing for those that are not decoded.
char32_t take_reference(std::string_view& text) {
  static constexpr std::pair<std::string_view, char32_t> kReferences[] = {
      {"&amp;", U'&'},   {"&lt;", U'<'},    {"&gt;", U'>'},    {"&quot;", U'"'},
      {"&#39;", U'\''},  {"&apos;", U'\''}, {"&nbsp;", U' '},  {"&ndash;", U'-'},
      {"&mdash;", U'-'}, {"&#8211;", U'-'}, {"&#8217;", U'\''}};
  for (const auto& [reference, character] : kReferences) {
    if (!text.starts_with(reference)) continue;
    text.remove_prefix(reference.size());
    return character;
  }
  return 0;
}

bool is_separator(std::string_view word) {
  static constexpr std::string_view kSeparators[] = {"|", "-", "–", "—", "·", "•", "»", "::", ":"};
  return std::find(std::begin(kSeparators), std::end(kSeparators), word) != std::end(kSeparators);
}

bool is_small(std::string_view word) {
  static constexpr std::string_view kSmall[] = {
      "a",  "an", "and", "are", "as",  "at",   "by", "for", "from", "how", "in",   "is",  "it",
      "of", "on", "or",  "our", "the", "this", "to", "we",  "what", "why", "with", "you", "your"};
  return std::find(std::begin(kSmall), std::end(kSmall), base::lower_ascii(word)) != std::end(kSmall);
}

/// Without punctuation around it.
std::string_view bare(std::string_view word) {
  static constexpr std::string_view kPunctuation = ",.;:!?()[]{}\"'";
  const std::size_t first = word.find_first_not_of(kPunctuation);
  if (first == std::string_view::npos) return {};
  return word.substr(first, word.find_last_not_of(kPunctuation) - first + 1);
}

}  // namespace

std::string find_title(std::string_view html) {
  std::size_t start = find_ignoring_case(html, "<title");
  if (start != std::string_view::npos) start = html.find('>', start);
  if (start == std::string_view::npos) return {};
  std::string_view rest = html.substr(start + 1);
  rest = rest.substr(0, std::min(find_ignoring_case(rest, "</title"), rest.size()));
  std::string title;
  while (!rest.empty() && title.size() < kMaxTitle) {
    std::optional<char32_t> next;
    if (const char32_t decoded = take_reference(rest)) {
      next = decoded;
    } else {
      next = base::take_code_point(rest);
    }
    if (!next) break;
    const bool space = *next <= U' ';
    if (space && (title.empty() || title.back() == ' ')) continue;
    base::append_utf8(title, space ? U' ' : *next);
  }
  return std::string(base::trim(title));
}

std::string title_terms(std::string_view title) {
  std::vector<std::vector<std::string>> parts(1);
  for (const std::string_view word : base::split(title, ' ')) {
    if (is_separator(word)) {
      parts.emplace_back();
    } else if (const std::string_view plain = bare(word); !plain.empty() && !is_small(plain)) {
      parts.back().emplace_back(plain);
    }
  }
  const auto longest = std::max_element(parts.begin(), parts.end(),
                                        [](const auto& a, const auto& b) { return a.size() < b.size(); });
  if (longest->size() > kMaxTerms) longest->resize(kMaxTerms);
  return base::join(*longest, " ");
}

}  // namespace overture::rules
