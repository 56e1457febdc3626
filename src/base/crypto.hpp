// Hashes, keyed hashes, randomness and passwords: thin over libsodium and OpenSSL's SHA-256.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace overture::base {

using Digest = std::array<std::uint8_t, 32>;

/// The bytes of a digest as a view of characters (for encoders and comparisons).
inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// SHA-256 (FIPS 180-4) as 64 lower-case hex digits; for secrets of 128 random bits or more, never for
/// passwords.
std::string sha256(std::string_view text);
Digest sha256_digest(std::string_view text);

/// One key for HMAC-SHA-256 (RFC 2104). The two padded blocks of the key are hashed once, here;
/// sign() copies that state, so it is fast and any number of threads may call it at once.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  ~HmacKey();
  HmacKey(const HmacKey&) = default;
  HmacKey& operator=(const HmacKey&) = default;

  Digest sign(std::string_view message) const;
  /// Whether `signature` is the one of `message`, compared in constant time.
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  /// The eight words of a SHA-256 state after one block.
  using Midstate = std::array<std::uint32_t, 8>;
  Midstate inner_;
  Midstate outer_;
};

/// HMAC-SHA-256 with a key that is used once.
Digest hmac_sha256(std::string_view key, std::string_view message);

/// From the operating system's generator; safe from any thread.
std::string random_bytes(std::size_t count);
/// 2 × `byte_count` lower-case hex digits.
std::string random_hex(std::size_t byte_count);

/// Takes the same time wherever the difference is; the lengths are not secret.
bool constant_time_equal(std::string_view left, std::string_view right);

/// argon2id, 64 MiB, about 0.1 s: call it on a pool that bounds how many run at once.
/// Throws base::Error `unavailable` when there is no memory for it.
std::string hash_password(std::string_view password);
/// Takes as long for an empty `hash` (nobody of that name) as for a wrong password.
bool verify_password(std::string_view password, std::string_view hash);

}  // namespace overture::base
