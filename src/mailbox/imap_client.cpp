#include "mailbox/imap_client.hpp"

#include "mailbox/connection.hpp"
#include "mailbox/imap_session.hpp"

namespace overture::mailbox {

ImapClient::ImapClient(ImapOptions options) : options_(std::move(options)) {}

std::unique_ptr<ImapSession> ImapClient::open(const Server& server, const Login& login) {
  if (login.user.empty()) throw MailboxError({Trouble::Kind::login, "Reading a mailbox needs a user name."});
  Opening opening;
  opening.protocol = Protocol::imap;
  opening.server = server;
  opening.login = login;
  opening.trust = options_.trust;
  opening.connect = options_.timeouts.connect;
  opening.greeting = options_.timeouts.command;
  opening.command = options_.timeouts.command;
  try {
    return std::make_unique<EtpanSession>(Connection::open(opening), options_.timeouts);
  } catch (const OpenFailure& failure) {
    throw MailboxError(failure.trouble);
  }
}

}  // namespace overture::mailbox
