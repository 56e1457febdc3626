// The address under which the reader of one mail says that he wants no more.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.hpp"

namespace overture::outreach {

/// Which mail a link was written into.
struct UnsubscribeTarget {
  std::int64_t account = 0;
  std::int64_t outreach_email = 0;
};

/// `/u/<token>`: it names the mail and proves that we wrote it; it never expires and cannot be guessed.
std::string make_unsubscribe_path(const base::HmacKey& key, const UnsubscribeTarget& target);
/// What the token stands for; nullopt when it is none of ours.
std::optional<UnsubscribeTarget> parse_unsubscribe_token(const base::HmacKey& key, std::string_view token);

}  // namespace overture::outreach
