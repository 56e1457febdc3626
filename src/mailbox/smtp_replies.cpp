#include "mailbox/smtp_replies.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/smtp_status.hpp"
#include "base/text.hpp"

namespace overture::mailbox {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return text.starts_with(beginning); });
}

/// `text` in lower case speaks of the address that was written to: it is not there, full, or switched off.
bool names_recipient(std::string_view text) {
  if (has_any(text, {"too many", "rate limit", "spamhaus", "blacklist", "blocklist", "reputation"}))
    return false;
  return has_any(text, {"user unknown",
                        "unknown user",
                        "no such user",
                        "no such recipient",
                        "no such mailbox",
                        "no such person",
                        "no such account",
                        "no such address",
                        "no mailbox",
                        "does not exist",
                        "doesn't exist",
                        "not exist",
                        "doesn't have a",
                        "does not have a",
                        "invalid recipient",
                        "invalid mailbox",
                        "invalid address",
                        "unknown recipient",
                        "recipient unknown",
                        "unknown address",
                        "address unknown",
                        "recipient not found",
                        "mailbox not found",
                        "user not found",
                        "account not found",
                        "mailbox unavailable",
                        "mailbox is unavailable",
                        "not a valid mailbox",
                        "not a known user",
                        "unrouteable",
                        "unroutable",
                        "undeliverable address",
                        "recipient rejected",
                        "recipient address rejected",
                        "mailbox full",
                        "mailbox is full",
                        "over quota",
                        "overquota",
                        "quota exceeded",
                        "exceeded storage",
                        "out of storage",
                        "insufficient storage for this user",
                        "disabled",
                        "inactive",
                        "deactivated",
                        "suspended",
                        "no longer",
                        "no valid recipients",
                        "not our customer",
                        "user doesn't",
                        "is not known"});
}

/// … of us: our reputation, address, authentication, rate or content policy.
bool names_sender(std::string_view text) {
  return has_any(text, {"spam",
                        "blocked",
                        "blacklist",
                        "blocklist",
                        "block list",
                        "black list",
                        "block-list",
                        "blackholed",
                        "dnsbl",
                        "rbl",
                        "spamhaus",
                        "barracuda",
                        "reputation",
                        "policy",
                        "policies",
                        " spf",
                        "spf ",
                        "dkim",
                        "dmarc",
                        "unauthenticated",
                        "authenticat",
                        "relay",
                        "your ip",
                        "client host",
                        "reverse dns",
                        " ptr",
                        "rdns",
                        "helo",
                        "ehlo",
                        "rate limit",
                        "ratelimit",
                        "rate-limit",
                        "too many",
                        "too fast",
                        "limit exceeded",
                        "exceeded the",
                        "sending limit",
                        "daily limit",
                        "hourly",
                        "throttl",
                        "unsolicited",
                        "suspicious",
                        "bulk",
                        "sender address",
                        "sender rejected",
                        "sender denied",
                        "send as",
                        "sendas",
                        "not permitted to send",
                        "not allowed to send",
                        "from address",
                        "mail from",
                        "not owned",
                        "not verified",
                        "unverified",
                        "tss0",
                        "unusual",
                        "access denied",
                        "banned",
                        "complaint",
                        "temporarily deferred due",
                        "connection rate",
                        "too much mail",
                        "starttls"});
}

bool names_greylisting(std::string_view text) {
  return has_any(text, {"greylist", "graylist", "grey-list", "gray-list", "grey list", "gray list"});
}

SendOutcome outcome_of_temporary(std::string_view phase, int code, std::string_view enhanced,
                                 std::string_view text) {
  using enum SendOutcome;
  if (phase == "greeting" || phase == "login") return sender_refused;
  // 4.1.…, 4.2.…: the recipient's mailbox, also where the words speak of a rate.
  if (begins_with_any(enhanced, {"4.1.", "4.2."}) && enhanced != "4.1.8") return deferred;
  if (code == 421 || code == 454) return sender_refused;
  if (names_greylisting(text)) return deferred;
  if (names_recipient(text) && !begins_with_any(enhanced, {"4.7."})) return deferred;
  return names_sender(text) ? sender_refused : deferred;
}

