// A table of marks, taken off the front as long as there is one.
#include "rules/subject.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace overture::rules {
namespace {

/// What mail programs of many languages write before the subject of a reply or forward, in lower case.
constexpr std::string_view kReplyMarks[] = {
    // English, and by RFC 5322 section 3.6.5 everywhere; German; Dutch; Scandinavian; Finnish and Danish.
    "re",
    "aw",
    "antw",
    "antwort",
    "sv",
    "svar",
    "vs",
    // French; Italian; Portuguese; Spanish.
    "rép",
    "rep",
    "réf",
    "ref",
    "réponse",
    "rif",
    "r",
    "res",
    "resp",
    "rta",
    "respuesta",
    // Polish, Slovak, Czech; Hungarian; Turkish; Welsh; Indonesian; Greek.
    "odp",
    "odpoveď",
    "odpověď",
    "vá",
    "ynt",
    "cevap",
    "atb",
    "bls",
    "απ",
    "σχετ",
    // Croatian, Slovene, Serbian, Bulgarian; Lithuanian; Romanian; Vietnamese; Thai; Persian.
    "odg",
    "одг",
    "отг",
    "ats",
    "răsp",
    "trả lời",
    "ตอบกลับ",
    "پاسخ",
    // Russian, Ukrainian; Arabic, Hebrew; Chinese, Korean, Japanese.
    "отв",
    "ответ",
    "відп",
    "відповідь",
    "رد",
    "השב",
    "תגובה",
    "回复",
    "回覆",
    "答复",
    "회신",
    "답장",
    "返信",
};
constexpr std::string_view kForwardMarks[] = {
    "fwd", "fw",  "wg",     "doorst",      "vb",    "vl",   "fs",         "tr",   "i",
    "enc", "rv",  "reenv",  "red.",        "pd",    "pdal", "továbbítás", "ilt",  "yml",
    "trs", "πρθ", "пересл", "إعادة توجيه", "הועבר", "转发", "轉寄",       "전달", "転送",
};

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f'; }

/// One space for each run of white space, no-break and ideographic spaces too; none at the ends.
std::string run_together(std::string_view text) {
  std::string out;
  bool space = false;
  while (!text.empty()) {
    const bool wide = text.substr(0, 2) == "\xC2\xA0" || text.substr(0, 3) == "\xE3\x80\x80";
    if (wide || is_white(text.front())) {
      space = !out.empty();
      text.remove_prefix(!wide ? 1 : text.front() == '\xC2' ? 2 : 3);
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

std::string_view skip_spaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

/// `[2]`, `(2)` or `^2` behind a mark.
std::string_view skip_count(std::string_view text) {
  if (text.empty() || (text.front() != '[' && text.front() != '(' && text.front() != '^')) return text;
  std::size_t at = 1;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  if (at == 1 || at > 4) return text;
  if (text.front() == '^') return text.substr(at);
  const char closing = text.front() == '[' ? ']' : ')';
  return at < text.size() && text[at] == closing ? text.substr(at + 1) : text;
}

/// A colon, also as Chinese and Japanese programs write it.
std::optional<std::string_view> skip_colon(std::string_view text) {
  if (text.substr(0, 1) == ":") return text.substr(1);
  if (text.substr(0, 3) == "：") return text.substr(3);
  return std::nullopt;
}

/// What stands behind one of `marks` and its colon.
template <typename Marks>
std::optional<std::string_view> skip_mark(std::string_view text, const Marks& marks) {
  for (const std::string_view mark : marks) {
    if (text.substr(0, mark.size()) != mark) continue;
    std::string_view rest = text.substr(mark.size());
    if (rest.starts_with('.')) rest.remove_prefix(1);  // "Odp.:", "Antw.:"
    const auto behind = skip_colon(skip_spaces(skip_count(skip_spaces(rest))));
    if (behind) return behind;
  }
  return std::nullopt;
}

/// What stands behind the `[name]` of a mailing list, when there is something.
std::optional<std::string_view> skip_list_mark(std::string_view text) {
  if (text.substr(0, 1) != "[") return std::nullopt;
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos || end > 60) return std::nullopt;
  const std::string_view behind = skip_spaces(text.substr(end + 1));
  if (behind.empty()) return std::nullopt;
  return behind;
}

}  // namespace

std::string normalised_subject(std::string_view subject) {
  const std::string lowered = base::lower(run_together(subject));
  std::string_view rest = lowered;
  for (;;) {
    rest = skip_spaces(rest);
    if (const auto behind = skip_mark(rest, kReplyMarks)) {
      rest = *behind;
    } else if (const auto forwarded = skip_mark(rest, kForwardMarks)) {
      rest = *forwarded;
    } else if (const auto listed = skip_list_mark(rest)) {
      rest = *listed;
    } else {
      break;
    }
  }
  for (const std::string_view mark : {"(fwd)", "(fw)"}) {
    while (rest.size() >= mark.size() && rest.substr(rest.size() - mark.size()) == mark) {
      rest.remove_suffix(mark.size());
      rest = base::trim(rest);
    }
  }
  return std::string(rest);
}

std::string reply_subject(std::string_view subject) {
  const std::string line = run_together(subject);
  const std::string lowered = base::lower(line);
  constexpr std::string_view kOnlyMark[] = {"re"};
  if (skip_mark(std::string_view(lowered), kOnlyMark)) return line;
  return line.empty() ? "Re:" : "Re: " + line;
}

}  // namespace overture::rules
