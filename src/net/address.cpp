// Prefixes of the special-purpose registries (RFC 6890 and its successors).
#include "net/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace overture::net {
namespace {

struct Prefix4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return (a << 24U) | (b << 16U) | (c << 8U) | d;
}

constexpr Prefix4 kSpecial4[] = {
    {ip(0, 0, 0, 0), 8},      {ip(10, 0, 0, 0), 8},     {ip(100, 64, 0, 0), 10}, {ip(127, 0, 0, 0), 8},
    {ip(169, 254, 0, 0), 16}, {ip(172, 16, 0, 0), 12},  {ip(192, 0, 0, 0), 24},  {ip(192, 0, 2, 0), 24},
    {ip(192, 88, 99, 0), 24}, {ip(192, 168, 0, 0), 16}, {ip(198, 18, 0, 0), 15}, {ip(198, 51, 100, 0), 24},
    {ip(203, 0, 113, 0), 24}, {ip(224, 0, 0, 0), 3},
};

bool is_public(std::uint32_t address) {
  return std::none_of(std::begin(kSpecial4), std::end(kSpecial4), [address](const Prefix4& prefix) {
    const int shift = 32 - prefix.bits;
    return address >> shift == prefix.network >> shift;
  });
}

std::uint32_t four_bytes(const std::array<std::uint8_t, 16>& bytes, std::size_t from) {
  return ip(bytes.at(from), bytes.at(from + 1), bytes.at(from + 2), bytes.at(from + 3));
}

/// Only 2000::/3 is given out; inside of it some carry an IPv4 address or are for documentation.
bool is_public(const std::array<std::uint8_t, 16>& bytes) {
  const std::uint32_t first = four_bytes(bytes, 0);
  if (first == 0 && four_bytes(bytes, 4) == 0 && four_bytes(bytes, 8) == 0xffff)
    return is_public(four_bytes(bytes, 12));
  if (first == ip(0, 0x64, 0xff, 0x9b) && four_bytes(bytes, 4) == 0 && four_bytes(bytes, 8) == 0) {
    return is_public(four_bytes(bytes, 12));  // 64:ff9b::/96, NAT64
  }
  if (bytes[0] >> 5U != 1) return false;
  if (first >> 16U == 0x2002) return is_public(ip(bytes[2], bytes[3], bytes[4], bytes[5]));  // 6to4
  if (first >> 9U == 0x20010000U >> 9U) return false;  // 2001::/23: Teredo, ORCHID, benchmarks
  return first != 0x20010db8U && first >> 12U != 0x3fff0U;
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_public(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
    return is_public(bytes);
  }
  return false;
}

}  // namespace overture::net
