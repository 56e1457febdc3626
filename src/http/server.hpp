// The HTTP server: options and functions in, a listening port out.
#pragma once
#include <chrono>
#include <memory>

#include "http/access.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "http/options.hpp"

namespace overture::http {

/// HTTP/1.1 and 1.0 with keep-alive and pipelining; requests of one connection are answered one by one, in
/// order.
///
/// `dispatch` runs on an I/O thread; its Reply may be called there or later from any thread, also after
/// stop() and after the Server is gone. A dispatch that throws base::Error is answered with that error, any
/// other exception or a Reply that is dropped with 500. What the server refuses by itself has a body in the
/// API's shape. `body_limit` may be empty (1 MiB then), `access_log` too.
class Server {
 public:
  Server(ServerOptions options, Dispatch dispatch, BodyLimit body_limit = {}, AccessLog access_log = {});
  ~Server();  ///< stops at once when it has not been stopped
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds, then starts the threads. Throws base::Error with a text for people when the address cannot be
  /// had. Only once in the life of a Server.
  void start();
  unsigned short port() const;  ///< after start(): where it listens

  /// Stops accepting, closes idle connections, lets requests under way finish with `Connection: close`; what
  /// is left at the deadline is cut off. Returns when all threads have ended, so not before a dispatch that
  /// is still running. Not to be called from a dispatch. A second call does nothing.
  void stop(std::chrono::milliseconds deadline);

  const ServerMetrics& metrics() const;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace overture::http
