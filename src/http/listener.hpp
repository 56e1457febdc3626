// The listening sockets: binds them, accepts without ever spinning.
#pragma once
#include <functional>
#include <memory>

#include "http/options.hpp"

namespace boost::asio {
class io_context;
}

namespace overture::http {

struct ServerMetrics;

class Listener {
 public:
  /// Takes over a connected descriptor (close-on-exec) of the given family. Called on I/O threads, one at a
  /// time per listening socket.
  using Accepted = std::function<void(int descriptor, bool is_v6)>;

  Listener(boost::asio::io_context& io, const ServerOptions& options, ServerMetrics& metrics);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Binds and listens; throws base::Error with a text for people when the address cannot be had.
  void open();
  unsigned short port() const;  ///< after open()
  void start(Accepted accepted);
  /// Stops listening; may be called from any thread.
  void close();

 private:
  struct Sockets;
  std::shared_ptr<Sockets> sockets_;
};

}  // namespace overture::http
