#include "work/handover.hpp"

#include <string_view>

namespace overture::work {
namespace {

using mailbox::SendOutcome;
using outreach::Delivery;

bool is_before_mail(std::string_view phase) {
  return phase == "connect" || phase == "tls" || phase == "greeting" || phase == "login";
}

}  // namespace

bool stops_mailbox(const Delivery& delivery) {
  using enum Delivery::Outcome;
  return delivery.outcome == unreachable || delivery.outcome == login_failed ||
         delivery.outcome == sender_refused;
}

Delivery delivery_of(const mailbox::SendResult& result) {
  using enum Delivery::Outcome;
  Delivery delivery{.code = result.code, .status = result.enhanced, .text = result.text};
  switch (result.outcome) {
    case SendOutcome::accepted:
      delivery.outcome = sent;
      break;
    case SendOutcome::deferred:
      // Without a reply before the envelope the server was not reached: that is nothing about this mail.
      delivery.outcome = result.code == 0 && is_before_mail(result.phase) ? unreachable : deferred;
      break;
    case SendOutcome::refused:
      delivery.outcome = refused;
      break;
    case SendOutcome::sender_refused:
      delivery.outcome = sender_refused;
      break;
    case SendOutcome::login_failed:
      delivery.outcome = login_failed;
      break;
    case SendOutcome::unknown:
      delivery.outcome = unknown;
      break;
    case SendOutcome::withheld:
      delivery.outcome = withheld;
      break;
  }
  return delivery;
}

mailbox::Envelope envelope_of(const mail::OutgoingMessage& message) {
  mailbox::Envelope envelope{.from = mail::wire_address(message.from.address, "from"),
                             .to = {},
                             .needs_smtputf8 = mail::needs_smtputf8(message)};
  for (const auto* list : {&message.to, &message.cc, &message.bcc}) {
    for (const mail::Mailbox& each : *list) envelope.to.push_back(mail::wire_address(each.address, "to"));
  }
  return envelope;
}

}  // namespace overture::work
