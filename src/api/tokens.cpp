// One header, one algorithm: what a token says of itself never chooses how it is checked (RFC 8725
// section 3.1).
#include "api/tokens.hpp"

#include <boost/json/parse.hpp>

#include "base/text.hpp"

namespace overture::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxToken = 4096;

/// base64url of {"typ":"JWT","alg":"HS256"}
constexpr std::string_view kHeader = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";

}  // namespace

std::string TokenKeys::sign(const std::string& payload) const {
  std::string token(kHeader);
  token += '.';
  token += base::base64url(payload);
  std::string signature = base::base64url(base::bytes_of(key_.sign(token)));
  token += '.';
  return token + signature;
}

std::string TokenKeys::make_access_token(std::string_view parent, base::Millis now) const {
  return sign("{\"exp\":" + std::to_string((now + kAccessTokenLife) / base::kSecond) +
              ",\"iat\":" + std::to_string(now / base::kSecond) + ",\"typ\":\"access\",\"sid\":\"" +
              std::string(parent) + "\"}");
}

std::string TokenKeys::make_lasting_token(std::string_view client_id, std::string_view kind,
                                          std::optional<base::Millis> expires_at) const {
  return sign("{\"exp\":" + (expires_at ? std::to_string(*expires_at / base::kSecond) : std::string("null")) +
              ",\"typ\":\"" + std::string(kind) + "\",\"sid\":\"" + std::string(client_id) + "\",\"rnd\":\"" +
              base::random_hex(32) + "\"}");
}

std::optional<ParsedToken> parse_token(std::string_view token) {
  if (token.size() > kMaxToken || !token.starts_with(kHeader) || token.size() <= kHeader.size() + 2)
    return {};
  auto last_dot = token.rfind('.');
  if (token[kHeader.size()] != '.' || last_dot <= kHeader.size()) return {};
  std::optional<std::string> payload =
      base::parse_base64url(token.substr(kHeader.size() + 1, last_dot - kHeader.size() - 1));
  std::optional<std::string> signature = base::parse_base64url(token.substr(last_dot + 1));
  if (!payload || !signature) return {};
  boost::system::error_code problem;
  json::value claims = json::parse(*payload, problem);
  if (problem || !claims.is_object()) return {};
  const json::object& object = claims.get_object();
  const json::value* sid = object.if_contains("sid");
  const json::value* type = object.if_contains("typ");
  const json::value* expires = object.if_contains("exp");
  if (sid == nullptr || !sid->is_string() || type == nullptr || !type->is_string()) return {};
  ParsedToken parsed;
  parsed.client_id = std::string_view(sid->get_string());
  if (base::has_nul(parsed.client_id)) return {};
  parsed.is_access = type->get_string() == "access";
  if (expires != nullptr && expires->is_int64()) parsed.expires = expires->get_int64();
  if (parsed.is_access && !parsed.expires) return {};
  parsed.signed_part = token.substr(0, last_dot);
  parsed.signature = *signature;
  return parsed;
}

MadeToken create_token(db::Connection& connection, const TokenKeys& keys, const NewToken& token) {
  MadeToken made;
  made.client_id = base::random_hex(16);
  made.client_key = base::random_hex(32);
  made.token = keys.make_lasting_token(made.client_id, token.kind, token.expires_at);
  db::Sql sql(
      "INSERT INTO tokens (account_id, user_id, kind, name, token_hash, client_id, client_key_hash, "
      "read_only, "
      "created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
      token.account, token.user, token.kind, token.name, base::sha256(made.token), made.client_id,
      base::sha256(made.client_key), token.read_only ? 1 : 0, token.now,
      token.expires_at ? db::Value(*token.expires_at) : db::Value());
  made.id = connection.integer(sql);
  return made;
}

}  // namespace overture::api
