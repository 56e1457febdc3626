#include "work/injected.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "base/crypto.hpp"

namespace overture::work {

std::uint64_t random_number() {
  const std::string bytes = base::random_bytes(sizeof(std::uint64_t));
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

Failpoint stop_point() {
  const char* text = std::getenv("OVERTURE_STOP_AT");
  if (text == nullptr) return {};
  const std::string_view wanted(text);
  const std::size_t colon = wanted.find(':');
  auto left = std::make_shared<std::atomic<int>>(
      colon == std::string_view::npos ? 1 : std::max(1, std::atoi(text + colon + 1)));
  return [name = std::string(wanted.substr(0, colon)), left](std::string_view place) {
    if (place == name && --*left == 0) std::abort();
  };
}

}  // namespace overture::work
