// Secrets at rest: sealed with a key of the installation, so that a stolen database does not hold them.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace overture::base {

/// Where a sealed text lies. It opens nowhere else: a row that is copied over another one opens nothing.
struct SealedPlace {
  std::string_view table;
  std::int64_t account = 0;
  std::int64_t row = 0;
  std::string_view column;
};

/// XChaCha20-Poly1305 (RFC 8439 with the 24-byte nonce of draft-irtf-cfrg-xchacha-03). Immutable; any number
/// of threads may use one.
class Sealer {
 public:
  /// The key is made of the installation's secret key, at least 32 bytes.
  explicit Sealer(std::string_view secret_key);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  /// `1.<key id>.<nonce and cipher text, base64url>`: plain ASCII, another one each time.
  std::string seal(std::string_view text, const SealedPlace& place) const;
  /// Throws Error(unavailable) with a sentence for people when the text was sealed with another key, for
  /// another place, or was changed.
  std::string open(std::string_view sealed, const SealedPlace& place) const;

  /// Eight hex digits that tell keys apart and say nothing about them.
  const std::string& key_id() const { return key_id_; }

 private:
  std::array<unsigned char, 32> key_;
  std::string key_id_;
};

}  // namespace overture::base
