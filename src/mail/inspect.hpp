// Everything that is found out about a mail that came in: what a mailbox poll runs, and `overture mail
// inspect`.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/bounce.hpp"
#include "mail/classify.hpp"
#include "mail/inbound.hpp"

namespace overture::mail {

struct InspectOptions {
  UnsubscribeRule unsubscribe = UnsubscribeRule::subject;  ///< as mailboxes have it
  std::vector<std::string> own_addresses;                  ///< our mailbox and its aliases, lower case
};

struct Inspection {
  MailClass kind = MailClass::human;
  BounceReport bounce;     ///< with recipients exactly when `kind` is bounce
  std::string message_id;  ///< of our mail that this answers, without `<>`; empty when not told
  std::string text;        ///< what is new in it: without quotation and signature of the mail answered
  bool is_away = false;    ///< an auto_reply for which tells_of_absence() holds
  std::optional<base::Millis> back_on;  ///< of one that says so, see find_return_date()
  /// Human or unsubscribe by a subject alone that may be the one of our mail: see class_of_answer().
  bool hangs_on_subject = false;
  InboundMessage message;
};

/// Never throws on any bytes, never touches anything outside. Thread-safe.
Inspection inspect(std::string_view raw, const InspectOptions& options);

/// What kind of mail it is once the subject of our mail that it answers is known (empty: not known): in
/// "Re: How to unsubscribe" the word may be ours.
MailClass class_of_answer(const Inspection& inspection, std::string_view answered_subject);

}  // namespace overture::mail
