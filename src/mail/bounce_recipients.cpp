// Which addresses a report in plain words is about, and what it says about each.
#include <re2/re2.h>

#include <algorithm>

#include "base/text.hpp"
#include "mail/bounce_parts.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kMaxLines = 2000;
constexpr std::size_t kMaxRecipients = 200;

struct Found {
  std::string address;
  std::size_t line;
  int weight;
  bool retold = false;  ///< in the headers of our mail that the report tells of
};

std::string key_of(std::string_view address) { return base::lower_ascii(address); }

/// Addresses of programs and of help desks are told in reports, but nothing was sent to them.
bool is_of_service(std::string_view address) {
  static const RE2 pattern(
      R"((?i)^(?:postmaster|mailer-daemon|abuse|support|helpdesk|hostmaster|webmaster|mailerdaemon|noc|security|unblock|postmast|help|mail-daemon|delist)@)");
  return RE2::PartialMatch(re2::StringPiece(address.data(), address.size()), pattern);
}

/// Lines whose address is somebody else's: the sender's, a help page, an id.
bool names_somebody_else(const std::string& line) {
  static const RE2 pattern(
      R"((?i)^[\s>*-]*(?:from|sender|reply-to|return-path|message-?id|x-mailer|received|mail from|mime|errors-to|reporting-mta|cc|in-reply-to|references|envelope-from|original-envelope-id|subject|from address|von|de|da|absender|absenderadresse|expéditeur|remitente|mittente|差出人|отправитель)\s*[:=：]|^[\s>]*(?:>>>|<<<)?\s*mail\s+from\s*:|message-id|\(envelope[ -]from|please (?:contact|direct|forward|send|e-?mail|write)|\bwrite (?:to|him|her|us|me)\b|for (?:further|more) (?:assistance|information|help)|contact (?:your|the|us)|if you (?:have|believe|think|need|want)|send (?:mail|e-?mail|a message) to|send your request|questions|arrived from|received from|mailto:(?:postmaster|abuse))");
  return RE2::PartialMatch(line, pattern);
}

