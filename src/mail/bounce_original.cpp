// Where in a report the mail that came back begins, and what its headers say.
#include <algorithm>

#include "base/text.hpp"
#include "mail/bounce_parts.hpp"
#include "mail/header_text.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {
namespace {

// Lines that announce the original. Compared with a line stripped of its ornaments.
constexpr Phrase kAnnouncements[] = {
    {"this is a copy of the message"},
    {"below this line is a copy of the message"},
    {"original message follows"},
    {"unsent message follows"},
    {"message header follows"},
    {"the header of the original message"},
    {"original message headers"},
    {"message headers follow"},
    {"returned message"},
    {"returned mail follows"},
    {"original message header"},
    {"content-type: message/rfc822"},
    {"content-type: text/rfc822-headers"},
    {"-original message-"},
    {"- original message -"},
    {"original mail"},
    {"beginning of original message"},
    {"start of returned message"},
    {"the original message was as follows"},
    {"your original message"},
    {"included is a copy of the message header"},
    {"the first few lines of your message"},
    {"copy of the original message"},
    {"the body of the original message"},
    {"message text follows"},
    {"text of your message"},
    {"returned text follows"},
    {"message follows"},
    {"headers of the original message"},
    {"original message"},
    {"ursprüngliche nachricht"},
    {"unzustellbare nachricht"},
    {"kopie der nachricht"},
    {"originalnachricht"},
    {"en-têtes de message d'origine"},
    {"encabezados de mensajes originales"},
    {"元のメッセージ"},
    {"送信されたメッセージ"},
    {"オリジナルメッセージ"},
    {"original-nachricht"},
    {"intestazioni originali"},
};

constexpr std::string_view kKnown[] = {"arc-seal",
                                       "authentication-results",
                                       "bcc",
                                       "cc",
                                       "content-transfer-encoding",
                                       "content-type",
                                       "date",
                                       "delivered-to",
                                       "dkim-signature",
                                       "domainkey-signature",
                                       "envelope-to",
                                       "errors-to",
                                       "from",
                                       "importance",
                                       "in-reply-to",
                                       "list-id",
                                       "list-unsubscribe",
                                       "message-id",
                                       "mime-version",
                                       "organization",
                                       "priority",
                                       "received",
                                       "received-spf",
                                       "references",
                                       "reply-to",
                                       "return-path",
                                       "sender",
                                       "subject",
                                       "thread-index",
                                       "thread-topic",
                                       "to",
                                       "user-agent"};

/// Without the marks of quotation and indentation.
std::string_view without_marks(std::string_view line) {
  while (!line.empty() && (line[0] == ' ' || line[0] == '\t' || line[0] == '>' || line[0] == '|'))
    line.remove_prefix(1);
  return line;
}

/// The lower-case name of a header of mail; empty for another line.
std::string header_name(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 40) return {};
  std::string name = base::lower_ascii(line.substr(0, colon));
  if (name.starts_with("x-")) {
    // Fields of delivery reports begin with X- too.
    return name == "x-failed-recipients" || name.starts_with("x-postfix") || name == "x-actual-recipient"
               ? ""
               : name;
  }
  return std::binary_search(std::begin(kKnown), std::end(kKnown), name) ? name : std::string();
}

/// How much a stretch of lines beginning at `first` looks like the headers of a message.
bool begins_headers(const std::vector<std::string_view>& lines, std::size_t first) {
  std::vector<std::string> names;
  const std::string_view line = lines[first];
  const std::size_t indent = line.size() - without_marks(line).size();
  for (std::size_t i = first; i < lines.size() && i < first + 60; ++i) {
    const std::string_view bare = without_marks(lines[i]);
    if (bare.empty()) break;
    const std::string name = header_name(bare);
    const bool fold = lines[i].size() - bare.size() > indent && i > first;
    if (!name.empty() && !fold) {
      names.push_back(name);
    } else if (!fold && bare.find(':') == std::string_view::npos) {
      break;
    }
  }
  const auto has = [&](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (names.empty()) return false;
  if (names[0] == "received" || names[0] == "return-path" || names[0] == "dkim-signature" ||
      names[0] == "arc-seal") {
    return names.size() >= 2;
  }
  if (has("message-id") && names.size() >= 2) return true;
  const int basics = has("from") + has("to") + has("subject") + has("date");
  return (basics >= 3 || (basics >= 2 && names.size() >= 4)) && names.size() >= 3 &&
         (has("mime-version") || has("content-type") || has("received") || basics == 4 || has("x-mailer"));
}

/// The line behind a block of indented headers that a report only tells of, on its way to what it has to say
/// at the margin; `first` when the block is the mail that came back.
std::size_t end_of_told_headers(const std::vector<std::string_view>& lines, std::size_t first) {
  const auto indent_of = [&](std::size_t i) { return lines[i].size() - without_marks(lines[i]).size(); };
  const auto is_empty = [&](std::size_t i) { return base::trim(lines[i]).empty(); };
  if (indent_of(first) == 0 || lines[first].find_first_of(">|") < indent_of(first)) return first;
  std::size_t end = first;
  while (end < lines.size() && !is_empty(end) && indent_of(end) > 0) ++end;
  std::size_t next = end;
  while (next < lines.size() && is_empty(next)) ++next;
  return next > end && next < lines.size() && indent_of(next) == 0 ? end : first;
}

bool is_announcement(std::string_view line) {
  static const PhraseTable table(kAnnouncements);
  const std::string normal = normal_text(without_marks(line));
  if (normal.size() > 110) return false;
  const bool ornament = normal.starts_with("--") || normal.starts_with("==") || normal.starts_with("__") ||
                        normal.starts_with("**") || normal.ends_with("--") || normal.ends_with(":") ||
                        normal.starts_with("content-type") || normal.ends_with(": ") ||
                        normal.starts_with("- -");
  return ornament && table.occurs(normal);
}

}  // namespace

