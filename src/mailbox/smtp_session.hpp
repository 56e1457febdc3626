// The mail transactions on one connection that has logged in (RFC 5321 section 3.3).
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "mailbox/connection.hpp"
#include "mailbox/smtp_replies.hpp"
#include "mailbox/timeouts.hpp"
#include "mailbox/transport.hpp"

namespace overture::mailbox {

/// What the server offers (RFC 5321 section 4.1.1.1).
struct SmtpExtensions {
  bool pipelining = false;
  bool eight_bit = false;
  bool smtputf8 = false;
  std::size_t size = 0;  ///< the largest mail in octets; 0: it does not say
};
SmtpExtensions parse_extensions(std::string_view lines);

/// Throws Error(invalid_value) as SmtpTransport::send() promises.
void check_sendable(const Envelope& envelope, std::string_view message);

/// Whether a line of `message` begins with a dot.
bool needs_stuffing(std::string_view message);
/// A second dot before each of those (RFC 5321 section 4.5.2).
std::string stuff_dots(std::string_view message);

class SmtpSession {
 public:
  SmtpSession(std::unique_ptr<Connection> connection, const SmtpTimeouts& timeouts);
  /// Says QUIT, if the connection is between two mails, and hangs up without waiting for the answer.
  ~SmtpSession();
  SmtpSession(const SmtpSession&) = delete;
  SmtpSession& operator=(const SmtpSession&) = delete;

  /// One mail; as SmtpTransport::send(). `was_offered` tells whether before_dot was called. Nothing is
  /// thrown.
  SendResult send(const Envelope& envelope, std::string_view message, const std::function<bool()>& before_dot,
                  bool& was_offered);
  /// MAIL FROM, and RSET.
  SendResult offer_sender(std::string_view from);

  /// May be used for another mail.
  bool usable() const { return usable_; }
  /// Between two mails the server has nothing to say: what is there is a 421 or the end.
  bool went_stale();

 private:
  using Deadline = Connection::Deadline;
  struct Step;

  bool greet_envelope(const Envelope& envelope, std::string_view message, Deadline deadline,
                      SendResult& result);
  void hand_over_body(std::string_view message, Deadline deadline);
  SendResult end_with_dot();
  SmtpReply read_reply(Deadline deadline);
  std::string_view read_line(Deadline deadline);
  SendResult lost(const MailboxError& error, SendOutcome outcome, std::string phase);
  std::string mail_command(const Envelope& envelope, std::string_view message) const;

  std::unique_ptr<Connection> connection_;
  SmtpTimeouts timeouts_;
  SmtpExtensions extensions_;
  std::string phase_;
  bool usable_ = true;
  bool needs_reset_ = false;
  std::string buffer_;  ///< what was read and not yet used, from used_ on
  std::size_t used_ = 0;
};

}  // namespace overture::mailbox
