// Bounces: reports that a mail could not be delivered, or that its reader complained.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mail/inbound.hpp"

namespace overture::mail {

/// Why, in a closed list of words. The order is the order of the table in bounce_reason.cpp.
enum class BounceReason {
  undefined,         ///< it says so in no words we know
  user_unknown,      ///< no such mailbox
  host_unknown,      ///< no such domain, or it has no mail server
  mailbox_full,      ///< over quota
  mailbox_disabled,  ///< there, but suspended or inactive
  has_moved,         ///< the person has another address now
  not_accepted,      ///< the host takes no mail at all (null MX, 5.3.2), or the address none from us
  message_too_big,   ///< for the system or for the mailbox
  spam,              ///< the content was taken for spam
  virus,             ///< the content was taken for a virus
  policy,            ///< a rule of the receiving site about messages like this one
  authentication,    ///< SPF, DKIM, DMARC or log-in did not satisfy
  blocked,           ///< our address of the network or its reputation
  rate_limited,      ///< too much at once
  rejected,          ///< the address of the sender was refused
  filtered,          ///< a filter of the recipient
  relaying_denied,   ///< the host is not responsible for the recipient
  security,          ///< access denied, encryption asked for, ...
  content_error,     ///< the message is malformed
  mailer_error,      ///< a program behind the mailbox failed
  expired,           ///< given up after tries
  network_error,     ///< DNS failure, routing, loops, connections
  system_full,       ///< the disk over there
  system_error,      ///< something over there is broken
  syntax_error,      ///< a command of SMTP was not understood
  on_hold,           ///< a bounce without a cause
  feedback,          ///< a reader's complaint (ARF, RFC 5965): write to them no more
};

/// The word, as printed and stored: `user_unknown`.
std::string_view reason_name(BounceReason reason);

/// One recipient that was not reached.
struct Bounce {
  std::string recipient;  ///< lower case as parse_email_address() spells it; empty when it is not told
  /// The address as the mail was sent to, when the report tells it apart from the final one; else empty.
  std::string original_recipient;
  std::string status;  ///< RFC 3463, `5.1.1`; derived from the SMTP code or the reason when none is written
  bool hard = false;   ///< see is_hard()
  BounceReason reason = BounceReason::undefined;
  std::string diagnostic;  ///< what the other server said, one line
};

struct BounceReport {
  std::vector<Bounce> recipients;  ///< at least one, in the order of the report, each address once
  std::string message_id;          ///< of the mail that came back, without `<>`; empty when it is not told
};

/// Whether the address should not be written to any more.
///
/// Hard: user_unknown, host_unknown and has_moved, whatever the class of the status: only reports that are
/// final get here, and some servers give up with 4.1.2. Also not_accepted unless the status is of class 4.
/// Soft: all others. A full or suspended mailbox may come back; policy, spam, blocked and their like condemn
/// the sender or the message, not the recipient; `feedback` is no failure of delivery at all.
bool is_hard(BounceReason reason, std::string_view status);

/// Empty `recipients` when the message is no bounce: delay warnings, receipts (`delivered`, `relayed`,
/// `expanded`: RFC 3464 section 2.3.3), auto-replies, and whatever people write, also about bounces.
BounceReport find_bounce(const InboundMessage& message);

}  // namespace overture::mail
