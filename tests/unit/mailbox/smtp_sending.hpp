// What the tests of the SMTP client share: short limits, a mail, and counting how often it was asked.
#pragma once
#include <chrono>
#include <string>

#include "mailbox/smtp_client.hpp"
#include "support/smtp_stub.hpp"

namespace overture::mailbox {

using testing::SmtpScript;
using testing::SmtpStub;
using namespace std::chrono_literals;

inline const std::string kMail = "From: <a@in.test>\r\nTo: <b@out.test>\r\nSubject: s\r\n\r\nhello\r\n";
inline const Envelope kEnvelope{"a@in.test", {"b@out.test"}, false};

inline SmtpOptions quick() {
  SmtpOptions options;
  options.timeouts = {.connect = 2s,
                      .greeting = 400ms,
                      .command = 400ms,
                      .data = 400ms,
                      .block = 400ms,
                      .dot = 400ms,
                      .total = 3s};
  options.hello = "test.example";
  return options;
}

inline Server plain(int port) { return {"127.0.0.1", port, Security::none}; }
inline const Login kLogin{"ada", "s3cret-word", ""};

struct Sent {
  SendResult result;
  int asked = 0;
};

inline Sent send(SmtpClient& client, const Server& server, const std::string& mail = kMail,
                 const Envelope& envelope = kEnvelope, const Login& login = kLogin) {
  Sent sent;
  sent.result = client.send(server, login, envelope, mail, [&] {
    ++sent.asked;
    return true;
  });
  return sent;
}

}  // namespace overture::mailbox
