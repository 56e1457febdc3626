// A connection to a mail server, made by libcurl: name, TCP, TLS with verification, greeting, EHLO or
// CAPABILITY, STARTTLS and log-in. From there on it is plain bytes with a time limit on each wait.
#pragma once
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "mailbox/timeouts.hpp"
#include "mailbox/transport.hpp"

namespace overture::mailbox {

enum class Protocol { smtp, imap };

struct Opening {
  Protocol protocol = Protocol::smtp;
  Server server;
  Login login;
  std::string hello;  ///< SMTP only; empty: this machine's name
  Trust trust;
  milliseconds connect{};   ///< name, TCP and TLS
  milliseconds greeting{};  ///< until the first line
  milliseconds command{};   ///< until each further answer
};

/// How far an opening came and why it ended there. `code` and `enhanced` are those of the SMTP reply that
/// ended it, 0 and empty when none did. `phase` is one of SendResult's.
struct OpenFailure : std::exception {
  Trouble trouble;
  std::string phase;
  int code = 0;
  std::string enhanced;
  std::string reply;  ///< the server's words, safe_line()
  const char* what() const noexcept override { return trouble.text.c_str(); }
};

/// One thread at a time. A failure of read() or write() is a MailboxError (timeout, closed); the connection
/// is of no use afterwards.
class Connection {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Throws OpenFailure.
  static std::unique_ptr<Connection> open(const Opening& opening);
  /// Cuts the connection. It says no good-bye by itself and does not wait.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// At least one byte, or 0 at the end of the stream.
  std::size_t read(char* to, std::size_t size, Deadline deadline);
  /// All of it; each block has `block` until the server takes some more, and everything ends at `deadline`.
  void write(std::string_view bytes, milliseconds block, Deadline deadline);
  /// There is something to read: data, or the end.
  bool readable();
  /// Nothing more leaves and nothing more arrives.
  void cut() noexcept;

  int socket() const { return socket_; }
  /// The lines the server sent to the last EHLO of the opening, without codes.
  const std::string& extensions() const { return extensions_; }

 private:
  struct Handle;
  explicit Connection(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
  int socket_ = -1;
  std::string extensions_;
  std::string ahead_;  ///< read by readable(), not yet by read()
};

/// "host:port", with brackets around an IPv6 address.
std::string write_address(const Server& server);

}  // namespace overture::mailbox
