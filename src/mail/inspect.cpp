#include "mail/inspect.hpp"

#include "mail/reply_text.hpp"

namespace overture::mail {
namespace {

/// The mail that is answered: RFC 5322 section 3.6.4 puts it last into References too. A read receipt names
/// it.
std::string answered_id(const InboundMessage& message) {
  if (!message.in_reply_to.empty()) return message.in_reply_to;
  if (!message.references.empty()) return message.references.back();
  return {};
}

bool hangs_on_subject(const Inspection& inspection, UnsubscribeRule rule) {
  if (inspection.kind != MailClass::human && inspection.kind != MailClass::unsubscribe) return false;
  if (rule == UnsubscribeRule::off) return false;
  if (asks_in_text(inspection.text, rule)) return false;
  return wish_in_subject(inspection.message.subject) == SubjectWish::may_be_quoted;
}

}  // namespace

Inspection inspect(std::string_view raw, const InspectOptions& options) {
  Inspection out;
  out.message = parse_message(raw);
  out.text = new_text(out.message);
  BounceReport bounce = find_bounce(out.message);
  out.kind = classify(out.message, bounce, out.text, options.unsubscribe, options.own_addresses);
  out.hangs_on_subject = hangs_on_subject(out, options.unsubscribe);
  out.message_id = answered_id(out.message);
  if (out.kind == MailClass::bounce) {
    if (!bounce.message_id.empty()) out.message_id = bounce.message_id;
    out.bounce = std::move(bounce);
  } else if (out.kind == MailClass::auto_reply && tells_of_absence(out.message, out.text)) {
    out.is_away = true;
    out.back_on = find_return_date(out.message, out.text);
  }
  return out;
}

MailClass class_of_answer(const Inspection& inspection, std::string_view answered_subject) {
  if (!inspection.hangs_on_subject || answered_subject.empty()) return inspection.kind;
  const bool asks = asks_behind_mark(inspection.message.subject, answered_subject);
  return asks ? MailClass::unsubscribe : MailClass::human;
}

}  // namespace overture::mail
