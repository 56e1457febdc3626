// Listening on one port of all the addresses that the host's name means.
#include "http/listener.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "http/metrics.hpp"

namespace overture::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Strand = asio::strand<asio::io_context::executor_type>;
using Acceptor = asio::basic_socket_acceptor<tcp, Strand>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Strand>;

/// Connections taken in one go before other work has its turn.
constexpr int kAcceptBatch = 64;

std::string place(const std::string& host, unsigned short port) {
  bool is_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
  std::string name = host.empty() ? "*" : is_v6 ? "[" + host + "]" : host;
  return name + ":" + std::to_string(port);
}

[[noreturn]] void fail(const std::string& where, const error_code& error) {
  std::string why = error.message();
  if (error == asio::error::address_in_use) why = "the port is already in use by another program";
  if (error == asio::error::access_denied) why = "no permission (ports below 1024 need special rights)";
  if (error.value() == EADDRNOTAVAIL) why = "this machine does not have that address";
  if (error.category() == asio::error::get_netdb_category()) why = "the host name is not known";
  throw base::Error(base::ErrorCode::unavailable, "cannot listen on " + where + ": " + why, error.message());
}

std::vector<tcp::endpoint> resolve(asio::io_context& io, std::string host, unsigned short port) {
  const std::string where = place(host, port);
  if (host.empty() || host == "*") return {{tcp::v6(), port}};
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  auto address = asio::ip::make_address(host, error);
  if (!error) return {{address, port}};
  if (host == "localhost")
    return {{asio::ip::address_v4::loopback(), port}, {asio::ip::address_v6::loopback(), port}};
  std::vector<tcp::endpoint> found;
  auto results = tcp::resolver(io).resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error) fail(where, error);
  for (const auto& result : results) found.push_back(result.endpoint());
  return found;
}

bool is_missing_family(const error_code& error) {
  return error.value() == EAFNOSUPPORT || error.value() == EADDRNOTAVAIL;
}

}  // namespace

struct Listener::Sockets : std::enable_shared_from_this<Listener::Sockets> {
  /// One listening socket with its own pause.
  struct Gate {
    Gate(asio::io_context& io, bool v6)
        : strand(asio::make_strand(io)), acceptor(strand), pause(strand), is_v6(v6) {}
    Strand strand;
    Acceptor acceptor;
    Timer pause;
    bool is_v6;
  };

  Sockets(asio::io_context& context, const ServerOptions& given, ServerMetrics& counters)
      : io(context), options(given), metrics(counters) {}

  error_code listen(const tcp::endpoint& endpoint, bool is_only_one) {
    auto gate = std::make_shared<Gate>(io, endpoint.address().is_v6());
    error_code error;
    auto& acceptor = gate->acceptor;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    // All interfaces means both families; a list of addresses has each family of its own.
    bool both = is_only_one && gate->is_v6 && endpoint.address().is_unspecified();
    if (!error && gate->is_v6) acceptor.set_option(asio::ip::v6_only(!both), error);
    // Accepted sockets inherit it on Linux: one system call less for each connection.
    if (!error) acceptor.set_option(tcp::no_delay(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(options.backlog, error);
    if (!error) acceptor.non_blocking(true, error);
    if (!error) gates.push_back(std::move(gate));
    return error;
  }

  /// Opens all endpoints on one port; a family that this machine does not have is left out.
  error_code open_all(std::vector<tcp::endpoint> endpoints) {
    error_code first_error;
    for (auto& endpoint : endpoints) {
      if (!gates.empty()) endpoint.port(gates.front()->acceptor.local_endpoint().port());
      error_code error = listen(endpoint, endpoints.size() == 1);
      if (!error) continue;
      if (!first_error) first_error = error;
      if (is_missing_family(error)) continue;
      gates.clear();
      return error;
    }
    return gates.empty() ? first_error : error_code{};
  }

  void open() {
    auto endpoints = resolve(io, options.host, options.port);
    error_code error = open_all(endpoints);
    // All interfaces on a machine without IPv6.
    if (is_missing_family(error) && endpoints.size() == 1 && endpoints[0].address().is_unspecified()) {
      error = open_all({{tcp::v4(), options.port}});
    }
    // A port the system picked for the first address may be taken on the second: pick again.
    for (int again = 0; error == asio::error::address_in_use && options.port == 0 && again < 8; ++again) {
      error = open_all(endpoints);
    }
    if (error) fail(place(options.host, options.port), error);
    port = gates.front()->acceptor.local_endpoint().port();
  }

  void wait(const std::shared_ptr<Gate>& gate) {
    gate->acceptor.async_wait(Acceptor::wait_read, [self = shared_from_this(), gate](error_code error) {
      if (!gate->acceptor.is_open()) return;
      if (error) return self->back_off(gate);
      self->take(gate);
    });
  }

  void take(const std::shared_ptr<Gate>& gate) {
    for (int i = 0; i < kAcceptBatch; ++i) {
      int descriptor =
          ::accept4(gate->acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (descriptor >= 0) {
        accepted(descriptor, gate->is_v6);
        continue;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) break;
      // Trouble of one connection that is gone already (accept(2), "Error handling").
      if (errno == ECONNABORTED || errno == EINTR || errno == EPROTO || errno == ENETDOWN ||
          errno == EHOSTUNREACH || errno == ENETUNREACH || errno == EHOSTDOWN || errno == ENONET ||
          errno == ENOPROTOOPT || errno == EOPNOTSUPP) {
        continue;
      }
      ++metrics.accept_failures;
      return back_off(gate);
    }
    wait(gate);
  }

  /// Out of descriptors or memory: the waiting connections stay in the backlog meanwhile.
  void back_off(const std::shared_ptr<Gate>& gate) {
    gate->pause.expires_after(options.accept_backoff);
    gate->pause.async_wait([self = shared_from_this(), gate](error_code) {
      if (gate->acceptor.is_open()) self->take(gate);
    });
  }

  asio::io_context& io;
  const ServerOptions& options;
  ServerMetrics& metrics;
  Accepted accepted;
  std::vector<std::shared_ptr<Gate>> gates;
  unsigned short port = 0;
};

Listener::Listener(asio::io_context& io, const ServerOptions& options, ServerMetrics& metrics)
    : sockets_(std::make_shared<Sockets>(io, options, metrics)) {}

Listener::~Listener() = default;

void Listener::open() { sockets_->open(); }

unsigned short Listener::port() const { return sockets_->port; }

void Listener::start(Accepted accepted) {
  sockets_->accepted = std::move(accepted);
  for (const auto& gate : sockets_->gates) {
    asio::post(gate->strand, [self = sockets_, gate] { self->wait(gate); });
  }
}

void Listener::close() {
  for (const auto& gate : sockets_->gates) {
    asio::post(gate->strand, [gate] {
      error_code ignored;
      gate->acceptor.close(ignored);
      gate->pause.cancel();
    });
  }
}

}  // namespace overture::http
