// How webhooks are signed: the symmetric scheme of Standard Webhooks 1.0.0 ("Signature scheme", "Webhook
// headers").
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/seal.hpp"

namespace overture::events {

/// How long the secret before signs too after a change.
inline constexpr base::Millis kOldSecretLife = base::kDay;

/// `whsec_` and the base64 of 32 random bytes.
std::string make_secret();
/// The bytes behind `whsec_`, 24 to 64 of them.
std::optional<std::string> parse_secret(std::string_view text);

/// `v1,<base64 of HMAC-SHA256>` for each secret (bytes), separated by spaces. `at`: of this try.
std::string sign(const std::vector<std::string>& secrets, std::string_view message_id, base::Millis at,
                 std::string_view payload);

/// Where the bytes of a webhook's secrets are sealed.
base::SealedPlace secret_place(std::int64_t account, std::int64_t webhook);
base::SealedPlace old_secret_place(std::int64_t account, std::int64_t webhook);

}  // namespace overture::events
