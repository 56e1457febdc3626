// What a reply of an SMTP server means for the mail, the contact and the mailbox. Pure.
#pragma once
#include <string>
#include <string_view>

#include "mailbox/transport.hpp"

namespace overture::mailbox {

/// A reply of one or more lines (RFC 5321 section 4.2) as one.
struct SmtpReply {
  int code = 0;
  std::string enhanced;  ///< of the first line that has one (RFC 2034), else empty
  std::string text;      ///< without codes; lines joined by a space, bounded and safe as SendResult::text
};

/// One line of a reply, without its line end. `last` is false for `250-…`.
struct SmtpReplyLine {
  int code = 0;
  bool last = true;
  std::string_view text;
};

/// nullopt when it is no reply line: no three digits from 200 to 599, or no space or hyphen after them.
std::optional<SmtpReplyLine> parse_reply_line(std::string_view line);
/// Takes an enhanced status code, like "5.1.1", off the front of `text`; empty when there is none.
std::string take_enhanced(std::string_view& text);

/// Which outcome `code` with its words means in a phase ("greeting", "login", "mail", "rcpt", "data", "dot").
/// Codes in doubt count as ours: a contact is only blamed for what surely is about the address or the
/// message.
SendOutcome outcome_of_reply(std::string_view phase, int code, std::string_view enhanced,
                             std::string_view text);

/// One line for people: control characters as \xNN, what is not UTF-8 too, at most `max` bytes, cut between
/// characters.
std::string safe_line(std::string_view text, std::size_t max = 500);

}  // namespace overture::mailbox
