// Mails that came in, as rows.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "outreach/receive.hpp"

namespace overture::outreach {

/// Remembers that the mailbox has taken this mail in; false when it had.
bool remember_mail(db::Connection& connection, const MailboxKey& mailbox, const ReceivedMail& received);

/// Writes the mail down as unmatched and of that class, with its source; returns its id.
std::int64_t insert_inbound(db::Connection& connection, const MailboxKey& mailbox,
                            const ReceivedMail& received, mail::MailClass kind);

/// How it was matched, and which opportunities it may belong to where nobody can be sure.
void store_match(db::Connection& connection, std::int64_t account, std::int64_t inbound,
                 std::string_view matched_by, std::span<const std::int64_t> suggestions);

}  // namespace overture::outreach
