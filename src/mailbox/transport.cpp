#include "mailbox/transport.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace overture::mailbox {

std::string_view name_of(Trouble::Kind kind) {
  constexpr std::array<std::string_view, 9> kNames = {"dns",    "connect",  "tls",     "certificate", "login",
                                                      "folder", "protocol", "timeout", "closed"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(SendOutcome outcome) {
  constexpr std::array<std::string_view, 7> kNames = {"accepted",     "deferred", "refused", "sender_refused",
                                                      "login_failed", "unknown",  "withheld"};
  return kNames[static_cast<std::size_t>(outcome)];
}

MailboxError::MailboxError(Trouble trouble)
    : base::Error(base::ErrorCode::unavailable, trouble.text, std::string(name_of(trouble.kind))),
      trouble_(std::move(trouble)) {}

const Folder* find_sent(const std::vector<Folder>& folders) {
  for (const Folder& folder : folders) {
    if (folder.use == Folder::Use::sent && folder.selectable) return &folder;
  }
  // Servers without special-use marks (RFC 6154): names that mail programs and providers give, best first.
  constexpr std::array<std::string_view, 27> kNames = {"sent",
                                                       "sent items",
                                                       "sent messages",
                                                       "sent mail",
                                                       "sent-mail",
                                                       "gesendet",
                                                       "gesendete objekte",
                                                       "gesendete elemente",
                                                       "gesendete mails",
                                                       "envoyés",
                                                       "messages envoyés",
                                                       "éléments envoyés",
                                                       "objets envoyés",
                                                       "enviados",
                                                       "elementos enviados",
                                                       "mensajes enviados",
                                                       "itens enviados",
                                                       "posta inviata",
                                                       "inviati",
                                                       "inviata",
                                                       "verzonden",
                                                       "verzonden items",
                                                       "wysłane",
                                                       "elementy wysłane",
                                                       "skickat",
                                                       "отправленные",
                                                       "送信済み"};
  for (std::string_view name : kNames) {
    for (const Folder& folder : folders) {
      const std::string lowered = base::lower(folder.name);
      // Below INBOX or another root: what stands after the last separator.
      const std::size_t separator = lowered.find_last_of("./");
      const std::string_view last =
          std::string_view(lowered).substr(separator == std::string::npos ? 0 : separator + 1);
      if (folder.selectable && last == name) return &folder;
    }
  }
  return nullptr;
}

}  // namespace overture::mailbox
