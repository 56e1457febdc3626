// What a mailbox logs in with, as it lies sealed in mailboxes.sealed_secret.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/seal.hpp"

namespace overture::outreach {

/// Of the log-in that the mailbox uses; the rest is empty.
struct Credentials {
  std::string password;
  std::string client_secret;  ///< OAuth; empty for public clients
  std::string refresh_token;  ///< OAuth
  bool empty() const { return password.empty() && client_secret.empty() && refresh_token.empty(); }
};

/// Empty text for empty credentials.
std::string seal_credentials(const base::Sealer& sealer, std::int64_t account, std::int64_t email_account,
                             const Credentials& credentials);
/// Throws base::Error as Sealer::open() does.
Credentials open_credentials(const base::Sealer& sealer, std::int64_t account, std::int64_t email_account,
                             std::string_view sealed);

/// The OAuth access token that is in use until it expires, in mailbox_states.sealed_token.
std::string seal_access_token(const base::Sealer& sealer, std::int64_t account, std::int64_t email_account,
                              std::string_view token);
std::string open_access_token(const base::Sealer& sealer, std::int64_t account, std::int64_t email_account,
                              std::string_view sealed);

}  // namespace overture::outreach