/// How sure a line makes it that its address is the one that failed; negative when it is the sender's.
int weight_of(const std::string& line, const std::string& address, bool first_in_line) {
  static const RE2 sender(R"((?i)\b(?:e-?mails?|mails?|messages?)\s+from\s*:?\s*[<"'(]*$)");
  if (RE2::PartialMatch(line.substr(0, line.find(address)), sender)) return -1;
  // Nothing but the address and ornaments.
  std::string rest = line;
  for (const std::string& part : {address, "smtp:" + address, "SMTP:" + address}) {
    if (const std::size_t at = rest.find(part); at != std::string::npos) rest.erase(at, part.size());
    if (const std::size_t at = rest.find(part); at != std::string::npos) rest.erase(at, part.size());
  }
  const std::size_t letters =
      static_cast<std::size_t>(std::count_if(rest.begin(), rest.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
      }));
  if (letters == 0) return 10;
  static const RE2 leading(
      R"(^[\s>*\-"'(\[]*(?:\d+[.)]\s*)?<?(?:mailto:|smtp:|SMTP:|rfc822;\s*)?[^\s<>"]+@[^\s<>"]+[>"]?\s*(?:[:;(\[]|\.\.\.|-{1,3}\s|\s{2,}|,? (?:on|because|user|unknown|invalid|does|is|was|could|has|not|no|mailbox|failed|rejected|account|error)\b|$))");
  if (first_in_line && RE2::PartialMatch(line, leading)) return 9;
  static const RE2 labelled(
      R"((?i)(?:rcpt\s*to|final-recipient|original-recipient|recipients?|recipient(?:'s)? (?:e-?mail )?address|email address|e-?mail|to|address|addressee|delivery to|deliver(?:ed)? to|deliver (?:a |your |the |this )?(?:message |e-?mail |mail )?to|message to|mail to|send to|sent to|user|mailbox|account|dda:smtp|empfänger(?:adresse)?|empfaenger|an|à|destinataire|para|destinatario|a|destinatário|aan|ontvanger|till|til|do|adresat|příjemce|címzett|alıcı|кому|получатель|宛先|收件人|받는 사람|failed recipient|failed address|failing address|name)\s*(?:is|was)?\s*[:=：]?\s*["'(\[<«]*\s*(?:smtp:|rfc822;\s*)?$)");
  const std::size_t at = line.find(address);
  if (RE2::PartialMatch(line.substr(0, at), labelled)) return 8;
  static const RE2 reply(R"(^\W*[45]\d\d[ \-])");
  if (RE2::PartialMatch(line, reply)) return 6;
  static const RE2 saying(
      R"((?i)unknown|reject|fail|deliver|unable|invalid|not |exist|quota|full|denied|refus|undeliver|error|nicht|pas |couldn't|не |non |no )");
  return RE2::PartialMatch(line, saying) ? 5 : 2;
}

std::string collapse(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
    if (out.size() > 4000) break;
  }
  return std::string(base::trim(out));
}

/// Exim and Sendmail tell which alias an address came from.
std::string alias_in(const std::string& said) {
  static const RE2 pattern(
      R"(\((?:ultimately )?(?:generated|expanded) from:?\s*<?([^\s<>()]+@[^\s<>()]+)>?\))");
  std::string alias;
  RE2::PartialMatch(said, pattern, &alias);
  return alias;
}

/// Of each line whether it stands among headers of our mail that the report tells of (Exchange: `Your
/// message`, `To:`, `Subject:`, `Sent:`): a paragraph with a line for the recipient and one for the subject.
std::vector<bool> find_retold(const std::vector<std::string_view>& lines) {
  static const RE2 to(R"((?i)^[\s>]*(?:to|cc|an|à|para|a|aan|till|til|do|кому|宛先|收件人)\s*[:：])");
  static const RE2 subject(
      R"((?i)^[\s>]*(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|ämne|emne|тема|件名|主题)\s*[:：])");
  std::vector<bool> retold(lines.size(), false);
  for (std::size_t begin = 0; begin < lines.size();) {
    std::size_t end = begin;
    bool has_to = false;
    bool has_subject = false;
    for (; end < lines.size() && !base::trim(lines[end]).empty(); ++end) {
      const re2::StringPiece line(lines[end].data(), std::min<std::size_t>(lines[end].size(), 200));
      has_to = has_to || RE2::PartialMatch(line, to);
      has_subject = has_subject || RE2::PartialMatch(line, subject);
    }
    if (has_to && has_subject)
      std::fill(retold.begin() + static_cast<std::ptrdiff_t>(begin),
                retold.begin() + static_cast<std::ptrdiff_t>(end), true);
    begin = end + 1;
  }
  return retold;
}

/// Sendmail's transcripts: `550 5.1.1 <a@b.c>... User unknown`.
bool is_verdict(std::string_view line) {
  static const RE2 pattern(R"(^\s*[45]\d\d[ -](?:[45]\.\d\.\d+ )?<?[^\s<>@]+@[^\s<>@]+>?\.\.\. )");
  return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), pattern);
}

/// What a report says about the address in a line; `next` is the line of the next address.
std::string said_about(std::string_view report, const std::vector<std::string_view>& lines, std::size_t line,
                       std::size_t next) {
  std::size_t begin = line;
  std::size_t end = std::min({next, lines.size(), line + 30});
  if (is_verdict(lines[line])) {
    // What the other server said stands above it, and what is below is about the next address.
    while (begin > 0 && base::trim(lines[begin - 1]).starts_with("<<<")) --begin;
    end = line + 1;
    while (end < lines.size() && lines[end].starts_with(' ')) ++end;
  }
  const char* from = lines[begin].data();
  const char* to = end < lines.size() ? lines[end].data() : report.data() + report.size();
  return collapse(std::string_view(from, static_cast<std::size_t>(to - from)));
}

std::vector<Found> find_in_lines(const std::vector<std::string_view>& lines) {
  const std::vector<bool> retold = find_retold(lines);
  std::vector<Found> found;
  for (std::size_t i = 0; i < lines.size() && i < kMaxLines && found.size() < kMaxRecipients; ++i) {
    if (lines[i].find('@') == std::string_view::npos) continue;
    const std::string line(lines[i].substr(0, 2000));
    if (names_somebody_else(line)) continue;
    bool first = true;
    for (const std::string& address : find_addresses(line)) {
      int weight = weight_of(line, address, first);
      // A text that is wrapped after "to" goes on in the next line.
      if (weight == 10 && i > 0 && is_of_service(address)) weight = 2;
      found.push_back({address, i, weight, retold[i]});
      first = false;
    }
  }
  return found;
}

