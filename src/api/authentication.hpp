// From request headers to a caller, checked against the database each time.
#pragma once
#include <limits>

#include "api/caller.hpp"
#include "api/tokens.hpp"
#include "http/message.hpp"

namespace overture::api {

struct Admitted {
  Caller caller;
  /// When the credentials end, whatever happens until then: not valid any more in that millisecond.
  base::Millis until = std::numeric_limits<base::Millis>::max();
};

/// Reads `Authorization: Bearer <JWT>`, a bare JWT, or the pair `X-Client-Id` and `Authorization: <key>`.
/// Throws unauthorized for every kind of bad or missing token, inactive for a user or account that is not
/// active.
Admitted authenticate(db::Connection& connection, const TokenKeys& keys, const http::Request& request,
                      base::Millis now);

/// The row behind an API key or refresh token, for Get Access Token. Throws unauthorized or inactive.
Caller check_lasting_token(db::Connection& connection, std::string_view token, base::Millis now,
                           std::string& client_id);

}  // namespace overture::api
