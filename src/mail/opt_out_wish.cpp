#include "mail/opt_out_wish.hpp"

#include <re2/re2.h>

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
/// "Hello,", one sentence and a name: whoever writes no more than that and asks for it wants nothing else.
constexpr std::size_t kLittleMore = 120;
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

bool matches(std::string_view text, const RE2& pattern) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

/// What a reader is told about lists of theirs: "Click here to unsubscribe.", "Unsubscribe: https://…".
std::string without_footer_lines(std::string_view text) {
  static const PhraseTable clicks(footer_phrases());
  static const RE2 linked(R"([:<(\[]\s?(?:https?://|www\.|mailto:))");
  static const RE2 link(R"(^\W?(?:https?://|www\.|mailto:))");
  std::string out;
  const auto lines = base::split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = normal_text(lines[i]);
    const bool opens =
        base::trim(line).ends_with(':') && i + 1 < lines.size() && matches(base::trim(lines[i + 1]), link);
    const bool names_link = (opens || matches(line, linked)) && words().occurs(line);
    if (!clicks.occurs(line) && !names_link) out.append(lines[i]).push_back('\n');
  }
  return out;
}

/// "please stop" as a sentence of its own: "please stop by our office" is none. `line` as normal_text()
/// spells it; one that is wrapped goes on in `next`.
bool asks_to_stop(std::string_view line, std::string_view next) {
  static const RE2 ended(
      R"((?:^|[.!?,;:-] )(?:please|pls) stop(?: it| this| that| now)?\s?(?:[.!,;](?: |$)))");
  static const RE2 open(R"((?:^|[.!?,;:-] )(?:please|pls) stop(?: it| this| that| now)?\s?$)");
  static const RE2 asked(R"(^(?:could|can|would|will) you (?:please )?stop(?: it| this| that)?\s?[.!?]*$)");
  next = base::trim(next);
  const bool goes_on = !next.empty() && next.front() >= 'a' && next.front() <= 'z';
  return matches(line, ended) || (!goes_on && (matches(line, open) || matches(line, asked)));
}

/// What a request is about, from the words behind it in its sentence: mails, or the writer's address on a
/// page.
bool is_about_mails(std::string_view phrase, std::string_view behind) {
  static const PhraseTable lists(list_words());
  static const PhraseTable others(other_lists());
  static const PhraseTable pages(page_words());
  static const RE2 thing(R"(^(?: address| e-?mail| mail)*(?: from| off)? (?:the|your|our|my|any|an?) \S)");
  behind = behind.substr(0, behind.find_first_of(".!?,;"));
  if (others.occurs(behind)) return false;
  if (lists.occurs(behind)) return true;
  if (pages.occurs(behind)) return false;
  // "take me off", "remove us from this", but not "take us off the air".
  const bool takes_off = phrase.ends_with("from") || phrase.ends_with(" off");
  return !takes_off || !matches(behind, thing);
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
  phrases.visit(normal, [&](std::size_t at, const Phrase& phrase) {
    requested = !is_refused(normal.substr(0, at)) &&
                is_about_mails(phrase.text, normal.substr(at + phrase.text.size()));
    return !requested;
  });
  return requested;
}

/// Without marks of answers, as phrases are compared.
std::string bare_subject(std::string_view subject) { return normal_text(rules::normalised_subject(subject)); }

/// The first line is the word and nothing else.
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

/// A short text anywhere, a longer one in its first paragraph.
bool says_so(std::string_view text) {
  const std::string own = without_footer_lines(opening(text));
  const auto lines = base::split(own, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = normal_text(lines[i]);
    if (asks_to_stop(base::trim(line), i + 1 < lines.size() ? lines[i + 1] : std::string_view())) return true;
  }
  const std::string normal = normal_text(own);
  static const PhraseTable requests(unsubscribe_requests());
  if (is_requested(normal, requests)) return true;
  // A word alone, as buttons and people in a hurry write it.
  std::string_view word = base::trim(normal);
  while (!word.empty() && (word.back() == '.' || word.back() == '!')) word.remove_suffix(1);
  return word == "stop" || word == "remove" || (word.size() <= 30 && is_requested(word, words()));
}

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

bool asks_in_text(std::string_view new_text, UnsubscribeRule rule) {
  if (rule == UnsubscribeRule::off) return false;
  if (begins_with_wish(new_text)) return true;
  const bool is_heard = rule == UnsubscribeRule::anywhere || base::trim(new_text).size() <= kLittleMore;
  return is_heard && says_so(new_text);
}

}  // namespace overture::mail
