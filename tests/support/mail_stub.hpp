// A mail server on 127.0.0.1 that says what a test tells it to, with or without TLS, and its certificates.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
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

/// A whole SMTP server by its replies. A reply may also be "<hang>", "<drop>" or "<reset>".
struct SmtpScript {
  std::string greeting = "220 stub ESMTP";
  std::string ehlo =
      "250-stub\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE 1000000\r\n250-STARTTLS\r\n"
      "250-AUTH PLAIN LOGIN XOAUTH2\r\n250 ENHANCEDSTATUSCODES";
  std::string auth = "235 2.7.0 welcome";
  std::string mail = "250 2.1.0 fine";
  std::vector<std::string> rcpt = {"250 2.1.5 fine"};  ///< by recipient; the last one for all others
  std::string data = "354 go on";
  std::string within_body =
      {};  ///< not empty: said after the first line of the body, which is then not read on
  std::string dot = "250 2.0.0 taken";
  int mails_per_connection = 0;   ///< then 421 and the end; 0: any number
  bool hang_up_silently = false;  ///< … the end without 421
  const StubCertificate* certificate = nullptr;
  bool tls_first = false;
};

class SmtpStub {
 public:
  explicit SmtpStub(SmtpScript script = {});
  int port() const { return server_.port(); }
  int connections() const { return server_.connections(); }
  /// Bodies whose final dot arrived, dots unstuffed, without the line of the dot.
  std::vector<std::string> taken() const;
  std::vector<std::string> commands() const;

 private:
  void serve(StubConnection& connection);
  bool play(StubConnection& connection, const std::string& reply);
  SmtpScript script_;
  mutable std::mutex mutex_;
  std::vector<std::string> taken_;
  std::vector<std::string> commands_;
  StubServer server_;  // last: it ends first
};

}  // namespace overture::testing
