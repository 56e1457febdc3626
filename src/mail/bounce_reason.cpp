// The cause of a bounce: clear words first, then the status, then vague words, then the SMTP code.
#include <re2/re2.h>

#include <algorithm>

#include "base/smtp_status.hpp"
#include "base/text.hpp"
#include "mail/bounce_parts.hpp"
#include "mail/bounce_phrases.hpp"

namespace overture::mail {
namespace {

// In the order of BounceReason.
constexpr std::string_view kNames[] = {
    "undefined",     "user_unknown",    "host_unknown", "mailbox_full",  "mailbox_disabled", "has_moved",
    "not_accepted",  "message_too_big", "spam",         "virus",         "policy",           "authentication",
    "blocked",       "rate_limited",    "rejected",     "filtered",      "relaying_denied",  "security",
    "content_error", "mailer_error",    "expired",      "network_error", "system_full",      "system_error",
    "syntax_error",  "on_hold",         "feedback"};
static_assert(std::size(kNames) == static_cast<std::size_t>(BounceReason::feedback) + 1);

struct Words {
  std::optional<BounceReason> clear;
  std::optional<BounceReason> vague;
  std::uint64_t all = 0;  ///< a bit for each reason there were clear words for
};

/// Addresses and links hold words that mean nothing: spam@example.com, example.com/blocked.
std::string without_addresses(std::string_view text) {
  std::string out;
  for (const std::string_view word : base::split(text, ' ')) {
    const bool address =
        word.find('@') != std::string_view::npos || word.find("://") != std::string_view::npos;
    if (!out.empty()) out += ' ';
    if (!address) {
      out += word;
    } else if (word.find("spamhaus") != std::string_view::npos ||
               word.find("dmarc") != std::string_view::npos ||
               word.find("spamcop") != std::string_view::npos ||
               word.find("openspf") != std::string_view::npos) {
      out += word;
    } else {
      // What is written onto an address without a space stays: `<a@b.c>:user unknown`.
      const std::size_t end = word.find_last_of(">:;,");
      if (end != std::string_view::npos && word.find("://") == std::string_view::npos)
        out += word.substr(end);
    }
  }
  return out;
}

Words words_of(std::string_view text) {
  static const PhraseTable table(reason_phrases());
  Words words;
  std::size_t clear_row = SIZE_MAX;
  std::size_t vague_row = SIZE_MAX;
  // Replies of several lines repeat their codes in the middle of sentences.
  static const RE2 code(R"((^|\s)[45]\d\d[- ]+(?:[45]\.\d{1,3}\.\d{1,3}\s+)?)");
  std::string said(text.substr(0, 16U << 10U));
  RE2::GlobalReplace(&said, code, " ");
  const std::string normal = without_addresses(normal_text(said));
  table.visit(normal, [&](std::size_t, const Phrase& phrase) {
    const auto row = table.row_of(phrase);
    if (phrase.value < kVague) words.all |= std::uint64_t{1} << static_cast<unsigned>(phrase.value);
    if (phrase.value < kVague && row < clear_row) {
      clear_row = row;
      words.clear = static_cast<BounceReason>(phrase.value);
    } else if (phrase.value > kVague && row < vague_row) {
      vague_row = row;
      words.vague = static_cast<BounceReason>(phrase.value - kVague);
    }
    return true;
  });
  return words;
}

/// Which command the other server refused.
enum class Command { unknown, mail, rcpt, data };
Command command_of(std::string_view said) {
  static constexpr Phrase kCommands[] = {
      {"rcpt to", 1},
      {"rcpt_to", 1},
      {"rcpt command", 1},
      {"does not like recipient", 1},
      {"resolver.adr", 1},
      {"end of data", 2},
      {"data command", 2},
      {">>> data", 2},
      {"after i sent the message", 2},
      {"mail from", 3},
      {"mail_from", 3},
      {"sender was rejected", 3},
  };
  static const PhraseTable table(kCommands);
  const Phrase* found = table.find_first_row(normal_text(said.substr(0, 4096)));
  if (found == nullptr) return Command::unknown;
  return found->value == 1 ? Command::rcpt : found->value == 2 ? Command::data : Command::mail;
}

BounceReason reason_of_code(int code, Command command) {
  if (code == 552) return BounceReason::mailbox_full;
  if (code == 556) return BounceReason::not_accepted;
  if (code == 521) return BounceReason::not_accepted;
  if (code >= 500 && code <= 504) return BounceReason::syntax_error;
  if (code == 530 || code == 534 || code == 535 || code == 538) return BounceReason::security;
  if (command == Command::rcpt && (code == 550 || code == 551 || code == 553 || code == 511)) {
    return BounceReason::user_unknown;
  }
  if (command == Command::mail && code >= 550) return BounceReason::rejected;
  if (command == Command::data && code == 554) return BounceReason::spam;
  if (code == 551) return BounceReason::user_unknown;
  if (code == 421 || code == 450 || code == 451) return BounceReason::expired;
  return BounceReason::undefined;
}

/// "Mailbox unavailable" and its like: there, with 5.2.1, but asleep.
bool is_unavailable(std::string_view said) {
  static const RE2 pattern(R"((?i)\bunavailable\b|\bnot available\b)");
  return RE2::PartialMatch(re2::StringPiece(said.data(), said.size()), pattern);
}

/// A refusal in words we do not know that is put to the sender, or names what it comes from, is about the
/// sender: `550 Confirm your server`, `550 Blocked`, `550 IP is rejected`.
bool is_about_sender(std::string_view said) {
  static const RE2 pattern(
      R"((?i)\b[45]\d\d\b[^\n]{0,120}(?:\b(?:you|your|you're|please|ips?|ip address|client|senders?|helo|ehlo|ptr|)"
      R"(dns|rbl|dnsbl|drbl|rdns|blocked|listed|whitelist(?:ed)?|spoof(?:ed|ing)?|junk\s?mail|relay(?:ing)?|)"
      R"(unauthenticated|unauthori[sz]ed|no access|this range|network)\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|https?://))");
  return RE2::PartialMatch(re2::StringPiece(said.data(), said.size()), pattern);
}

bool is_telling(std::string_view status, BounceReason by_status) {
  // Filters and gateways put everything under these.
  if (by_status == BounceReason::undefined || status.size() < 5) return false;
  const std::string_view detail = status.substr(2);
  return detail != "1.0" && detail != "2.0" && detail != "3.0" && detail != "7.1" && detail != "7.0" &&
         detail != "5.1" && detail != "5.2" && detail != "5.4" && detail != "4.0" && detail != "4.1" &&
         detail != "4.4" && detail != "4.7" && detail != "3.5" && detail != "2.1";
}

}  // namespace

std::string_view reason_name(BounceReason reason) { return kNames[static_cast<std::size_t>(reason)]; }

bool is_hard(BounceReason reason, std::string_view status) {
  switch (reason) {
    case BounceReason::user_unknown:
    case BounceReason::host_unknown:
    case BounceReason::has_moved:
      return true;
    case BounceReason::not_accepted:
      return !status.starts_with('4');
    default:
      return false;
  }
}

BounceReason find_reason(std::string_view said, std::string_view status, int code, std::string_view about) {
  if (base::restricts_recipient(status, base::lower_ascii(said))) return BounceReason::not_accepted;
  const Words words = words_of(said);
  const BounceReason by_status = reason_of_status(status);
  const bool agreed = (words.all >> static_cast<unsigned>(by_status) & 1U) != 0;
  if (agreed && is_telling(status, by_status)) return by_status;
  Command command = command_of(said);
  if (command == Command::unknown) command = command_of(about);
  // Servers that only answer after DATA say "user unknown" for every filter: without a status it proves
  // nothing. Yahoo's know by then.
  const std::string lower = base::lower_ascii(said);
  const bool knows = lower.find("delivery error: dd") != std::string::npos ||
                     lower.find("requested mail action aborted, mailbox not found") != std::string::npos;
  if (words.clear == BounceReason::user_unknown && command == Command::data && !status.starts_with("5.1") &&
      !knows) {
    return BounceReason::filtered;
  }
  // Scanners of mail leave their names below reports that nobody put into a server's words.
  const bool is_footer = words.clear == BounceReason::virus && code == 0 && is_telling(status, by_status);
  if (words.clear && !is_footer) return *words.clear;
  if (is_telling(status, by_status)) return by_status;
  if (words.vague == BounceReason::user_unknown && by_status == BounceReason::mailbox_disabled &&
      is_unavailable(said)) {
    return by_status;
  }
  // "Recipient address rejected: please try later".
  const bool for_now = (code == 0 ? status.starts_with('4') : code < 500) && !status.starts_with("4.1");
  const bool is_vague = !words.vague || *words.vague == BounceReason::undefined ||
                        (for_now && *words.vague == BounceReason::user_unknown);
  if (!is_vague) return *words.vague;
  if (command == Command::rcpt && status.starts_with("5.1")) return BounceReason::user_unknown;
  if (by_status != BounceReason::undefined) return by_status;
  BounceReason by_code = reason_of_code(code, command);
  if (by_code == BounceReason::user_unknown && is_about_sender(said)) by_code = BounceReason::policy;
  if (by_code != BounceReason::undefined) return by_code;
  if (!about.empty()) return find_reason(about, status, code, {});
  return status.empty() && code == 0 ? BounceReason::on_hold : BounceReason::undefined;
}

}  // namespace overture::mail
