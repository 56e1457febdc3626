// Fresh access tokens for mailboxes that log in by OAuth 2.0 (RFC 6749 section 6).
#pragma once
#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "mailbox/timeouts.hpp"
#include "mailbox/transport.hpp"

namespace overture::mailbox {

struct OauthClient {
  std::string token_url;  ///< https; http only to this machine
  std::string client_id;
  std::string client_secret;  ///< may be empty for public clients
  std::string scope;          ///< may be empty: the scope that was granted
};

struct OauthTokens {
  std::string access_token;
  std::string refresh_token;    ///< the one to keep: the new one where the server gave one, else the old one
  base::Millis expires_at = 0;  ///< Unix ms; an hour from now where the server does not say
};

class TokenSource {
 public:
  virtual ~TokenSource() = default;
  /// Throws MailboxError: `login` when the refresh token or the client is no longer good (invalid_grant,
  /// invalid_client, unauthorized_client: the user has to sign in again), dns, connect, tls, certificate,
  /// timeout and protocol for what may pass.
  virtual OauthTokens refresh(const OauthClient& client, const std::string& refresh_token) = 0;
};

class OauthTokenSource final : public TokenSource {
 public:
  explicit OauthTokenSource(const base::Clock& clock, Trust trust = {},
                            std::chrono::milliseconds timeout = std::chrono::seconds(30));
  OauthTokens refresh(const OauthClient& client, const std::string& refresh_token) override;

 private:
  const base::Clock& clock_;
  Trust trust_;
  std::chrono::milliseconds timeout_;
};

}  // namespace overture::mailbox
