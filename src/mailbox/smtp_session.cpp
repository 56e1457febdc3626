#include "mailbox/smtp_session.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.hpp"
#include "base/text.hpp"

namespace overture::mailbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxLine = 4096;  // RFC 5321 section 4.5.3.1.5 asks for 512
constexpr int kMaxReplyLines = 100;
constexpr std::size_t kMaxTextLine = 998;  // RFC 5322 section 2.1.1

SendResult result_of(const SmtpReply& reply, std::string_view phase) {
  return {outcome_of_reply(phase, reply.code, reply.enhanced, reply.text), reply.code, reply.enhanced,
          reply.text, std::string(phase)};
}

void check_address(std::string_view field, std::string_view address, bool may_be_empty) {
  if (address.empty() && may_be_empty) return;
  if (address.empty() || address.size() > 320) throw base::Error::invalid(field, "is not an address");
  const bool odd = std::any_of(address.begin(), address.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == 0x7f;
  });
  if (odd || base::has_control(address)) {
    throw base::Error::invalid(field, "has a character that no address has in SMTP");
  }
}

}  // namespace

SmtpExtensions parse_extensions(std::string_view lines) {
  SmtpExtensions extensions;
  for (std::string_view line : base::split(lines, '\n')) {
    const std::string lowered = base::lower_ascii(base::trim(line));
    if (lowered == "pipelining") extensions.pipelining = true;
    if (lowered == "8bitmime") extensions.eight_bit = true;
    if (lowered == "smtputf8") extensions.smtputf8 = true;
    if (lowered.starts_with("size ")) {
      std::from_chars(lowered.data() + 5, lowered.data() + lowered.size(), extensions.size);
    }
  }
  return extensions;
}

void check_sendable(const Envelope& envelope, std::string_view message) {
  check_address("from", envelope.from, true);
  if (envelope.to.empty()) throw base::Error::invalid("to", "names nobody");
  for (const std::string& address : envelope.to) check_address("to", address, false);
  if (message.empty()) throw base::Error::invalid("message", "is empty");
  if (message.find('\0') != std::string_view::npos) throw base::Error::invalid("message", "contains a NUL");
  for (std::size_t begin = 0; begin < message.size();) {
    const std::size_t end = message.find('\n', begin);
    const std::string_view line = message.substr(begin, end == std::string_view::npos ? end : end - begin);
    const bool with_return = line.ends_with('\r');
    if (line.find('\r') != (with_return ? line.size() - 1 : std::string_view::npos) ||
        (end != std::string_view::npos && !with_return) || (end == std::string_view::npos && with_return)) {
      throw base::Error::invalid("message", "has a CR or LF that is not part of a line end");
    }
    if (line.size() - (with_return ? 1 : 0) > kMaxTextLine) {
      throw base::Error::invalid("message", "has a line over 998 octets");
    }
    if (end == std::string_view::npos) break;
    begin = end + 1;
  }
}

bool needs_stuffing(std::string_view message) {
  return message.starts_with('.') || message.find("\n.") != std::string_view::npos;
}

std::string stuff_dots(std::string_view message) {
  std::string stuffed;
  stuffed.reserve(message.size() + 64);
  if (message.starts_with('.')) stuffed += '.';
  for (;;) {
    const std::size_t end = message.find("\n.");
    if (end == std::string_view::npos) return stuffed.append(message);
    stuffed.append(message.substr(0, end + 1)).append(".");
    message.remove_prefix(end + 1);
  }
}

SmtpSession::SmtpSession(std::unique_ptr<Connection> connection, const SmtpTimeouts& timeouts)
    : connection_(std::move(connection)),
      timeouts_(timeouts),
      extensions_(parse_extensions(connection_->extensions())) {}

SmtpSession::~SmtpSession() {
  if (!usable_) return;
  try {
    connection_->write("QUIT\r\n", milliseconds(0), Clock::now());
  } catch (const std::exception&) {
    // It is gone already.
  }
}

