// The answer is written in the transaction of its effect, so a crash leaves both or neither.
#include "api/idempotency.hpp"

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::api {

using base::Error;
using base::ErrorCode;

IdempotentRequest::IdempotentRequest(const http::Request& request, std::string_view key,
                                     const base::Sealer& sealer)
    : sealer_(sealer) {
  if (key.size() > kMaxIdempotencyKey)
    throw Error::invalid("Idempotency-Key", "must not be longer than 255 characters");
  key_hash_ = base::sha256(key);
  const std::string text =
      std::string(http::method_name(request.method)) + " " + request.target + "\n" + request.body;
  request_hash_ = base::hex(base::bytes_of(base::hmac_sha256(key, text)));
}

std::optional<std::string> IdempotentRequest::find_answer(db::Connection& connection,
                                                          const rest::Scope& scope, base::Millis now) const {
  connection.lock("idempotency " + std::to_string(scope.user) + " " + key_hash_);
  db::RowsPtr rows = connection.query(db::Sql(
      "SELECT request_hash, body FROM idempotency_keys WHERE account_id = ? AND user_id = ? AND key_hash = ? "
      "AND created_at > ?",
      scope.account, scope.user, key_hash_, now - kIdempotencyLife));
  if (!rows->next()) return std::nullopt;
  if (rows->text(0) != request_hash_) {
    throw Error(ErrorCode::conflict, "This Idempotency-Key was used with another request");
  }
  return sealer_.open(rows->text(1), place(scope));
}

void IdempotentRequest::keep_answer(db::Connection& connection, const rest::Scope& scope,
                                    const std::string& body, base::Millis now) const {
  connection.execute(
      db::Sql("INSERT INTO idempotency_keys (account_id, user_id, key_hash, request_hash, body, created_at) "
              "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, user_id, key_hash) DO UPDATE SET "
              "request_hash = excluded.request_hash, body = excluded.body, created_at = excluded.created_at",
              scope.account, scope.user, key_hash_, request_hash_, sealer_.seal(body, place(scope)), now));
}

std::string answer_once(Call& call, const std::function<std::string()>& work) {
  if (call.idempotent == nullptr) return work();
  std::optional<std::string> known = call.idempotent->find_answer(call.db(), call.scope(), call.now);
  call.replayed = known.has_value();
  if (known) return std::move(*known);
  std::string answer = work();
  call.idempotent->keep_answer(call.db(), call.scope(), answer, call.now);
  return answer;
}

void forget_old_answers(db::Connection& connection, base::Millis now) {
  connection.execute(db::Sql("DELETE FROM idempotency_keys WHERE created_at <= ?", now - kIdempotencyLife));
}

}  // namespace overture::api
