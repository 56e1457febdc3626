// How a mail account connects and what it is sent with: a row of `mailboxes`.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "db/connection.hpp"

namespace overture::outreach {

struct ServerSettings {
  std::string host;
  std::int64_t port = 0;
  std::string security = "tls";  ///< tls, starttls or none
  friend bool operator==(const ServerSettings&, const ServerSettings&) = default;
};

struct MailboxSettings {
  std::string address;
  ServerSettings smtp{{}, 465, "tls"};
  ServerSettings imap{{}, 993, "tls"};
  std::string login;
  std::string authentication = "password";  ///< password, oauth, or outbox (a local folder, no servers)
  std::string sealed_secret;                ///< see credentials.hpp
  std::string oauth_url;
  std::string oauth_client;
  std::string signature_text;
  std::string signature_html;  ///< safe to be shown
  std::int64_t spacing_seconds = 60;
  std::int64_t ramp_start = 0;  ///< 0: no ramp
  std::int64_t ramp_step = 0;
  std::int64_t ramp_every_days = 7;
  std::string unsubscribe_rule = "subject";  ///< subject, anywhere or off
  bool add_new_contacts = true;
};

/// nullopt for a mail account that was never connected.
std::optional<MailboxSettings> find_mailbox_settings(db::Connection& connection, std::int64_t account,
                                                     std::int64_t email_account);

/// In place of what is there.
void store_mailbox_settings(db::Connection& connection, std::int64_t account, std::int64_t email_account,
                            const MailboxSettings& settings);

}  // namespace overture::outreach
