#include "mail/ticket_answer.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace overture::mail {
namespace {

/// Zendesk's ids: `<code>@zendesk.com` is the request, `<code>_…_sprut@zendesk.com` a mail about it.
bool names_mail_of_zendesk(const InboundMessage& message) {
  constexpr std::string_view kMail = "_sprut@";
  const auto is_mail = [&](const std::string& id) { return id.find(kMail) != std::string::npos; };
  if (std::any_of(message.references.begin(), message.references.end(), is_mail)) return true;
  const std::string* answered = message.find_header("In-Reply-To");
  return answered != nullptr && is_mail(*answered);
}

}  // namespace

bool is_agents_answer(const InboundMessage& message) {
  if (message.find_header("X-Zendesk-From-Account-Id") != nullptr) return names_mail_of_zendesk(message);
  const std::string* writer = message.find_header("RT-Originator");
  if (writer == nullptr || message.find_header("RT-Ticket") == nullptr) return false;
  // The receipt is caused by whom it is sent to.
  return std::none_of(message.to.begin(), message.to.end(), [&](const Mailbox& to) {
    return base::equal_ignoring_case(to.address, base::trim(*writer));
  });
}

}  // namespace overture::mail
