#include "mailbox/imap_stream.hpp"

#include <libetpan/mmapstring.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace overture::mailbox {
namespace {

using Clock = std::chrono::steady_clock;

/// libetpan would put texts over 8 MB into files in /tmp.
void keep_mail_out_of_files() {
  static const bool done = (mmap_string_set_ceil(std::numeric_limits<std::size_t>::max() / 4), true);
  static_cast<void>(done);
}

}  // namespace

// libcurl has read the greeting and logged in, so libetpan is told what RFC 3501 section 7.1.4 has for that.
ImapStream::ImapStream(std::unique_ptr<Connection> connection, const ImapTimeouts& timeouts)
    : connection_(std::move(connection)), timeouts_(timeouts), greeting_("* PREAUTH welcome\r\n") {
  keep_mail_out_of_files();
}

mailstream* ImapStream::make_stream() {
  static mailstream_low_driver driver = {&read,   &write,  &close,  &socket, &free,  &cancel,
                                         nullptr, nullptr, nullptr, nullptr, nullptr};
  mailstream_low* low = mailstream_low_new(this, &driver);
  mailstream* stream = low == nullptr ? nullptr : mailstream_new(low, 16384);
  if (stream == nullptr) throw base::Error(base::ErrorCode::unavailable, "Out of memory.");
  return stream;
}

void ImapStream::begin(std::size_t bytes) {
  left_ = bytes;
  deadline_ = Clock::now() + timeouts_.total;
}

void ImapStream::end(Trouble trouble) {
  if (trouble_) return;
  trouble_ = std::move(trouble);
  connection_->cut();
}

ImapStream& ImapStream::of(mailstream_low* low) { return *static_cast<ImapStream*>(low->data); }

ssize_t ImapStream::read(mailstream_low* low, void* to, std::size_t size) {
  ImapStream& self = of(low);
  if (self.trouble_) return -1;
  if (!self.greeting_.empty()) {
    const std::size_t count = std::min(size, self.greeting_.size());
    std::copy_n(self.greeting_.begin(), count, static_cast<char*>(to));
    self.greeting_.erase(0, count);
    return static_cast<ssize_t>(count);
  }
  try {
    if (self.left_ == 0) {
      self.end({Trouble::Kind::protocol, "The mail server's answer is larger than it may be."});
      return -1;
    }
    const auto deadline = std::min(Clock::now() + self.timeouts_.command, self.deadline_);
    const std::size_t count =
        self.connection_->read(static_cast<char*>(to), std::min(size, self.left_), deadline);
    if (count == 0) self.end({Trouble::Kind::closed, "The mail server hung up."});
    self.left_ -= count;
    return count == 0 ? -1 : static_cast<ssize_t>(count);
  } catch (const MailboxError& error) {
    self.end(error.trouble());
    return -1;
  }
}

ssize_t ImapStream::write(mailstream_low* low, const void* from, std::size_t size) {
  ImapStream& self = of(low);
  if (self.trouble_) return -1;
  try {
    self.connection_->write({static_cast<const char*>(from), size}, self.timeouts_.command, self.deadline_);
    return static_cast<ssize_t>(size);
  } catch (const MailboxError& error) {
    self.end(error.trouble());
    return -1;
  }
}

int ImapStream::close(mailstream_low*) { return 0; }  // the Connection is ours
int ImapStream::socket(mailstream_low* low) { return of(low).connection_->socket(); }
void ImapStream::free(mailstream_low* low) { std::free(low); }
void ImapStream::cancel(mailstream_low*) {}

}  // namespace overture::mailbox
