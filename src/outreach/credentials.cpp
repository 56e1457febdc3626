// Sealed text = password NUL client secret NUL refresh token; none of them can hold a NUL.
#include "outreach/credentials.hpp"

#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::outreach {
namespace {

base::SealedPlace secret_place(std::int64_t account, std::int64_t email_account) {
  return {"mailboxes", account, email_account, "sealed_secret"};
}

base::SealedPlace token_place(std::int64_t account, std::int64_t email_account) {
  return {"mailbox_states", account, email_account, "sealed_token"};
}

}  // namespace

std::string seal_credentials(const base::Sealer& sealer, std::int64_t account, std::int64_t email_account,
                             const Credentials& credentials) {
  if (credentials.empty()) return {};
  std::string text = credentials.password;
  text.append(1, '\0').append(credentials.client_secret).append(1, '\0').append(credentials.refresh_token);
  return sealer.seal(text, secret_place(account, email_account));
}

Credentials open_credentials(const base::Sealer& sealer, std::int64_t account, std::int64_t email_account,
                             std::string_view sealed) {
  if (sealed.empty()) return {};
  const std::string text = sealer.open(sealed, secret_place(account, email_account));
  const std::vector<std::string_view> parts = base::split(text, '\0');
  if (parts.size() != 3)
    throw base::Error(base::ErrorCode::internal, {}, "sealed credentials of another form");
  return {std::string(parts[0]), std::string(parts[1]), std::string(parts[2])};
}

std::string seal_access_token(const base::Sealer& sealer, std::int64_t account, std::int64_t email_account,
                              std::string_view token) {
  return token.empty() ? std::string() : sealer.seal(token, token_place(account, email_account));
}

std::string open_access_token(const base::Sealer& sealer, std::int64_t account, std::int64_t email_account,
                              std::string_view sealed) {
  return sealed.empty() ? std::string() : sealer.open(sealed, token_place(account, email_account));
}

}  // namespace overture::outreach
