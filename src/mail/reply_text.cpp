#include "mail/reply_text.hpp"

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

/// `From: … Sent: … Subject: …` within a few lines: the head of a quotation.
bool begins_head(const Lines& lines, std::size_t at) {
  if (head_line(lines[at]) != HeadLine::from) return false;
  bool sent = false;
  bool to = false;
  bool subject = false;
  for (std::size_t i = at + 1; i < lines.size() && i < at + 9; ++i) {
    const HeadLine kind = head_line(lines[i]);
    sent = sent || kind == HeadLine::sent;
    to = to || kind == HeadLine::to;
    subject = subject || kind == HeadLine::subject;
  }
  return int{sent} + int{to} + int{subject} >= 2;
}

/// How many lines the attribution that begins here takes; 0 for none. Mail programs wrap it.
std::size_t attribution_length(const Lines& lines, std::size_t at) {
  std::string joined;
  for (std::size_t count = 1; count <= 4 && at + count <= lines.size(); ++count) {
    const std::string_view line = base::trim(lines[at + count - 1]);
    if (line.empty()) return 0;
    if (!joined.empty()) joined += ' ';
    joined += line;
    if (joined.size() > 400) return 0;
    if (is_attribution(joined)) return count;
    // "El mar, 3 mar 2026 a las 10:00, Ann (<a@b.c>)" goes on; a line that ends a sentence does not.
    if (line.ends_with('.') || line.ends_with('?') || line.ends_with('!')) return 0;
  }
  return 0;
}

/// After an attribution comes its quotation, also when no line of it is marked.
bool is_followed_by_quote(const Lines& lines, std::size_t at) {
  while (at < lines.size() && is_blank(lines[at])) ++at;
  return at < lines.size() && is_quoted(lines[at]);
}

std::string joined(const Lines& kept) {
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
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_quotation_divider(lines[i])) {
      // A rule of underscores is also what newsletters draw: it counts before a head only.
      const bool rule = base::trim(lines[i]).starts_with("____");
      std::size_t next = i + 1;
      while (next < lines.size() && is_blank(lines[next])) ++next;
      if (!rule || (next < lines.size() && begins_head(lines, next))) break;
    }
    if (begins_head(lines, i)) break;
    if (const std::size_t count = attribution_length(lines, i); count > 0) {
      if (!is_followed_by_quote(lines, i + count)) break;
      i += count - 1;
      in_signature = false;
      continue;
    }
    if (is_quoted(lines[i])) {
      in_signature = false;
      continue;
    }
    if (begins_signature(lines[i])) in_signature = true;
    if (!in_signature) kept.push_back(lines[i]);
  }
  return joined(kept);
}

std::string new_text(const InboundMessage& message) {
  if (base::trim(message.text).empty()) return strip_quotation(html_to_new_text(message.html));
  return strip_quotation(message.text);
}

}  // namespace overture::mail
