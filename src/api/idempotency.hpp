// Idempotency-Key on POST: the same key and request act once; the first answer is given again for 24 hours.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "api/call.hpp"
#include "base/clock.hpp"
#include "base/seal.hpp"
#include "db/connection.hpp"
#include "http/message.hpp"
#include "rest/resource.hpp"

namespace overture::api {

inline constexpr std::size_t kMaxIdempotencyKey = 255;
inline constexpr base::Millis kIdempotencyLife = base::kDay;

/// A key together with what it was sent with.
class IdempotentRequest {
 public:
  /// `key` as sent; throws invalid_value for one that is longer than 255 characters. Answers may hold secrets
  /// that are shown once, so they are kept sealed, and of the request only a hash under the client's key.
  IdempotentRequest(const http::Request& request, std::string_view key, const base::Sealer& sealer);

  /// The answer that was given to this key, if there is one. Throws conflict when the key came with another
  /// request. Two requests with one key that come at once act one after the other. Inside a write.
  std::optional<std::string> find_answer(db::Connection& connection, const rest::Scope& scope,
                                         base::Millis now) const;
  void keep_answer(db::Connection& connection, const rest::Scope& scope, const std::string& body,
                   base::Millis now) const;

 private:
  base::SealedPlace place(const rest::Scope& scope) const {
    return {"idempotency_keys", scope.account, scope.user, key_hash_};
  }

  const base::Sealer& sealer_;
  std::string key_hash_;
  std::string request_hash_;
};

/// Inside a write of a handler that makes its own (Lane::password): what `work` returns, kept for the key of
/// the request; `work` is not run when the key was answered before. Without a key it is just run.
std::string answer_once(Call& call, const std::function<std::string()>& work);

/// Forgets what is older than 24 hours.
void forget_old_answers(db::Connection& connection, base::Millis now);

}  // namespace overture::api