ReportText split_report(std::string_view text) {
  text = text.substr(0, 512U << 10U);
  const std::vector<std::string_view> lines = base::split(text, '\n');
  const std::size_t count = std::min<std::size_t>(lines.size(), 5000);
  std::size_t cut = count;
  std::size_t headers = count;
  std::string_view told;
  const auto offset = [&](std::size_t line) {
    return line >= lines.size() ? text.size() : static_cast<std::size_t>(lines[line].data() - text.data());
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (cut == count && is_announcement(lines[i]) && i > 0) cut = i;
    if (!header_name(without_marks(lines[i])).empty() && begins_headers(lines, i)) {
      const std::size_t end = cut == count ? end_of_told_headers(lines, i) : i;
      if (end == i) {
        headers = i;
        break;
      }
      if (told.empty()) told = text.substr(offset(i), offset(end) - offset(i));
      i = end;
    }
    // Behind an announcement the headers come soon or not at all.
    if (cut != count && i > cut + 40) break;
  }
  cut = std::min(cut, headers);
  ReportText out;
  // A report that begins with the headers says what it has to say behind them.
  if (headers < count && offset(cut) < 8) {
    std::size_t end = headers;
    while (end < count && !base::trim(lines[end]).empty()) ++end;
    out.report = std::string(text.substr(offset(end)));
    out.original = std::string(text.substr(offset(headers), offset(end) - offset(headers)));
    return out;
  }
  out.report = std::string(text.substr(0, offset(cut)));
  const std::size_t from = headers < count ? headers : cut;
  const std::string_view original = from < count ? text.substr(offset(from)) : told;
  // Quoted or indented headers are read without their marks.
  const std::string_view line = original.substr(0, original.find('\n'));
  const std::size_t indent = line.size() - without_marks(line).size();
  for (const std::string_view one : base::split(original, '\n')) {
    out.original += one.substr(std::min(indent, one.size()));
    out.original += '\n';
  }
  if (original.empty()) out.original.clear();
  return out;
}

OriginalHeaders read_original(std::string_view headers_and_more) {
  OriginalHeaders out;
  std::string_view rest = headers_and_more.substr(0, 256U << 10U);
  if (const std::size_t begin = rest.find_first_not_of("\r\n"); begin != std::string_view::npos) {
    rest.remove_prefix(begin);
  }
  // An announcement, or what a mail program put above: over it, to the first header.
  for (int tries = 0; tries < 60 && !rest.empty(); ++tries) {
    if (!header_name(without_marks(rest.substr(0, rest.find('\n')))).empty()) break;
    const std::size_t end = rest.find('\n');
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  const std::size_t end = std::min(rest.find("\n\n"), rest.find("\n\r\n"));
  const std::string block = fold_loose_lines(rest.substr(0, end));
  std::string_view fields = block;
  for (const RawHeader& header : take_headers(fields)) {
    const auto is = [&](std::string_view name) { return base::equal_ignoring_case(header.name, name); };
    if (is("Message-ID") && out.message_id.empty()) {
      const auto ids = parse_message_ids(header.value);
      if (!ids.empty()) out.message_id = ids.front();
    } else if (is("To") || is("Cc") || is("Bcc") || is("X-Envelope-To") || is("Envelope-To")) {
      for (const Mailbox& box : parse_mailboxes(header.value)) out.recipients.push_back(box.address);
    } else if (is("From") && out.from.empty()) {
      const auto from = parse_mailboxes(header.value);
      if (!from.empty()) out.from = from.front().address;
    }
  }
  return out;
}

}  // namespace overture::mail
