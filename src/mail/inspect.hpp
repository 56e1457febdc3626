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
  UnsubscribeRule unsubscribe = UnsubscribeRule::anywhere;
  std::vector<std::string> own_addresses;  ///< our mailbox and its aliases, lower case
};

struct Inspection {
  MailClass kind = MailClass::human;
  BounceReport bounce;     ///< with recipients exactly when `kind` is bounce
  std::string message_id;  ///< of our mail that this answers, without `<>`; empty when not told
  std::string text;        ///< what is new in it: without quotation and signature of the mail answered
  std::optional<base::Millis> back_on;  ///< of an auto_reply that says so, see find_return_date()
  InboundMessage message;
};

/// Never throws on any bytes, never touches anything outside. Thread-safe.
Inspection inspect(std::string_view raw, const InspectOptions& options);

}  // namespace overture::mail
