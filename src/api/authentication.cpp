// One statement reads the token's row, its user and account, and the versions that caches are checked
// against.
#include "api/authentication.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;

struct TokenRow {
  Admitted admitted;
  std::string token_hash;
  std::string client_key_hash;
};

constexpr db::Literal kSelectToken =
    "SELECT t.id, t.token_hash, t.client_key_hash, t.read_only, t.revoked_at, t.expires_at, u.id, u.role, "
    "u.status, "
    "a.id, a.status, a.names_version, (SELECT sum(c.n) FROM account_changes c WHERE c.account_id = a.id) "
    "FROM tokens t JOIN users u ON u.account_id = t.account_id AND u.id = t.user_id "
    "JOIN accounts a ON a.id = t.account_id WHERE t.client_id = ?";

/// Throws unauthorized when there is no such token, or it is revoked or over; says in `active` whether its
/// owner may act.
TokenRow load_token(db::Connection& connection, std::string_view client_id, base::Millis now, bool& active) {
  db::RowsPtr rows = connection.query(db::Sql(kSelectToken, client_id));
  if (!rows->next() || !rows->is_null(4) || (!rows->is_null(5) && rows->integer(5) <= now)) {
    throw Error(ErrorCode::unauthorized, {}, "token unknown, revoked or expired");
  }
  TokenRow row;
  row.token_hash = rows->text(1);
  row.client_key_hash = rows->text(2);
  if (!rows->is_null(5)) row.admitted.until = rows->integer(5);
  Caller& caller = row.admitted.caller;
  caller.token = rows->integer(0);
  caller.read_only = rows->integer(3) != 0;
  std::optional<Role> role = find_role(rows->text(7));
  active = rows->text(8) == "active" && rows->text(10) == "active" && role.has_value();
  caller.role = role.value_or(Role::inspector);
  caller.scope.user = rows->integer(6);
  caller.scope.account = rows->integer(9);
  caller.scope.restricted = caller.role != Role::admin;
  caller.scope.by_campaign = caller.scope.restricted && caller.role != Role::user;
  caller.scope.names_version = rows->integer(11);
  caller.scope.changes = rows->integer(12);
  return row;
}

Admitted accept(const TokenRow& row, bool active) {
  if (!active) throw Error(ErrorCode::inactive);
  return row.admitted;
}

Admitted check_token(db::Connection& connection, const TokenKeys* keys, std::string_view token,
                     base::Millis now, std::string& client_id) {
  std::optional<ParsedToken> parsed = parse_token(token);
  if (!parsed || (parsed->expires && *parsed->expires * base::kSecond <= now)) {
    throw Error(ErrorCode::unauthorized, {}, "malformed or expired token");
  }
  if (parsed->is_access && (keys == nullptr || !keys->signed_by_us(parsed->signed_part, parsed->signature))) {
    throw Error(ErrorCode::unauthorized, {}, "access token not signed by us or not allowed here");
  }
  client_id = parsed->client_id;
  bool active = false;
  TokenRow row = load_token(connection, parsed->client_id, now, active);
  if (!parsed->is_access && !base::constant_time_equal(base::sha256(token), row.token_hash)) {
    throw Error(ErrorCode::unauthorized, {}, "token does not match its hash");
  }
  if (parsed->expires) row.admitted.until = std::min(row.admitted.until, *parsed->expires * base::kSecond);
  return accept(row, active);
}

}  // namespace

Admitted authenticate(db::Connection& connection, const TokenKeys& keys, const http::Request& request,
                      base::Millis now) {
  std::string_view header = base::trim(request.header("Authorization"));
  std::string client_id;
  constexpr std::string_view bearer = "bearer ";
  if (header.size() > bearer.size() && base::equal_ignoring_case(header.substr(0, bearer.size()), bearer)) {
    return check_token(connection, &keys, base::trim(header.substr(bearer.size())), now, client_id);
  }
  if (parse_token(header)) return check_token(connection, &keys, header, now, client_id);
  std::string_view id = base::trim(request.header("X-Client-Id"));
  if (header.empty() || id.empty() || id.size() > 64 || !base::is_valid_utf8(id) || base::has_nul(id)) {
    throw Error(ErrorCode::unauthorized, {}, "no usable credentials");
  }
  bool active = false;
  TokenRow row = load_token(connection, id, now, active);
  if (!base::constant_time_equal(base::sha256(header), row.client_key_hash)) {
    throw Error(ErrorCode::unauthorized, {}, "client key does not match");
  }
  return accept(row, active);
}

Caller check_lasting_token(db::Connection& connection, std::string_view token, base::Millis now,
                           std::string& client_id) {
  return check_token(connection, nullptr, token, now, client_id).caller;
}

}  // namespace overture::api
