#include "base/seal.hpp"

#include <sodium.h>

#include <algorithm>
#include <vector>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::base {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == sizeof(Digest));

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// No name of a table or column holds a line end, so no two places read alike.
std::string written(const SealedPlace& place) {
  std::string out(place.table);
  out.append("\n").append(std::to_string(place.account)).append("\n").append(std::to_string(place.row));
  return out.append("\n").append(place.column);
}

[[noreturn]] void refuse(const SealedPlace& place, std::string_view detail) {
  throw Error(ErrorCode::unavailable,
              "A stored secret cannot be read with the secret key of this installation: restore the key that "
              "it was stored with, or enter the secret again",
              std::string(place.table) + "." + std::string(place.column) + " of row " +
                  std::to_string(place.row) + ": " + std::string(detail));
}

}  // namespace

Sealer::Sealer(std::string_view secret_key) {
  const Digest key = hmac_sha256(secret_key, "seal");
  std::copy(key.begin(), key.end(), key_.begin());
  key_id_ = hex(bytes_of(hmac_sha256(bytes_of(key), "key id"))).substr(0, 8);
}

Sealer::~Sealer() { sodium_memzero(key_.data(), key_.size()); }

std::string Sealer::seal(std::string_view text, const SealedPlace& place) const {
  const std::string where = written(place);
  std::string box = random_bytes(kNonce);
  box.resize(kNonce + text.size() + kTag);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(box) + kNonce, nullptr, bytes(text), text.size(),
                                             bytes(where), where.size(), nullptr, bytes(box), key_.data());
  return std::string(kVersion) + "." + key_id_ + "." + base64url(box);
}

std::string Sealer::open(std::string_view sealed, const SealedPlace& place) const {
  const std::vector<std::string_view> parts = split(sealed, '.');
  if (parts.size() != 3 || parts[0] != kVersion) refuse(place, "not a sealed text of ours");
  if (parts[1] != key_id_) {
    refuse(place, "sealed with key " + std::string(parts[1]) + ", ours is " + key_id_);
  }
  const auto box = parse_base64url(parts[2]);
  if (!box || box->size() < kNonce + kTag) refuse(place, "cut off");
  const std::string where = written(place);
  std::string text(box->size() - kNonce - kTag, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      bytes(text), nullptr, nullptr, bytes(*box) + kNonce, box->size() - kNonce, bytes(where), where.size(),
      bytes(*box), key_.data());
  if (opened != 0) refuse(place, "changed, or moved from another place");
  return text;
}

}  // namespace overture::base
