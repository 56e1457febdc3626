// Reads a mailbox by IMAP4rev1 (RFC 3501) with libetpan, over a connection made and verified by libcurl.
#pragma once
#include <memory>

#include "mailbox/timeouts.hpp"
#include "mailbox/transport.hpp"

namespace overture::mailbox {

struct ImapOptions {
  ImapTimeouts timeouts;
  Trust trust;
};

class ImapClient final : public ImapTransport {
 public:
  explicit ImapClient(ImapOptions options = {});
  std::unique_ptr<ImapSession> open(const Server& server, const Login& login) override;

 private:
  ImapOptions options_;
};

}  // namespace overture::mailbox
