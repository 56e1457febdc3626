// A connection as libetpan wants to see one, with bounds: how many bytes an answer may have and how long it
// may take.
#pragma once
#include <libetpan/mailstream.h>

#include <memory>
#include <optional>
#include <string>

#include "mailbox/connection.hpp"
#include "mailbox/timeouts.hpp"

namespace overture::mailbox {

class ImapStream {
 public:
  ImapStream(std::unique_ptr<Connection> connection, const ImapTimeouts& timeouts);

  /// The stream for mailimap_connect(). It refers to this object and is freed by libetpan.
  mailstream* make_stream();

  /// Before each command: its answer has at most `bytes`.
  void begin(std::size_t bytes);
  /// Why the stream ended; empty while it works. Afterwards reads and writes fail at once.
  const std::optional<Trouble>& trouble() const { return trouble_; }
  void end(Trouble trouble);
  Connection& connection() { return *connection_; }

 private:
  static ImapStream& of(mailstream_low* low);
  static ssize_t read(mailstream_low* low, void* to, std::size_t size);
  static ssize_t write(mailstream_low* low, const void* from, std::size_t size);
  static int close(mailstream_low* low);
  static int socket(mailstream_low* low);
  static void free(mailstream_low* low);
  static void cancel(mailstream_low* low);

  std::unique_ptr<Connection> connection_;
  ImapTimeouts timeouts_;
  std::optional<Trouble> trouble_;
  std::string greeting_;  ///< not yet read by libetpan
  std::size_t left_ = 0;
  Connection::Deadline deadline_;
};

}  // namespace overture::mailbox
