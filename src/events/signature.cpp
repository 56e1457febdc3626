#include "events/signature.hpp"

#include "base/base64.hpp"
#include "base/crypto.hpp"

namespace overture::events {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kMadeBytes = 32;
constexpr std::size_t kLeastBytes = 24;
constexpr std::size_t kMostBytes = 64;

}  // namespace

std::string make_secret() { return std::string(kPrefix) + base::base64(base::random_bytes(kMadeBytes)); }

std::optional<std::string> parse_secret(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  std::optional<std::string> bytes = base::parse_base64(text.substr(kPrefix.size()));
  if (!bytes || bytes->size() < kLeastBytes || bytes->size() > kMostBytes) return std::nullopt;
  return bytes;
}

std::string sign(const std::vector<std::string>& secrets, std::string_view message_id, base::Millis at,
                 std::string_view payload) {
  std::string content(message_id);
  content.append(1, '.').append(std::to_string(at / base::kSecond)).append(1, '.').append(payload);
  std::string signatures;
  for (const std::string& secret : secrets) {
    if (!signatures.empty()) signatures += ' ';
    signatures += "v1," + base::base64(base::bytes_of(base::hmac_sha256(secret, content)));
  }
  return signatures;
}

base::SealedPlace secret_place(std::int64_t account, std::int64_t webhook) {
  return {"webhooks", account, webhook, "sealed_secret"};
}

base::SealedPlace old_secret_place(std::int64_t account, std::int64_t webhook) {
  return {"webhooks", account, webhook, "sealed_old_secret"};
}

}  // namespace overture::events
