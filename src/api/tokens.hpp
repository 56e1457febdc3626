// API keys, refresh tokens and access tokens: all of them JWTs (RFC 7519), HS256 only.
//
// An API key or refresh token is checked against the hash of the whole token in the database, so it dies with
// its row and cannot be made from anything the database holds. An access token is checked by its signature
// and names the row it came from, so it dies with that row too.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "db/connection.hpp"

namespace overture::api {

inline constexpr base::Millis kAccessTokenLife = 30 * base::kMinute;

/// The installation's signing key.
class TokenKeys {
 public:
  /// `secret`: at least 32 random bytes.
  explicit TokenKeys(std::string_view secret) : key_(secret) {}

  /// An access token that ends `kAccessTokenLife` after `now`; `parent` is the client_id of the token behind
  /// it.
  std::string make_access_token(std::string_view parent, base::Millis now) const;
  /// The JWT of an API key or refresh token.
  std::string make_lasting_token(std::string_view client_id, std::string_view kind,
                                 std::optional<base::Millis> expires_at) const;
  bool signed_by_us(std::string_view signed_part, std::string_view signature) const {
    return key_.verify(signed_part, signature);
  }

 private:
  std::string sign(const std::string& payload) const;
  base::HmacKey key_;
};

/// What a JWT says, before anything of it is believed.
struct ParsedToken {
  std::string client_id;  ///< of the row in `tokens`
  bool is_access = false;
  std::optional<std::int64_t> expires;  ///< Unix seconds
  std::string_view signed_part;         ///< header and payload; points into the parsed text
  std::string signature;                ///< raw bytes
};
/// nullopt for anything that does not look exactly like a token of ours (at most 4 KiB, our header to the
/// letter).
std::optional<ParsedToken> parse_token(std::string_view token);

struct NewToken {
  std::int64_t account = 0;
  std::int64_t user = 0;
  std::string_view kind = "api_key";  ///< or `refresh`
  std::string name;
  bool read_only = false;
  std::optional<base::Millis> expires_at = std::nullopt;
  base::Millis now = 0;
};
/// Shown once: the database keeps hashes only.
struct MadeToken {
  std::int64_t id = 0;
  std::string token;       ///< the JWT
  std::string client_id;   ///< for X-Client-Id
  std::string client_key;  ///< for Authorization beside it
};
MadeToken create_token(db::Connection& connection, const TokenKeys& keys, const NewToken& token);

}  // namespace overture::api
