// What people type into mails: the addresses of copies, and plain text as HTML.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mail/outgoing.hpp"

namespace overture::outreach {

/// The parts of `a@x.com, b@y.com`, also with `;`, as cc and bcc are kept; not the empty ones.
std::vector<std::string> split_copies(std::string_view text);

/// The same as recipients of a message.
std::vector<mail::Mailbox> to_mailboxes(std::string_view copies);

/// The same as addresses, each in the spelling of contacts. Throws base::Error invalid_value
/// naming `key` for what is no address, and for more than 20.
std::vector<std::string> parse_copies(std::string_view key, std::string_view text);

/// Paragraphs and lines of a text as HTML that shows the same.
std::string write_paragraphs(std::string_view text);

}  // namespace overture::outreach
