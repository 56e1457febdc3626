// Chance for the demo workspace: the same numbers on every machine, each time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "base/clock.hpp"

namespace overture::app {

/// SplitMix64. Whole numbers only, because floating-point functions differ between machines.
class DemoRandom {
 public:
  /// Two seeds give two unrelated sequences.
  explicit DemoRandom(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 0x6a09e667f3bcc909ULL) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  /// 0 … n-1
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>((next() >> 32U) * static_cast<std::uint64_t>(n) >> 32U);
  }
  /// Both ends included.
  std::int64_t between(std::int64_t first, std::int64_t last) { return first + below(last - first + 1); }
  bool chance(std::int64_t percent) { return below(100) < percent; }

  /// A waiting time: mostly short, seldom three times the mean. The mean is below 100 days.
  base::Millis about(base::Millis mean) {
    const std::int64_t u = below(4096);
    return mean * 3 * u * u / (4096 * 4096) + 1;
  }

  template <class Table>
  const auto& pick(const Table& table) {
    return table[static_cast<std::size_t>(below(static_cast<std::int64_t>(std::size(table))))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace overture::app