/// Our mail went to the one address, as its headers are told, and failed at the other, to which it was passed
/// on: the one does not count then. Returns it, or nothing.
std::string settle_retold(std::vector<Found>& found) {
  const bool fails_elsewhere = std::any_of(found.begin(), found.end(),
                                           [](const Found& one) { return !one.retold && one.weight >= 8; });
  std::string passed_on;
  for (Found& one : found) {
    if (!one.retold || !fails_elsewhere) continue;
    if (passed_on.empty() && one.weight >= 8) passed_on = one.address;
    one.weight = std::min(one.weight, 4);
  }
  return passed_on;
}

}  // namespace

std::vector<RecipientReport> find_recipients(const InboundMessage& message, std::string_view report,
                                             const OriginalHeaders& original) {
  std::vector<std::string> written_to;
  for (const std::string& one : original.recipients) written_to.push_back(key_of(one));
  std::vector<std::string> ours;
  for (const Mailbox& to : message.to) ours.push_back(key_of(to.address));
  for (const Mailbox& from : message.from) ours.push_back(key_of(from.address));
  if (!original.from.empty()) ours.push_back(key_of(original.from));
  const auto contains = [](const std::vector<std::string>& list, const std::string& key) {
    return std::find(list.begin(), list.end(), key) != list.end();
  };
  if (const std::string* failed = message.find_header("X-Failed-Recipients")) {
    std::vector<RecipientReport> all;
    for (const std::string& address : find_addresses(*failed)) {
      RecipientReport one;
      one.recipient = address;
      const std::size_t at = report.find(address);
      one.diagnostic = collapse(report.substr(at == std::string_view::npos ? 0 : at));
      all.push_back(std::move(one));
    }
    if (!all.empty()) return all;
  }

  const std::vector<std::string_view> lines = base::split(report, '\n');
  std::vector<Found> found = find_in_lines(lines);
  for (Found& one : found) {
    const std::string key = key_of(one.address);
    if (contains(written_to, key)) {
      one.weight += 4;
    } else if (contains(ours, key) || is_of_service(key)) {
      one.weight = -1;  // Unless it is the one we wrote to, the sender of the report is not its subject.
    }
  }
  const std::string passed_on = settle_retold(found);
  int best = 0;
  for (const Found& one : found) best = std::max(best, one.weight);
  std::vector<std::string> others;
  for (const std::string& one : original.recipients) {
    if (!contains(ours, key_of(one)) || original.recipients.size() == 1) others.push_back(one);
  }
  std::vector<RecipientReport> all;
  // An address in a sentence is less sure than the only one we wrote to.
  if (best >= 8 || (best >= 5 && others.size() != 1)) {
    // Those of about the same weight are a list of recipients.
    const int least = best >= 8 ? 8 : best;
    const std::vector<Found> every = found;
    std::erase_if(found, [&](const Found& one) { return one.weight < least; });
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::string key = key_of(found[i].address);
      // Up to the next address, also one that was not sure enough to be taken.
      std::size_t next = lines.size();
      for (const Found& other : every) {
        if (other.line > found[i].line && other.weight >= 0 && key_of(other.address) != key) {
          next = other.line;
          break;
        }
      }
      const std::string said = said_about(report, lines, found[i].line, next);
      const auto known = std::find_if(
          all.begin(), all.end(), [&](const RecipientReport& one) { return key_of(one.recipient) == key; });
      if (known != all.end()) {
        known->diagnostic += ' ' + said;
        continue;
      }
      RecipientReport one;
      one.recipient = found[i].address;
      one.diagnostic = said;
      const std::size_t near = std::min(lines.size(), found[i].line + 3);
      const char* near_end = near < lines.size() ? lines[near].data() : report.data() + report.size();
      one.original_recipient = alias_in(std::string(lines[found[i].line].data(), near_end));
      if (one.original_recipient.empty()) one.original_recipient = passed_on;
      all.push_back(std::move(one));
    }
    return all;
  }
  // The report names nobody: it is about the one we wrote to, when there was one.
  if (others.size() == 1 || (others.size() > 1 && best <= 2)) {
    RecipientReport one;
    one.recipient = others.front();
    one.diagnostic = collapse(report);
    all.push_back(std::move(one));
  } else if (best > 0) {
    for (const Found& candidate : found) {
      if (candidate.weight < best) continue;
      RecipientReport one;
      one.recipient = candidate.address;
      one.diagnostic = collapse(report);
      all.push_back(std::move(one));
      break;
    }
  }
  return all;
}

}  // namespace overture::mail
