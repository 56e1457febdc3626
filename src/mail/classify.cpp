#include "mail/classify.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <initializer_list>

#include "base/text.hpp"
#include "mail/auto_reply_phrases.hpp"
#include "mail/automatic_words.hpp"
#include "mail/bounce_parts.hpp"
#include "mail/invitation.hpp"
#include "mail/ticket_answer.hpp"
#include "rules/subject.hpp"

namespace overture::mail {
namespace {

constexpr std::string_view kNames[] = {"human", "auto_reply", "bounce", "unsubscribe", "own_copy"};

std::string lower_header(const InboundMessage& message, std::string_view name) {
  const std::string* value = message.find_header(name);
  return value == nullptr ? std::string() : base::lower_ascii(base::trim(*value));
}

/// It names a mail that it answers, as people's programs do; what is sent to many answers none.
bool answers_a_mail(const InboundMessage& message) {
  return message.find_header("In-Reply-To") != nullptr || message.find_header("References") != nullptr;
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Headers of answers that a mailbox gives by itself.
bool has_answering_header(const InboundMessage& message) {
  if (lower_header(message, "Auto-Submitted").starts_with("auto-replied")) return true;
  for (const std::string_view name :
       {"X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder", "X-Auto-Responder",
        "X-AutoReply-From", "X-Mail-Autoreply", "X-Vacation", "X-Mailer-Autoresponder"}) {
    const std::string value = lower_header(message, name);
    if (!value.empty() && !is_any_of(value, {"no", "false", "0"})) return true;
  }
  return is_any_of(lower_header(message, "Precedence"), {"auto_reply", "auto-reply"}) ||
         lower_header(message, "X-MS-Exchange-Generated-Message-Source") == "mailbox rules agent" ||
         lower_header(message, "X-MS-Exchange-Inbox-Rules-Loop").find('@') != std::string::npos;
}

bool has_automatic_header(const InboundMessage& message) {
  // RFC 3834 section 5: anything but `no`, comments and parameters aside.
  const std::string submitted = lower_header(message, "Auto-Submitted");
  if (!submitted.empty() && submitted != "no" && !submitted.starts_with("no;") &&
      !submitted.starts_with("no (")) {
    return true;
  }
  for (const std::string_view name : {"X-FC-MachineGenerated", "X-POST-MessageClass"}) {
    const std::string value = lower_header(message, name);
    if (!value.empty() && !is_any_of(value, {"no", "false", "0"})) return true;
  }
  return has_answering_header(message) || has_null_path(message) ||
         is_any_of(lower_header(message, "Precedence"), {"bulk", "junk"}) ||
         lower_header(message, "X-Auto-Generated") == "true";
}

/// What a mailing list or a newsletter writes. A shared address (Google Groups) and some mail systems write
/// it into people's answers too, so it means something only in mails that answer none.
bool is_sent_to_many(const InboundMessage& message) {
  if (answers_a_mail(message)) return false;
  if (lower_header(message, "Precedence") == "list") return true;
  return message.find_header("List-Id") != nullptr || message.find_header("List-Unsubscribe") != nullptr ||
         message.find_header("List-Post") != nullptr;
}

bool is_machine_type(const InboundMessage& message) {
  if (message.content_type == "multipart/report" || message.content_type == "text/calendar" ||
      message.report_type == "disposition-notification") {
    return true;
  }
  for (const EmbeddedPart& part : message.embedded) {
    if (part.content_type.ends_with("disposition-notification") ||
        part.content_type.ends_with("delivery-status"))
      return true;
  }
  return false;
}

/// An invitation or an answer to one. In an answer to a mail it is an attachment.
bool has_calendar(const InboundMessage& message) {
  return message.find_header("In-Reply-To") == nullptr &&
         std::any_of(message.attachments.begin(), message.attachments.end(),
                     [](const Attachment& one) { return one.content_type == "text/calendar"; });
}

/// Behind the `[name]` that a gateway or list writes in front.
std::string_view without_list_mark(std::string_view subject) {
  const std::size_t end = subject.starts_with('[') ? subject.find("] ") : std::string_view::npos;
  return end == std::string_view::npos ? subject : subject.substr(end + 2);
}

/// One of the phrases is in the subject, or begins it where it has to, and `counts` (of what stands before
/// and behind it). "Re: Out of office" is a person's answer to one, so nothing counts behind a mark of
/// answers.
template <typename Counts>
bool has_subject_of(const InboundMessage& message, const PhraseTable& table, Counts counts) {
  if (has_answer_mark(message.subject)) return false;
  const std::string normal = normal_text(message.subject);
  const std::string_view subject = base::trim(normal);
  const std::string_view behind = without_list_mark(subject);
  const std::size_t begin = subject.size() - behind.size();
  bool found = false;
  table.visit(subject, [&](std::size_t at, const Phrase& phrase) {
    found = (phrase.value != kAtStart || at == 0 || at == begin || (at == 1 && subject[0] == '[')) &&
            counts(subject.substr(0, at), subject.substr(at + phrase.text.size()));
    return !found;
  });
  return found;
}

bool has_automatic_subject(const InboundMessage& message) {
  static const PhraseTable table(auto_reply_subjects());
  return has_subject_of(message, table, [](std::string_view, std::string_view) { return true; });
}

/// With a second sign beside the phrase, for people begin so too: a number of a request (`[#123]`,
/// `Ticket 77`), the phrase in brackets, or nothing else in a mail that answers none, but behind the colon of
/// a title.
bool has_receipt_subject(const InboundMessage& message) {
  static const PhraseTable sentences(receipt_subjects());
  static const PhraseTable titles(receipt_titles());
  static const RE2 number(
      R"(#\s?\d|\[[a-z]*[-: ]{0,2}\d{3,}\]|(?:ticket|case|request|vorgang|anfrage)[- :]{1,2}(?:nr\.? |id:? ?)?[a-z-]{0,5}\d{2,})");
  const bool numbered = RE2::PartialMatch(normal_text(message.subject), number);
  const bool answers = answers_a_mail(message);
  const auto counts = [&](std::string_view before, std::string_view behind) {
    if (numbered || (before == "[" && behind.starts_with(']'))) return true;
    return !answers && behind.find_first_not_of(" .!") == std::string_view::npos;
  };
  const auto counts_as_title = [&](std::string_view before, std::string_view behind) {
    return counts(before, behind) || (!answers && base::trim(behind).starts_with(':'));
  };
  return has_subject_of(message, sentences, counts) || has_subject_of(message, titles, counts_as_title);
}

/// Nobody reads what is sent there.
bool is_robot(const Mailbox& from) {
  static const RE2 pattern(
      R"((?i)^(?:no-?reply|do-?not-?reply|donot-?reply|noreply[-+.].*|mailer-daemon|notifications?|notify|bounces?|auto-?reply|autoresponder|auto-?respond|calendar-notification)(?:[-+._].*)?@|@(?:notifications?|bounce)\.)");
  return RE2::PartialMatch(from.address, pattern);
}

/// Machines send to many from there; at a small site its owner answers from there too.
bool is_role(const Mailbox& from) {
  static const RE2 pattern(
      R"((?i)^(?:postmaster|newsletter|news|alerts?|mailer|digest|receipts?)(?:[-+._].*)?@|@(?:mailer|newsletter)\.)");
  return RE2::PartialMatch(from.address, pattern);
}

}  // namespace

bool has_answer_mark(std::string_view subject) {
  const std::string normal = normal_text(subject);
  const std::string_view behind = without_list_mark(base::trim(normal));
  return rules::normalised_subject(behind).size() < behind.size();
}

bool is_answering_machine(const InboundMessage& message) {
  return has_answering_header(message) || has_automatic_subject(message);
}

std::string_view class_name(MailClass kind) { return kNames[static_cast<std::size_t>(kind)]; }

bool is_automatic(const InboundMessage& message, std::string_view new_text) {
  if (is_agents_answer(message)) return is_answering_machine(message);
  if (has_automatic_header(message) || is_machine_type(message) || is_sent_to_many(message)) return true;
  if (has_calendar(message) && !has_words_beside_invitation(message.subject, new_text)) return true;
  const auto is_from = [&](bool (*kind)(const Mailbox&)) {
    return std::any_of(message.from.begin(), message.from.end(), kind);
  };
  if (is_from(is_robot)) return true;
  if (!answers_a_mail(message) && (is_from(is_role) || is_from_daemon(message))) return true;
  return has_automatic_subject(message) || has_receipt_subject(message) || says_it_is_automatic(new_text);
}

bool tells_of_absence(const InboundMessage& message, std::string_view new_text) {
  if (is_machine_type(message) || has_calendar(message) || is_sent_to_many(message)) return false;
  if (is_answering_machine(message)) return true;
  if (says_it_is_automatic(new_text) && says_who_is_away(new_text)) return true;
  // Vacations of old: nothing but these, in an answer.
  return answers_a_mail(message) &&
         (has_null_path(message) || is_any_of(lower_header(message, "Precedence"), {"bulk", "junk"}));
}

bool asks_to_unsubscribe(const InboundMessage& message, std::string_view new_text, UnsubscribeRule rule) {
  if (rule == UnsubscribeRule::off) return false;
  const SubjectWish wish = wish_in_subject(message.subject);
  if (wish == SubjectWish::asks) return true;
  if (wish == SubjectWish::may_be_quoted && asks_behind_mark(message.subject, {})) return true;
  return asks_in_text(new_text, rule);
}

MailClass classify(const InboundMessage& message, const BounceReport& bounces, std::string_view new_text,
                   UnsubscribeRule rule, const std::vector<std::string>& own_addresses) {
  for (const Mailbox& from : message.from) {
    const std::string address = base::lower(from.address);
    if (std::find(own_addresses.begin(), own_addresses.end(), address) != own_addresses.end()) {
      return MailClass::own_copy;
    }
  }
  if (!bounces.recipients.empty()) return MailClass::bounce;
  // Mail programs that press the unsubscribe link for their reader mark what they send as automatic.
  if (is_wish_alone(message.subject)) return MailClass::unsubscribe;
  if (is_automatic(message, new_text)) return MailClass::auto_reply;
  if (asks_to_unsubscribe(message, new_text, rule)) return MailClass::unsubscribe;
  return MailClass::human;
}

}  // namespace overture::mail
