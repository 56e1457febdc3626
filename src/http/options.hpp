// Everything about the server that a deployment may set. The defaults are the promises of the manual.
#pragma once
#include <chrono>
#include <cstddef>
#include <string>

namespace overture::http {

struct ServerOptions {
  /// An IPv4 or IPv6 address (brackets allowed), a host name, `localhost` (both loopbacks), or empty or `*`
  /// for all.
  std::string host = "127.0.0.1";
  unsigned short port = 0;      ///< 0: the system picks; see Server::port()
  int threads = 0;              ///< I/O threads; 0: one for each processor it may use
  int backlog = 4096;           ///< connections the kernel may hold before they are accepted
  int max_connections = 12000;  ///< more are closed as they come

  std::chrono::milliseconds header_timeout{10'000};  ///< from connect or first byte to the end of the header
  std::chrono::milliseconds idle_timeout{60'000};    ///< between two requests of a connection
  std::chrono::milliseconds body_grace{5'000};       ///< before body_min_rate counts
  std::size_t body_min_rate = 1024;                  ///< bytes of body per second a client must keep up
  std::chrono::milliseconds write_timeout{20'000};   ///< for a response, beyond its size / write_min_rate
  std::size_t write_min_rate = 16 * 1024;            ///< bytes of response per second a client must keep up
  std::chrono::milliseconds linger_timeout{2'000};   ///< unread bytes are taken this long before closing
  std::chrono::milliseconds accept_backoff{100};     ///< pause when the process is out of descriptors

  std::size_t header_bytes = 16 * 1024;  ///< of a request line, and of all header lines together
  std::size_t header_count = 100;
  std::size_t target_bytes = 8 * 1024;   ///< path and query
  std::size_t buffer_bytes = 32 * 1024;  ///< per connection; bounds chunk extensions and trailers too
};

}  // namespace overture::http
