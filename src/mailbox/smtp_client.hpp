// Sends mail by SMTP submission (RFC 5321, 6409) over connections that are kept.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "mailbox/timeouts.hpp"
#include "mailbox/transport.hpp"

namespace overture::mailbox {

class SmtpSession;

struct SmtpOptions {
  SmtpTimeouts timeouts;
  Trust trust;
  std::string hello;                                          ///< our name in EHLO; empty: this machine's
  std::chrono::milliseconds keep = std::chrono::seconds(60);  ///< an idle connection is closed after this
  std::size_t max_idle = 32;  ///< idle connections in all; the oldest goes first
};

/// Connections belong to (server, log-in) and are never shared between log-ins. A kept one that turns out to
/// be dead is replaced by a new one as long as nothing can have been taken, that is before before_dot was
/// called. TLS is always verified, host name included; proxies of the environment are not used.
class SmtpClient final : public SmtpTransport {
 public:
  explicit SmtpClient(SmtpOptions options = {});
  ~SmtpClient() override;
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  SendResult send(const Server& server, const Login& login, const Envelope& envelope,
                  std::string_view message, const std::function<bool()>& before_dot) override;

  /// Logs in on a new connection and offers `from` as a sender, then takes it back: `accepted` when the
  /// server would let it send. Throws MailboxError when it does not come as far as the log-in's end.
  SendResult check_sender(const Server& server, const Login& login, std::string_view from);

  std::size_t idle_connections() const;

 private:
  class Pool;
  std::unique_ptr<SmtpSession> open(const Server& server, const Login& login) const;

  SmtpOptions options_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace overture::mailbox
