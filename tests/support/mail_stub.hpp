// A mail server on 127.0.0.1 that says what a test tells it to, with or without TLS, and its certificates.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace overture::testing {

/// A key and a certificate signed by a throwaway authority (or by itself).
struct StubCertificate {
  std::string pem;     ///< certificate and key
  std::string ca_pem;  ///< whom to trust for it
};
/// `name`: a DNS name or an IPv4 address for the subjectAltName. `days`: negative: expired that long ago.
StubCertificate make_certificate(const std::string& name, int days = 30, bool self_signed = false);

/// Thrown into the script when the client is gone or the test ends.
struct StubEnd {};

class StubConnection {
 public:
  StubConnection(int socket, const std::atomic<bool>& stopping);
  ~StubConnection();
  StubConnection(const StubConnection&) = delete;
  StubConnection& operator=(const StubConnection&) = delete;

  void start_tls(const StubCertificate& certificate);
  /// Without its CRLF.
  std::string line();
  /// Exactly `count` bytes.
  std::string bytes(std::size_t count);
  /// With a CRLF behind it.
  void say(std::string_view line);
  void send(std::string_view bytes);
  /// Until the client hangs up or the test ends.
  void hang();
  /// The end of the stream; with `reset` the client's kernel hears a RST.
  void close(bool reset = false);

 private:
  struct Tls;
  bool fill();
  int socket_;
  const std::atomic<bool>& stopping_;
  std::unique_ptr<Tls> tls_;
  std::string buffer_;
};

class StubServer {
 public:
  using Script = std::function<void(StubConnection&)>;
  /// Runs `script` for each connection, on a thread of its own.
  explicit StubServer(Script script);
  ~StubServer();
  StubServer(const StubServer&) = delete;
  StubServer& operator=(const StubServer&) = delete;
  int port() const { return port_; }
  int connections() const { return connections_; }

 private:
  void accept_all();
  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace overture::testing
