#include "mail/reply_text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/html_text.hpp"
#include "mail/quotation.hpp"
#include "mail/sanitize.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kMaxText = 256U << 10U;

using Lines = std::vector<std::string_view>;

bool is_quoted(std::string_view line) {
  line = base::trim(line);
  return line.starts_with('>') || line.starts_with("|>") || line.starts_with("| >");
}

bool is_blank(std::string_view line) { return base::trim(line).empty(); }

/// `From: … Sent: … Subject: …` within a few lines: the head of a quotation. An address or a year with a time
/// of day has to be in it, for people write `From:` and `To:` too, into forms and lists of prices.
bool begins_head(const Lines& lines, std::size_t at) {
  const HeadLine first = head_line(lines[at]);
  if (first == HeadLine::none) return false;
  int found[5] = {};
  bool is_proven = false;
  for (std::size_t i = at; i < lines.size() && i < at + 9; ++i) {
    // Blackberries leave lines free between; in a block that begins otherwise, words of people could stand
    // there.
    if (first != HeadLine::from && is_blank(lines[i])) break;
    const HeadLine kind = head_line(lines[i]);
    ++found[static_cast<std::size_t>(kind)];
    const bool names_somebody = kind == HeadLine::from || kind == HeadLine::to ||
                                (i > at && kind == HeadLine::none && base::trim(lines[i]).starts_with('<'));
    is_proven = is_proven || (names_somebody && lines[i].find('@') != std::string_view::npos);
    if (kind != HeadLine::sent) continue;
    const std::string sent = without_direction_marks(lines[i]);
    is_proven = is_proven || (has_time_of_day(sent) && has_year(sent));
  }
  const auto has = [&](HeadLine kind) { return found[static_cast<std::size_t>(kind)] > 0; };
  const int others = int{has(HeadLine::sent)} + int{has(HeadLine::to)} + int{has(HeadLine::subject)};
  if (!has(HeadLine::from) || others < 2) return false;
  return is_proven && (first == HeadLine::from || has(HeadLine::sent));
}

/// The lines joined as mail programs wrapped them.
void join(std::string& joined, std::string_view line) {
  if (!joined.empty() && !joined.ends_with('<') && !joined.ends_with('(')) joined += ' ';
  joined += line;
}

/// What goes on in the next line does not end with a sentence; "3." and "Nov." end none.
bool ends_sentence(std::string_view line) {
  if (line.ends_with('?') || line.ends_with('!')) return true;
  if (!line.ends_with('.')) return false;
  line.remove_suffix(1);
  const std::size_t word = line.size() - std::min(line.size(), line.find_last_of(" \t") + 1);
  return word > 4;
}

struct Introduction {
  std::size_t lines = 0;    ///< 0 for none
  bool is_sure = false;     ///< else it counts before marked lines only
  std::string_view before;  ///< words of the writer's own in its first line
};

/// The attribution that begins here. Mail programs wrap it, and people's last words may stand right above.
Introduction introduction(const Lines& lines, std::size_t at) {
  std::string joined;
  for (std::size_t count = 1; count <= 4 && at + count <= lines.size(); ++count) {
    const std::string_view line = base::trim(lines[at + count - 1]);
    if (line.empty() || is_quoted(line)) return {};
    join(joined, line);
    if (joined.size() > 500) return {};
    const std::string_view first = base::trim(lines[at]);
    const std::size_t before = words_before_attribution(joined);
    if (before >= first.size()) return {};
    const Lead lead = before > 0 ? Lead::worded : attribution(joined);
    if (lead != Lead::none) {
      // One that begins further below is the attribution itself, and this line the text above it.
      std::string later;
      for (std::size_t i = count - 1; i > 0; --i) {
        const std::string_view above = base::trim(lines[at + i - 1]);
        if (above.ends_with('<') || above.ends_with('(')) continue;
        later.clear();
        for (std::size_t j = i; j < count; ++j) join(later, base::trim(lines[at + j]));
        if (attribution(later) >= lead) return {};
      }
      return {count, lead != Lead::if_quoted, first.substr(0, before)};
    }
    if (ends_sentence(line)) return {};
  }
  return {};
}

/// After an attribution comes its quotation, also when no line of it is marked.
bool is_followed_by_quote(const Lines& lines, std::size_t at) {
  while (at < lines.size() && is_blank(lines[at])) ++at;
  return at < lines.size() && is_quoted(lines[at]);
}

/// Words of the writer's own, as far as one line tells.
bool is_followed_by_words(const Lines& lines, std::size_t at) {
  if (at == lines.size() || is_blank(lines[at]) || is_quoted(lines[at])) return false;
  return !is_quotation_divider(lines[at]) && !begins_head(lines, at) && introduction(lines, at).lines == 0;
}

/// Zendesk sends the whole request again, the newest first: a rule, then `Ann, Mar 3, 2026, 10:05 CET`.
bool begins_comment(const Lines& lines, std::size_t at) {
  const std::string_view rule = base::trim(lines[at]);
  if (rule.size() < 40 || rule.find_first_not_of('-') != std::string_view::npos) return false;
  std::size_t next = at + 1;
  while (next < lines.size() && is_blank(lines[next])) ++next;
  if (next == lines.size() || lines[next].size() > 120) return false;
  return lines[next].find(',') != std::string_view::npos && has_time_of_day(lines[next]);
}