bool SmtpSession::went_stale() { return used_ < buffer_.size() || connection_->readable(); }

std::string_view SmtpSession::read_line(Deadline deadline) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', used_);
    if (end != std::string::npos) {
      std::string_view line = std::string_view(buffer_).substr(used_, end - used_);
      used_ = end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      return line;
    }
    buffer_.erase(0, used_);
    used_ = 0;
    if (buffer_.size() > kMaxLine) {
      throw MailboxError({Trouble::Kind::protocol, "The server's answer has no end."});
    }
    std::array<char, 2048> piece{};
    const std::size_t count = connection_->read(piece.data(), piece.size(), deadline);
    if (count == 0) throw MailboxError({Trouble::Kind::closed, "The server hung up."});
    buffer_.append(piece.data(), count);
  }
}

SmtpReply SmtpSession::read_reply(Deadline deadline) {
  SmtpReply reply;
  for (int lines = 0; lines < kMaxReplyLines; ++lines) {
    auto line = parse_reply_line(read_line(deadline));
    if (!line)
      throw MailboxError({Trouble::Kind::protocol, "The server's answer is not one of a mail server."});
    reply.code = line->code;
    std::string enhanced = take_enhanced(line->text);
    if (reply.enhanced.empty()) reply.enhanced = std::move(enhanced);
    if (reply.text.size() < 1000) reply.text.append(reply.text.empty() ? "" : " ").append(line->text);
    if (line->last) {
      if (reply.code == 421) usable_ = false;
      reply.text = safe_line(reply.text);
      return reply;
    }
  }
  throw MailboxError({Trouble::Kind::protocol, "The server's answer has no end."});
}

std::string SmtpSession::mail_command(const Envelope& envelope, std::string_view message) const {
  std::string command = "MAIL FROM:<" + envelope.from + ">";
  if (extensions_.size > 0) command += " SIZE=" + std::to_string(message.size());
  if (envelope.needs_smtputf8) command += " SMTPUTF8";
  if (extensions_.eight_bit && (envelope.needs_smtputf8 || !base::is_ascii(message)))
    command += " BODY=8BITMIME";
  return command + "\r\n";
}

/// A command of the envelope and the phase its reply is judged in.
struct SmtpSession::Step {
  std::string command;
  std::string_view phase;
};

/// True when the server answered 354 and everybody in `envelope` was taken; else `result` says why not.
bool SmtpSession::greet_envelope(const Envelope& envelope, std::string_view message, Deadline deadline,
                                 SendResult& result) {
  std::vector<Step> steps;
  if (needs_reset_) steps.push_back({"RSET\r\n", "mail"});
  steps.push_back({mail_command(envelope, message), "mail"});
  for (const std::string& address : envelope.to) steps.push_back({"RCPT TO:<" + address + ">\r\n", "rcpt"});
  steps.push_back({"DATA\r\n", "data"});

  if (extensions_.pipelining) {
    std::string group;
    for (const Step& step : steps) group += step.command;
    phase_ = "mail";
    connection_->write(group, timeouts_.block, deadline);
  }
  bool failed = false;
  for (const Step& step : steps) {
    if (!failed) phase_ = step.phase;
    if (!extensions_.pipelining) connection_->write(step.command, timeouts_.block, deadline);
    const bool data = step.phase == "data";
    SmtpReply reply;
    try {
      reply = read_reply(std::min(Clock::now() + (data ? timeouts_.data : timeouts_.command), deadline));
    } catch (const MailboxError&) {
      if (!failed) throw;
      usable_ = false;  // the reply that decided is there already
      return false;
    }
    const bool good = data ? reply.code == 354 : reply.code >= 200 && reply.code < 300;
    if (data && good && failed) usable_ = false;     // it waits for a body that it must not get
    if (!good && reply.code < 400) usable_ = false;  // out of step
    if (!good && !failed) {
      failed = true;
      result = result_of(reply, step.phase);
    }
    if (failed && (!usable_ || !extensions_.pipelining)) break;
  }
  needs_reset_ = failed;
  return !failed;
}

