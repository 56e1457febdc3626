// An SMTP server that answers each command as a test wants it to, and remembers what it took.
#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "support/mail_stub.hpp"

namespace overture::testing {

/// A whole SMTP server by its replies. A reply may also be "<hang>", "<drop>" or "<reset>".
struct SmtpScript {
  std::string greeting = "220 stub ESMTP";
  std::string ehlo =
      "250-stub\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE 1000000\r\n250-STARTTLS\r\n"
      "250-AUTH PLAIN LOGIN XOAUTH2\r\n250 ENHANCEDSTATUSCODES";
  std::string auth = "235 2.7.0 welcome";
  std::string mail = "250 2.1.0 fine";
  std::vector<std::string> rcpt = {"250 2.1.5 fine"};  ///< by recipient; the last one for all others
  std::string data = "354 go on";
  std::string within_body =
      {};  ///< not empty: said after the first line of the body, which is then not read on
  std::string dot = "250 2.0.0 taken";
  int mails_per_connection = 0;   ///< then 421 and the end; 0: any number
  bool hang_up_silently = false;  ///< … the end without 421
  const StubCertificate* certificate = nullptr;
  bool tls_first = false;
};

class SmtpStub {
 public:
  explicit SmtpStub(SmtpScript script = {});
  int port() const { return server_.port(); }
  int connections() const { return server_.connections(); }
  /// Bodies whose final dot arrived, dots unstuffed, without the line of the dot.
  std::vector<std::string> taken() const;
  std::vector<std::string> commands() const;

 private:
  void serve(StubConnection& connection);
  bool play(StubConnection& connection, const std::string& reply);
  SmtpScript script_;
  mutable std::mutex mutex_;
  std::vector<std::string> taken_;
  std::vector<std::string> commands_;
  StubServer server_;  // last: it ends first
};

}  // namespace overture::testing