/// `##- Please type your reply above this line -##`, in any language.
bool is_reply_line(std::string_view line) {
  line = base::trim(line);
  return line.starts_with("##-") && line.ends_with("-##");
}

/// `<https://…` at the end of the line above, and here its `>`: Gmail wraps long links so.
bool ends_link(const Lines& lines, std::size_t at) {
  if (at == 0 || is_quoted(lines[at - 1])) return false;
  const std::size_t open = lines[at - 1].rfind("<http");
  return open != std::string_view::npos && lines[at - 1].find('>', open) == std::string_view::npos;
}

/// The end of a marked line that some program wrapped once more, without a mark: `> … your` / `preferences`.
/// The line above has to be full and to break off within a sentence, so that no answer below a question goes.
bool is_wrapped_quote(const Lines& lines, std::size_t at) {
  constexpr std::size_t kFull = 76;
  constexpr std::size_t kLongest = 80;
  if (at == 0 || is_blank(lines[at]) || !is_quoted(lines[at - 1])) return false;
  const std::string_view above = base::trim(lines[at - 1]);
  const char last = above.back();
  const bool breaks_off =
      (last >= 'a' && last <= 'z') || last == ',' || static_cast<unsigned char>(last) >= 0x80;
  const std::string_view line = base::trim(lines[at]);
  const std::size_t word = std::min(line.size(), line.find(' '));
  if (above.size() > kLongest || above.size() + 1 + word <= kFull || !breaks_off) return false;
  const bool is_last = at + 1 == lines.size() || is_blank(lines[at + 1]);
  if (is_last) return line.front() == '"';  // Our own `"unsubscribe".`; else it may be an answer in a hurry.
  return is_quoted(lines[at + 1]) && line.front() >= 'a' && line.front() <= 'z';
}

/// "see you --- On Tue, 3 Mar": the rule is no word.
std::string_view without_rule(std::string_view words) {
  words = base::trim(words);
  while (words.ends_with('-') || words.ends_with(' ')) words.remove_suffix(1);
  return words;
}

bool is_rule(std::string_view line) {
  line = base::trim(line);
  return line.find_first_not_of("-_=*") == std::string_view::npos;
}

std::string joined(Lines kept, bool is_cut) {
  // What programs draw above a quotation is no text.
  while (is_cut && !kept.empty() && is_rule(kept.back())) kept.pop_back();
  std::string out;
  std::size_t blank = 0;
  for (const std::string_view line : kept) {
    std::string_view bare = line;
    while (!bare.empty() && (bare.back() == ' ' || bare.back() == '\t' || bare.back() == '\r'))
      bare.remove_suffix(1);
    blank = bare.empty() ? blank + 1 : 0;
    if (blank > 1) continue;
    out += bare;
    out += '\n';
  }
  return std::string(base::trim(out));
}

}  // namespace

std::string strip_quotation(std::string_view text) {
  text = cut_utf8(text, kMaxText);
  const Lines lines = base::split(text, '\n');
  Lines kept;
  bool in_signature = false;
  int comments = 0;
  std::size_t i = 0;
  for (; i < lines.size(); ++i) {
    if (is_quotation_divider(lines[i])) {
      // A rule of underscores is also what newsletters draw: it counts before a head only.
      const bool rule = base::trim(lines[i]).starts_with("____");
      std::size_t next = i + 1;
      while (next < lines.size() && is_blank(lines[next])) ++next;
      const bool counts = !rule || (next < lines.size() && begins_head(lines, next));
      if (counts && !is_followed_by_quote(lines, i + 1)) break;
      if (counts) continue;
    }
    if (begins_head(lines, i) || (begins_comment(lines, i) && ++comments > 1)) break;
    if (is_reply_line(lines[i])) continue;
    if (const Introduction found = introduction(lines, i); found.lines > 0) {
      const bool quotes = is_followed_by_quote(lines, i + found.lines);
      if (found.is_sure || quotes) {
        const std::string_view own = without_rule(found.before);
        if (!own.empty() && !in_signature) kept.push_back(own);
        if (!quotes) break;
        i += found.lines - 1;
        in_signature = false;
        continue;
      }
    }
    if (is_quoted(lines[i]) && !ends_link(lines, i)) {
      in_signature = false;
      continue;
    }
    if (is_wrapped_quote(lines, i)) continue;
    if (is_sent_line(lines[i], !is_followed_by_words(lines, i + 1))) continue;
    if (begins_signature(lines[i])) in_signature = true;
    if (!in_signature) kept.push_back(lines[i]);
  }
  return joined(std::move(kept), i < lines.size());
}

std::string new_text(const InboundMessage& message) {
  if (base::trim(message.text).empty()) return strip_quotation(html_to_new_text(message.html));
  return strip_quotation(message.text);
}

}  // namespace overture::mail
