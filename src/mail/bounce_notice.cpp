// Whether a message without a delivery-status part is a failure notice. Several weak signs have to agree: who
// it is from, how it is titled, how it opens, what is in it; and nothing may speak of a person or a list
// behind it.
#include <re2/re2.h>

#include <algorithm>

#include "base/text.hpp"
#include "mail/bounce_parts.hpp"
#include "mail/bounce_phrases.hpp"
#include "mail/classify.hpp"

namespace overture::mail {
namespace {

/// Local parts and names of those who write about failures.
bool is_daemon_name(std::string_view text) {
  static const RE2 pattern(
      R"((?i)mailer[-_. ]?daemon|mail[-_. ]?daemon|post[-_.]?master|mail[- ]?deliver|delivery (?:sub)?system|mail system|maildaemon|mailerdaemon|mailsystem|mdaemon|bounce[-_.+=]|^bounces?@|^mdaemon|^mailer@|^mail-daemon|^mmdf@|^smtp@|message[- ]delivery|e-?mail delivery|^root@|^majordomo|content[- ]filter|microsoft outlook|microsoftexchange|microsoft exchange|mail gateway|mailgateway|mailserver|mail server|^daemon@|^uucp@|non-?delivery|^undeliver|mailmarshal|^groupwise|antispam|antivirus|virus ?scan|mta@|^no-?reply.*(?:bounce|deliver)|mail-noreply@google|メール(?:配信|サーバ|送信))");
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

/// People call themselves so as well: it says something only with an address that is nobody's own.
bool is_office_name(const std::string& name) {
  static const RE2 pattern(R"((?i)^\W*(?:(?:mail|system)[- ]?admin(?:istrator)?|administrateur système)\b)");
  return RE2::PartialMatch(name, pattern);
}

bool is_administrator(const Mailbox& from) {
  static const RE2 pattern(R"((?i)^(?:mail|sys(?:tem)?)?[-_.]?(?:admin(?:istrator)?|system)@)");
  return is_office_name(from.name) && RE2::PartialMatch(from.address, pattern);
}

/// Where a daemon could write, somebody gives a name.
bool has_own_name(const InboundMessage& message) {
  return std::any_of(message.from.begin(), message.from.end(), [](const Mailbox& from) {
    return !from.name.empty() && from.name.find('@') == std::string::npos && !is_daemon_name(from.name) &&
           !is_office_name(from.name);
  });
}

bool is_of_a_list(const InboundMessage& message) {
  for (const std::string_view name :
       {"List-Unsubscribe", "List-Id", "List-Post", "X-Campaign", "Feedback-ID"}) {
    if (message.find_header(name) != nullptr) return true;
  }
  return false;
}

/// Numbers and words that only servers write.
bool has_evidence(std::string_view report) {
  const SmtpReply reply = find_reply(report);
  if (reply.code != 0 || !reply.status.empty()) return true;
  static const PhraseTable table(reason_phrases());
  const std::string normal = normal_text(report.substr(0, 16U << 10U));
  bool found = false;
  table.visit(normal, [&](std::size_t, const Phrase& phrase) {
    found = phrase.value < kVague || phrase.value == kVague + static_cast<int>(BounceReason::user_unknown) ||
            phrase.value == kVague + static_cast<int>(BounceReason::expired) ||
            phrase.value == kVague + static_cast<int>(BounceReason::network_error);
    return !found;
  });
  return found;
}

}  // namespace

bool has_null_path(const InboundMessage& message) {
  for (const std::string_view name :
       {"Return-Path", "X-Envelope-From", "Envelope-From", "X-Original-Return-Path"}) {
    const std::string* path = message.find_header(name);
    if (path == nullptr) continue;
    const std::string_view bare = base::trim(*path);
    return bare == "<>" || bare.empty() || base::lower_ascii(bare).find("mailer-daemon") != std::string::npos;
  }
  return false;
}

bool is_daemon(const InboundMessage& message) {
  return message.from.empty() ||
         std::any_of(message.from.begin(), message.from.end(), [](const Mailbox& from) {
           return is_daemon_name(from.address) || is_daemon_name(from.name) || is_administrator(from);
         });
}

bool is_from_daemon(const InboundMessage& message) {
  if (!message.from.empty() && is_daemon(message)) return true;
  if (message.from.empty()) {
    const std::string* from = message.find_header("From");
    if (from == nullptr || is_daemon_name(*from) || base::trim(*from) == "<>") return true;
  }
  return has_null_path(message);
}

Notice judge_notice(const InboundMessage& message, std::string_view report, bool has_original) {
  static const PhraseTable subjects(failure_subjects());
  static const PhraseTable late_subjects(delay_subjects());
  static const PhraseTable openings(failure_openings());
  static const PhraseTable late_openings(delay_openings());
  const std::string subject = normal_text(message.subject);
  const std::string opening = normal_text(report.substr(0, 6000));

  const bool null_path = has_null_path(message);
  const bool failed_header = message.find_header("X-Failed-Recipients") != nullptr;
  const std::string* submitted = message.find_header("Auto-Submitted");
  const bool automatic = submitted != nullptr && base::lower_ascii(*submitted) != "no";
  const bool is_report = message.content_type == "multipart/report";
  // Carl <postmaster@…> tells in his own words who has left.
  const bool by_machine = null_path || failed_header || automatic || is_report || has_original;
  const bool daemon = is_daemon(message) && (by_machine || !has_own_name(message));
  const bool subject_fits = subjects.occurs(subject);
  const bool opening_fits =
      openings.occurs(std::string_view(opening).substr(0, daemon || null_path ? 3000 : 500));
  const bool answers = message.find_header("In-Reply-To") != nullptr;

  // A mailbox that answers by itself, whatever it says of mailboxes that are closed or full.
  if (is_answering_machine(message) && !daemon && !failed_header && !is_report &&
      (!has_original || !subject_fits)) {
    return Notice::none;
  }
  const bool late = late_openings.occurs(opening) || late_subjects.occurs(subject);
  int score = 3 * failed_header + 3 * daemon + 2 * null_path + 2 * subject_fits + 2 * opening_fits +
              (has_original ? 1 : 0) + 2 * is_report;
  if (automatic) ++score;
  // A person answered or passed it on, however much of a bounce is quoted.
  if (has_answer_mark(message.subject) && !daemon) score -= 4;
  if (answers && !daemon && !null_path) score -= 3;
  if (is_of_a_list(message) && !daemon) score -= 4;
  if (!daemon && !null_path && !failed_header && submitted == nullptr) score -= 1;
  // Somebody's absence is no failure, though vacation programs write with a null path.
  const bool told = subject_fits || opening_fits || failed_header;
  if (score < 4 || !told || !has_evidence(report)) {
    // A daemon that says only that it failed, and gives the mail back or opens like one.
    const bool bare =
        daemon && (subject_fits || subject.empty()) && (has_original || opening_fits) && score >= 5;
    if (!bare) return Notice::none;
  }
  return late ? Notice::delay : Notice::failure;
}

}  // namespace overture::mail
