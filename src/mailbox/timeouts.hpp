// How long a mail server may take: RFC 5321 section 4.5.3.2, and bounds of our own where it has none.
#pragma once
#include <chrono>
#include <string>

namespace overture::mailbox {

using std::chrono::milliseconds;

struct SmtpTimeouts {
  milliseconds connect = std::chrono::seconds(30);  ///< name, connection and TLS, together
  /// RFC 5321 has five minutes for relays; a submission server greets at once, and a silent one holds up a
  /// sender.
  milliseconds greeting = std::chrono::minutes(1);
  milliseconds command = std::chrono::minutes(5);  ///< EHLO, AUTH, MAIL, RCPT, RSET
  milliseconds data = std::chrono::minutes(2);     ///< until the 354
  milliseconds block = std::chrono::minutes(3);    ///< until the server takes more of the body
  milliseconds dot = std::chrono::minutes(10);     ///< until the reply to the final dot
  milliseconds total = std::chrono::minutes(30);   ///< of one mail, but for the wait after the final dot
};

struct ImapTimeouts {
  milliseconds connect = std::chrono::seconds(30);
  milliseconds command = std::chrono::minutes(2);  ///< greeting, log-in, and between two pieces of an answer
  milliseconds total = std::chrono::minutes(10);   ///< of one command with its whole answer
  milliseconds idle_renewal = std::chrono::minutes(24);  ///< servers may hang up after 30 (RFC 2177)
  milliseconds poll = std::chrono::seconds(60);          ///< between two NOOPs where there is no IDLE
};

/// Whom to trust besides the authorities of the system.
struct Trust {
  std::string ca_file;  ///< PEM; empty: only the system's
};

}  // namespace overture::mailbox
