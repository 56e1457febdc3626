// How often each operation was called, how it ended and how long it took.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace overture::api {

/// Upper bounds of the latency buckets in microseconds; the last bucket has none.
inline constexpr std::array<std::int64_t, 9> kLatencyBounds{100,    300,     1'000,   3'000,    10'000,
                                                            30'000, 100'000, 300'000, 1'000'000};

struct RouteMetrics {
  std::array<std::atomic<std::uint64_t>, 6> by_class{};  ///< [4] counts 4xx
  std::array<std::atomic<std::uint64_t>, kLatencyBounds.size() + 1> by_latency{};
  std::atomic<std::uint64_t> microseconds{0};

  void record(int status, std::int64_t duration_us) {
    by_class.at(static_cast<std::size_t>(status / 100) % by_class.size())
        .fetch_add(1, std::memory_order_relaxed);
    std::size_t bucket = 0;
    while (bucket < kLatencyBounds.size() && duration_us > kLatencyBounds.at(bucket)) ++bucket;
    by_latency.at(bucket).fetch_add(1, std::memory_order_relaxed);
    microseconds.fetch_add(static_cast<std::uint64_t>(duration_us), std::memory_order_relaxed);
  }
};

}  // namespace overture::api
