#include "work/mailbox_access.hpp"

#include "base/error.hpp"
#include "outreach/credentials.hpp"
#include "outreach/mailbox_settings.hpp"

namespace overture::work {
namespace {

using db::Sql;

/// A token is renewed this long before it ends.
constexpr base::Millis kTokenReserve = 2 * base::kMinute;

mailbox::Security security_named(std::string_view name) {
  if (name == "none") return mailbox::Security::none;
  return name == "starttls" ? mailbox::Security::starttls : mailbox::Security::tls;
}

mailbox::Server server_of(const outreach::ServerSettings& settings) {
  return {settings.host, static_cast<int>(settings.port), security_named(settings.security)};
}

}  // namespace

MailboxAccess MailboxDoor::open(const outreach::MailboxKey& mailbox) {
  const auto settings = database_.read([&](db::Connection& connection) {
    return outreach::find_mailbox_settings(connection, mailbox.account, mailbox.email_account);
  });
  if (!settings) throw base::Error(base::ErrorCode::not_found, "The mail account is not connected");
  MailboxAccess access{.smtp = server_of(settings->smtp),
                       .imap = server_of(settings->imap),
                       .login = {},
                       .address = settings->address,
                       .unsubscribe_rule = settings->unsubscribe_rule,
                       .is_folder = settings->authentication == "outbox"};
  if (access.is_folder) return access;
  access.login.user = settings->login;
  if (settings->authentication == "oauth") {
    access.login.access_token =
        fresh_token(mailbox, settings->oauth_url, settings->oauth_client, settings->sealed_secret);
  } else if (!settings->sealed_secret.empty()) {
    access.login.password =
        outreach::open_credentials(sealer_, mailbox.account, mailbox.email_account, settings->sealed_secret)
            .password;
  }
  return access;
}

std::string MailboxDoor::fresh_token(const outreach::MailboxKey& mailbox, const std::string& url,
                                     const std::string& client, const std::string& sealed_secret) {
  std::string sealed;
  base::Millis expires = 0;
  database_.read([&](db::Connection& connection) {
    db::RowsPtr rows =
        connection.query(Sql("SELECT sealed_token, token_expires_at FROM mailbox_states WHERE account_id = ? "
                             "AND email_account_id = "
                             "?",
                             mailbox.account, mailbox.email_account));
    if (!rows->next()) return;
    sealed = rows->text(0);
    expires = rows->integer(1);
  });
  if (!sealed.empty() && clock_.now() < expires - kTokenReserve) {
    return outreach::open_access_token(sealer_, mailbox.account, mailbox.email_account, sealed);
  }
  outreach::Credentials credentials =
      outreach::open_credentials(sealer_, mailbox.account, mailbox.email_account, sealed_secret);
  const mailbox::OauthTokens tokens = tokens_.refresh(
      {.token_url = url, .client_id = client, .client_secret = credentials.client_secret, .scope = {}},
      credentials.refresh_token);
  const bool rotated = tokens.refresh_token != credentials.refresh_token;
  credentials.refresh_token = tokens.refresh_token;
  database_.write([&](db::Connection& connection) {
    connection.execute(
        Sql("UPDATE mailbox_states SET sealed_token = ?, token_expires_at = ? WHERE account_id = ? AND "
            "email_account_id = ?",
            outreach::seal_access_token(sealer_, mailbox.account, mailbox.email_account, tokens.access_token),
            tokens.expires_at, mailbox.account, mailbox.email_account));
    if (!rotated) return;
    connection.execute(
        Sql("UPDATE mailboxes SET sealed_secret = ? WHERE account_id = ? AND email_account_id = ?",
            outreach::seal_credentials(sealer_, mailbox.account, mailbox.email_account, credentials),
            mailbox.account, mailbox.email_account));
  });
  return tokens.access_token;
}

}  // namespace overture::work
