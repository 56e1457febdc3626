// The test of a mailbox: can it send, can it read? In words that say what to do. With it comes what else is
// known before there is a mailbox: the servers of well-known providers (presets.hpp), and how access tokens
// are got (oauth.hpp).
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/oauth.hpp"
#include "mailbox/presets.hpp"
#include "mailbox/transport.hpp"

namespace overture::mailbox {

struct ProbeStep {
  /// smtp_dns, smtp_connect, smtp_tls, smtp_login, smtp_sender; imap_dns, imap_connect, imap_tls, imap_login,
  /// imap_inbox, imap_sent.
  std::string name;
  bool ok = false;
  std::string message;  ///< a sentence or two for people; never a secret
};

class Probe {
 public:
  virtual ~Probe() = default;

  /// Goes the whole way but sends no mail and changes nothing: SMTP up to MAIL FROM and then RSET, INBOX
  /// examined, the Sent folder looked for. The steps in the order of the list above; after the first that
  /// fails on one side the rest of that side is left out. Somebody waits for the answer: it takes at most 30
  /// seconds, both sides together. Throws nothing for what the servers do.
  virtual std::vector<ProbeStep> run(const Server& smtp, const Server& imap, const Login& login,
                                     std::string_view from_address) = 0;
};

/// All steps were done and all went well.
bool all_ok(const std::vector<ProbeStep>& steps);

/// The one that asks real servers. `ca_file`: besides the system's, authorities to trust (PEM); may be empty.
std::unique_ptr<Probe> make_probe(const std::string& ca_file = {});

}  // namespace overture::mailbox
