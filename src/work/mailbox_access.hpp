// How to reach a mailbox right now: servers and a log-in that works, OAuth tokens kept fresh.
#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/seal.hpp"
#include "db/database.hpp"
#include "mailbox/oauth.hpp"
#include "mailbox/transport.hpp"
#include "outreach/outbox.hpp"

namespace overture::work {

struct MailboxAccess {
  mailbox::Server smtp;
  mailbox::Server imap;  ///< without host: nothing is read from it
  mailbox::Login login;
  std::string address;
  std::string unsubscribe_rule;
  bool is_folder = false;  ///< mails go to a local folder
};

class MailboxDoor {
 public:
  MailboxDoor(db::Database& database, const base::Clock& clock, const base::Sealer& sealer,
              mailbox::TokenSource& tokens)
      : database_(database), clock_(clock), sealer_(sealer), tokens_(tokens) {}

  /// Throws MailboxError where a token is not to be had, base::Error(not_found) for a mailbox that is gone,
  /// and base::Error(unavailable) when its secret was sealed with another key.
  MailboxAccess open(const outreach::MailboxKey& mailbox);

 private:
  std::string fresh_token(const outreach::MailboxKey& mailbox, const std::string& url,
                          const std::string& client, const std::string& sealed_secret);

  db::Database& database_;
  const base::Clock& clock_;
  const base::Sealer& sealer_;
  mailbox::TokenSource& tokens_;
};

}  // namespace overture::work