void SmtpSession::hand_over_body(std::string_view message, Deadline deadline) {
  phase_ = "data";
  std::string changed;
  if (needs_stuffing(message)) {
    changed = stuff_dots(message);
    message = changed;
  }
  connection_->write(message, timeouts_.block, deadline);
  if (!message.ends_with("\r\n")) connection_->write("\r\n", timeouts_.block, deadline);
}

SendResult SmtpSession::end_with_dot() {
  phase_ = "dot";
  try {
    const auto deadline = Clock::now() + timeouts_.dot;
    connection_->write(".\r\n", timeouts_.block, deadline);
    return result_of(read_reply(deadline), "dot");
  } catch (const MailboxError& error) {
    // Even when the write failed: a part of it may have left before.
    return lost(error, SendOutcome::unknown, "dot");
  }
}

SendResult SmtpSession::lost(const MailboxError& error, SendOutcome outcome, std::string phase) {
  usable_ = false;
  connection_->cut();
  return {outcome, 0, {}, error.trouble().text, std::move(phase)};
}

SendResult SmtpSession::send(const Envelope& envelope, std::string_view message,
                             const std::function<bool()>& before_dot, bool& was_offered) {
  was_offered = false;
  if (extensions_.size > 0 && message.size() > extensions_.size) {
    return {SendOutcome::refused, 0, "5.3.4",
            "The mail has " + std::to_string(message.size()) + " bytes; the server takes at most " +
                std::to_string(extensions_.size) + ".",
            "mail"};
  }
  if (envelope.needs_smtputf8 && !extensions_.smtputf8) {
    return {!base::is_ascii(envelope.from) ? SendOutcome::sender_refused : SendOutcome::refused, 0, "5.6.7",
            "The server cannot send to or from addresses with letters beyond ASCII (SMTPUTF8).", "mail"};
  }
  const auto deadline = Clock::now() + timeouts_.total;
  SendResult result;
  try {
    if (!greet_envelope(envelope, message, deadline, result)) {
      if (!usable_) connection_->cut();
      return result;
    }
    hand_over_body(message, deadline);
    if (used_ < buffer_.size() || connection_->readable()) {
      // An answer before the dot: a no in the middle of the body, or the end of the connection.
      const SmtpReply reply = read_reply(std::min(Clock::now() + timeouts_.data, deadline));
      result = result_of(reply, "data");
      usable_ = false;
      connection_->cut();
      return result;
    }
  } catch (const MailboxError& error) {
    return lost(error, SendOutcome::deferred, phase_);
  }
  was_offered = true;
  bool go_on = false;
  try {
    go_on = before_dot();
  } catch (...) {
    go_on = false;
  }
  if (!go_on) {
    usable_ = false;
    connection_->cut();
    return {SendOutcome::withheld, 0, {}, "Held back before the final dot.", "dot"};
  }
  return end_with_dot();
}

SendResult SmtpSession::offer_sender(std::string_view from) {
  phase_ = "mail";
  const auto deadline = Clock::now() + timeouts_.command;
  try {
    connection_->write("MAIL FROM:<" + std::string(from) + ">\r\n", timeouts_.block, deadline);
    const SmtpReply reply = read_reply(deadline);
    SendResult result = result_of(reply, "mail");
    if (reply.code >= 200 && reply.code < 300) result.outcome = SendOutcome::accepted;
    if (usable_) {
      connection_->write("RSET\r\n", timeouts_.block, deadline);
      needs_reset_ = read_reply(deadline).code != 250;
    }
    return result;
  } catch (const MailboxError& error) {
    return lost(error, SendOutcome::deferred, phase_);
  }
}

}  // namespace overture::mailbox
