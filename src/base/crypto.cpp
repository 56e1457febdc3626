// OpenSSL's plain SHA-256 functions are marked deprecated, but their state is a plain struct that can be
// copied in nanoseconds; EVP contexts allocate at each copy and make a short HMAC four times as slow.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::base {
namespace {

constexpr std::size_t kBlock = 64;

void init_sodium() {
  static const bool ready = [] {
    if (sodium_init() < 0) throw Error(ErrorCode::internal, {}, "libsodium cannot be initialised");
    return true;
  }();
  static_cast<void>(ready);
}

SHA256_CTX resume(const std::array<std::uint32_t, 8>& midstate) {
  SHA256_CTX context;
  SHA256_Init(&context);
  std::copy(midstate.begin(), midstate.end(), std::begin(context.h));
  context.Nl = kBlock * 8;
  return context;
}

std::array<std::uint32_t, 8> hash_block(const std::array<unsigned char, kBlock>& block) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, block.data(), block.size());
  std::array<std::uint32_t, 8> state;
  std::copy(std::begin(context.h), std::end(context.h), state.begin());
  OPENSSL_cleanse(&context, sizeof context);
  return state;
}

}  // namespace

Digest sha256_digest(std::string_view text) {
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

std::string sha256(std::string_view text) { return hex(bytes_of(sha256_digest(text))); }

HmacKey::HmacKey(std::string_view key) {
  std::array<unsigned char, kBlock> inner_block{};
  if (key.size() > kBlock) {
    Digest hashed = sha256_digest(key);
    std::copy(hashed.begin(), hashed.end(), inner_block.begin());
  } else {
    std::copy(key.begin(), key.end(), inner_block.begin());
  }
  std::array<unsigned char, kBlock> outer_block = inner_block;
  for (unsigned char& byte : inner_block) byte ^= 0x36;
  for (unsigned char& byte : outer_block) byte ^= 0x5c;
  inner_ = hash_block(inner_block);
  outer_ = hash_block(outer_block);
  OPENSSL_cleanse(inner_block.data(), inner_block.size());
  OPENSSL_cleanse(outer_block.data(), outer_block.size());
}

HmacKey::~HmacKey() {
  OPENSSL_cleanse(inner_.data(), sizeof inner_);
  OPENSSL_cleanse(outer_.data(), sizeof outer_);
}

Digest HmacKey::sign(std::string_view message) const {
  Digest digest;
  SHA256_CTX inner = resume(inner_);
  SHA256_Update(&inner, message.data(), message.size());
  SHA256_Final(digest.data(), &inner);
  SHA256_CTX outer = resume(outer_);
  SHA256_Update(&outer, digest.data(), digest.size());
  SHA256_Final(digest.data(), &outer);
  return digest;
}

bool HmacKey::verify(std::string_view message, std::string_view signature) const {
  return constant_time_equal(bytes_of(sign(message)), signature);
}

Digest hmac_sha256(std::string_view key, std::string_view message) { return HmacKey(key).sign(message); }

std::string random_bytes(std::size_t count) {
  init_sodium();
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string random_hex(std::size_t byte_count) { return hex(random_bytes(byte_count)); }

bool constant_time_equal(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string hash_password(std::string_view password) {
  init_sodium();
  std::array<char, crypto_pwhash_STRBYTES> hash;
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    throw Error(ErrorCode::unavailable, {}, "no memory to hash a password");
  }
  return hash.data();
}

bool verify_password(std::string_view password, std::string_view hash) {
  init_sodium();
  // A hash of random bytes that were thrown away, made with the parameters of hash_password().
  static const std::string nobody = hash_password(random_bytes(32));
  const bool known = !hash.empty();
  std::array<char, crypto_pwhash_STRBYTES> stored{};
  std::string_view chosen = known ? hash : std::string_view(nobody);
  if (chosen.size() >= stored.size()) return false;
  std::copy(chosen.begin(), chosen.end(), stored.begin());
  const bool right = crypto_pwhash_str_verify(stored.data(), password.data(), password.size()) == 0;
  return right && known;
}

}  // namespace overture::base