SendOutcome outcome_of_enhanced(std::string_view enhanced, std::string_view text) {
  using enum SendOutcome;
  if (enhanced == "5.1.7" || enhanced == "5.1.8")
    return sender_refused;  // the sender's address (RFC 3463 3.2)
  if (begins_with_any(enhanced, {"5.1.", "5.2.", "5.4."})) {
    return names_sender(text) && !names_recipient(text) ? sender_refused : refused;
  }
  if (enhanced.starts_with("5.6.") || enhanced == "5.3.4") return refused;
  if (base::restricts_recipient(enhanced, text)) return refused;
  // 5.7.…: security or policy. With the plain words for an unknown user it is that all the same.
  return names_recipient(text) && !names_sender(text) ? refused : sender_refused;
}

SendOutcome outcome_of_words(std::string_view phase, int code, std::string_view text) {
  using enum SendOutcome;
  const bool recipient = names_recipient(text);
  if (names_sender(text) && !recipient) return sender_refused;
  if (recipient || code == 552 || code == 523) return refused;
  if (phase == "dot") return refused;
  // 550, 551, 553 are about the mailbox named; 521 and 556 say that its host takes no mail (RFC 7504).
  const bool mailbox = code == 550 || code == 551 || code == 553 || code == 521 || code == 556 || code == 501;
  return phase == "rcpt" && mailbox ? refused : sender_refused;
}

}  // namespace

std::optional<SmtpReplyLine> parse_reply_line(std::string_view line) {
  if (line.size() < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2])) return std::nullopt;
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (code < 200 || code > 599) return std::nullopt;
  if (line.size() == 3) return SmtpReplyLine{code, true, {}};
  if (line[3] != ' ' && line[3] != '-') return std::nullopt;
  return SmtpReplyLine{code, line[3] == ' ', line.substr(4)};
}

std::string take_enhanced(std::string_view& text) {
  // class "." subject "." detail, up to three digits each (RFC 3463 section 2); some write "#5.1.1".
  std::size_t at = text.starts_with('#') ? 1 : 0;
  const std::size_t begin = at;
  for (int part = 0; part < 3; ++part) {
    std::size_t digits = 0;
    while (at < text.size() && is_digit(text[at])) ++at, ++digits;
    if (digits == 0 || digits > 3 || (part == 0 && digits != 1)) return {};
    if (part < 2 && (at >= text.size() || text[at++] != '.')) return {};
  }
  if (at < text.size() && text[at] != ' ' && text[at] != ':' && text[at] != '-') return {};
  if (text[begin] != '2' && text[begin] != '4' && text[begin] != '5') return {};
  std::string enhanced(text.substr(begin, at - begin));
  text = base::trim(text.substr(std::min(at + 1, text.size())));
  return enhanced;
}

SendOutcome outcome_of_reply(std::string_view phase, int code, std::string_view enhanced,
                             std::string_view text) {
  using enum SendOutcome;
  if (code >= 200 && code < 400) return phase == "dot" && code < 300 ? accepted : sender_refused;
  const std::string lowered = base::lower_ascii(text);
  if (code < 500) return outcome_of_temporary(phase, code, enhanced, lowered);
  if (phase == "login") return login_failed;
  if (phase == "greeting") return sender_refused;
  const bool wants_login = (code == 530 || code == 535 || code == 534) && !has_any(lowered, {"starttls"});
  if (wants_login || enhanced == "5.7.57") return login_failed;
  if (phase == "mail") {
    // Too large, by the SIZE we announced (RFC 1870): the only fault of a message that shows so early.
    return code == 552 || enhanced == "5.3.4" ? refused : sender_refused;
  }
  if (enhanced.starts_with("5.5.") || enhanced.starts_with("5.0.") || enhanced == "5.3.0") {
    return outcome_of_words(phase, code, lowered);  // codes that say nothing
  }
  return enhanced.starts_with('5') ? outcome_of_enhanced(enhanced, lowered)
                                   : outcome_of_words(phase, code, lowered);
}

std::string safe_line(std::string_view text, std::size_t max) {
  std::string line;
  text = base::trim(text);
  while (!text.empty()) {
    const std::string_view before = text;
    std::string piece;
    if (auto code_point = base::take_code_point(text)) {
      piece = before.substr(0, before.size() - text.size());
    } else {
      text.remove_prefix(1);
    }
    if (piece.empty() || base::has_control(piece)) {
      piece =
          piece == "\t" ? " " : "\\x" + base::hex(before.substr(0, std::max<std::size_t>(piece.size(), 1)));
    }
    if (line.size() + piece.size() > max) break;
    line += piece;
  }
  return line;
}

}  // namespace overture::mailbox
