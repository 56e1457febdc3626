// token = account "-" mail "-" 32 hex digits of HMAC("unsubscribe:" account ":" mail).
#include "outreach/unsubscribe_link.hpp"

#include <charconv>

#include "base/text.hpp"

namespace overture::outreach {
namespace {

constexpr std::size_t kMarkLength = 32;

std::string mark_of(const base::HmacKey& key, const UnsubscribeTarget& target) {
  const base::Digest digest =
      key.sign("unsubscribe:" + std::to_string(target.account) + ":" + std::to_string(target.outreach_email));
  return base::hex(base::bytes_of(digest)).substr(0, kMarkLength);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

}  // namespace

std::string make_unsubscribe_path(const base::HmacKey& key, const UnsubscribeTarget& target) {
  return "/u/" + std::to_string(target.account) + "-" + std::to_string(target.outreach_email) + "-" +
         mark_of(key, target);
}

std::optional<UnsubscribeTarget> parse_unsubscribe_token(const base::HmacKey& key, std::string_view token) {
  const auto parts = base::split(token, '-');
  if (parts.size() != 3) return std::nullopt;
  const auto account = parse_number(parts[0]);
  const auto mail = parse_number(parts[1]);
  if (!account || !mail) return std::nullopt;
  const UnsubscribeTarget target{*account, *mail};
  if (!base::constant_time_equal(mark_of(key, target), parts[2])) return std::nullopt;
  return target;
}

}  // namespace overture::outreach
