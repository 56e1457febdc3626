#include "mail/opt_out_wish.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "mail/auto_reply_phrases.hpp"
#include "mail/phrases.hpp"
#include "rules/subject.hpp"

namespace overture::mail {
namespace {

// A longer text that holds the words is a letter about something.
constexpr std::size_t kShortReply = 400;
constexpr std::size_t kLongestWord = 80;
constexpr std::size_t kGreeting = 60;
/// "please … me", "… us now": more than that beside the word is a subject about something.
constexpr std::size_t kLittleElse = 12;

const PhraseTable& words() {
  static const PhraseTable table(unsubscribe_words());
  return table;
}

bool is_in_table(std::string_view text) {
  bool whole = false;
  words().visit(text, [&](std::size_t, const Phrase& phrase) {
    whole = phrase.text.size() == text.size();
    return !whole;
  });
  return whole;
}

bool is_word(std::string_view text) {
  return text == "stop" || text == "baja" || text == "remove" || is_in_table(text);
}

/// The longest word in it; 0 for none.
std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0;
  words().visit(text, [&](std::size_t, const Phrase& phrase) {
    longest = std::max(longest, phrase.text.size());
    return true;
  });
  return longest;
}

/// A short text whole; of a longer one its first paragraph, the greeting before it aside, when that is short.
std::string_view opening(std::string_view text) {
  text = base::trim(text);
  if (text.size() <= kShortReply) return text;
  std::size_t end = text.find("\n\n");
  const bool greets = end != std::string_view::npos && end <= kGreeting && text.substr(0, end).ends_with(',');
  if (greets) end = text.find("\n\n", end + 2);
  if (end == std::string_view::npos || end > kShortReply) return {};
  return text.substr(0, end);
}

/// What a reader is told about lists of theirs: "Click here to unsubscribe."
std::string without_footer_lines(std::string_view text) {
  static const PhraseTable clicks(footer_phrases());
  std::string out;
  for (const std::string_view line : base::split(text, '\n')) {
    if (!clicks.occurs(normal_text(line))) out.append(line).push_back('\n');
  }
  return out;
}

/// "do not …", "do you want me to …": what follows is not asked for.
bool is_refused(std::string_view before) {
  before = base::trim(before);
  const auto& endings = refusing_endings();
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
    if (!before.ends_with(ending)) return false;
    const std::size_t at = before.size() - ending.size();
    return at == 0 || before[at - 1] == ' ' || ending == "n't" || ending == "n't want to";
  });
}

bool is_requested(std::string_view normal, const PhraseTable& phrases) {
  bool requested = false;
  phrases.visit(normal, [&](std::size_t at, const Phrase&) {
    requested = !is_refused(normal.substr(0, at));
    return !requested;
  });
  return requested;
}

/// Without marks of answers, as phrases are compared.
std::string bare_subject(std::string_view subject) { return normal_text(rules::normalised_subject(subject)); }

}  // namespace

bool is_wish_alone(std::string_view subject) {
  const std::string normal = normal_text(subject);
  return is_word(base::trim(normal));
}

SubjectWish wish_in_subject(std::string_view subject) {
  const std::string bare = bare_subject(subject);
  if (!is_word(bare) && !words().occurs(bare)) return SubjectWish::none;
  const std::string normal = normal_text(subject);
  return bare.size() < base::trim(normal).size() ? SubjectWish::may_be_quoted : SubjectWish::asks;
}

bool asks_behind_mark(std::string_view subject, std::string_view answered) {
  const std::string bare = bare_subject(subject);
  if (answered.empty()) return is_word(bare) || bare.size() <= longest_word(bare) + kLittleElse;
  const std::string ours = bare_subject(answered);
  return is_word(bare) ? bare != ours : !words().occurs(ours);
}

bool begins_with_wish(std::string_view new_text) {
  const std::string_view all = base::trim(new_text);
  const std::string_view first = all.substr(0, all.find('\n'));
  if (first.size() > kLongestWord) return false;
  const std::string line = normal_text(first);
  std::string_view word = base::trim(line);
  const auto is_around = [](char c) { return c == '"' || c == '\'' || c == '.' || c == '!' || c == '*'; };
  while (!word.empty() && is_around(word.front())) word.remove_prefix(1);
  while (!word.empty() && is_around(word.back())) word.remove_suffix(1);
  return is_in_table(word);
}

bool asks_in_text(std::string_view text) {
  const std::string normal = normal_text(without_footer_lines(opening(text)));
  static const PhraseTable requests(unsubscribe_requests());
  if (is_requested(normal, requests)) return true;
  // A word alone, as buttons and people in a hurry write it.
  std::string_view word = base::trim(normal);
  while (!word.empty() && (word.back() == '.' || word.back() == '!')) word.remove_suffix(1);
  return word == "stop" || word == "remove" || (word.size() <= 30 && is_requested(word, words()));
}

}  // namespace overture::mail
