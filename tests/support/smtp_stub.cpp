#include "support/smtp_stub.hpp"

#include <algorithm>

namespace overture::testing {

SmtpStub::SmtpStub(SmtpScript script)
    : script_(std::move(script)), server_([this](StubConnection& connection) { serve(connection); }) {}

std::vector<std::string> SmtpStub::taken() const {
  std::lock_guard lock(mutex_);
  return taken_;
}

std::vector<std::string> SmtpStub::commands() const {
  std::lock_guard lock(mutex_);
  return commands_;
}

/// False when the reply was no 2xx or 3xx.
bool SmtpStub::play(StubConnection& connection, const std::string& reply) {
  if (reply == "<hang>") {
    connection.hang();
    throw StubEnd{};
  }
  if (reply == "<drop>" || reply == "<reset>") {
    connection.close(reply == "<reset>");
    throw StubEnd{};
  }
  connection.say(reply);
  if (reply.starts_with("421")) throw StubEnd{};
  return reply.starts_with('2') || reply.starts_with('3');
}

void SmtpStub::serve(StubConnection& connection) {
  if (script_.tls_first) connection.start_tls(*script_.certificate);
  play(connection, script_.greeting);
  std::size_t recipients = 0;
  std::size_t good_recipients = 0;
  int mails = 0;
  for (;;) {
    const std::string command = connection.line();
    {
      std::lock_guard lock(mutex_);
      commands_.push_back(command);
    }
    if (command.starts_with("EHLO")) {
      play(connection, script_.ehlo);
    } else if (command == "STARTTLS" && script_.certificate != nullptr) {
      connection.say("220 go ahead");
      connection.start_tls(*script_.certificate);
    } else if (command.starts_with("AUTH")) {
      const std::size_t words = command.find(' ', 5);
      if (words == std::string::npos) {
        connection.say("334 ");
        const std::string secret = connection.line();
        std::lock_guard lock(mutex_);
        commands_.push_back(secret);
      }
      play(connection, script_.auth);
    } else if (command.starts_with("MAIL")) {
      recipients = good_recipients = 0;
      if (script_.mails_per_connection > 0 && mails >= script_.mails_per_connection) {
        play(connection, script_.hang_up_silently ? "<drop>" : "421 4.7.0 enough for now");
      }
      play(connection, script_.mail);
    } else if (command.starts_with("RCPT")) {
      const std::size_t row = std::min(recipients++, script_.rcpt.size() - 1);
      if (play(connection, script_.rcpt[row])) ++good_recipients;
    } else if (command == "DATA") {
      if (good_recipients == 0) {
        connection.say("503 5.5.1 no recipients");
        continue;
      }
      if (!play(connection, script_.data)) continue;
      std::string body;
      if (!script_.within_body.empty()) {
        connection.line();
        play(connection, script_.within_body);
        connection.hang();
      }
      for (std::string text = connection.line(); text != "."; text = connection.line()) {
        body += text.starts_with('.') ? text.substr(1) : text;
        body += "\r\n";
      }
      {
        std::lock_guard lock(mutex_);
        taken_.push_back(body);
      }
      ++mails;
      play(connection, script_.dot);
    } else if (command == "QUIT") {
      connection.say("221 bye");
      return;
    } else if (command == "RSET" || command == "NOOP") {
      connection.say("250 fine");
    } else {
      connection.say("500 5.5.2 what?");
    }
  }
}

}  // namespace overture::testing
