// Counters of the server, written by its threads and read by anyone at any time.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>

namespace overture::http {

struct ServerMetrics {
  std::atomic<std::int64_t> connections_open{0};
  std::atomic<std::int64_t> connections_accepted{0};
  std::atomic<std::int64_t> connections_refused{0};  ///< above max_connections
  std::atomic<std::int64_t> accept_failures{0};      ///< out of descriptors or memory
  std::atomic<std::int64_t> requests_in_flight{0};   ///< dispatched and not yet answered
  std::atomic<std::int64_t> timeouts{0};  ///< connections closed for being slow, idle ones not counted
  std::atomic<std::int64_t> handler_exceptions{
      0};  ///< caught by the last net; each is a fault of the program
  std::array<std::atomic<std::int64_t>, 6> responses_by_class{};  ///< [status / 100]; 0 is unused
};

}  // namespace overture::http
