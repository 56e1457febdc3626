// What kind of mail it is that came in.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/bounce.hpp"
#include "mail/inbound.hpp"
#include "mail/opt_out_wish.hpp"

namespace overture::mail {

enum class MailClass { human, auto_reply, bounce, unsubscribe, own_copy };

/// As printed and stored: `auto_reply`.
std::string_view class_name(MailClass kind);

/// A message that a machine sent by itself (RFC 3834): vacations, receipts, delay warnings, newsletters,
/// calendars (without words of a person: invitation.hpp). `X-Auto-Response-Suppress` alone is no sign of one:
/// Exchange writes it into mails of people. What mailing lists write (List-*, `Precedence: list`) and
/// addresses such as news@ and postmaster@ are signs only in mails that answer none (no In-Reply-To, no
/// References). An agent's answer by a help desk is a person's, whatever its headers say (ticket_answer.hpp).
/// A subject that says that a mail has arrived is a sign only beside another one.
bool is_automatic(const InboundMessage& message, std::string_view new_text);

/// The subject begins with a mark of answers or of what is passed on (`Re:`, `Fwd:`, `AW:`), maybe behind the
/// `[name]` of a list.
bool has_answer_mark(std::string_view subject);

/// The headers or the subject are those of an answer that a mailbox gives by itself. Some mail servers write
/// the headers into failure notices too.
bool is_answering_machine(const InboundMessage& message);

/// An automatic message by which a mailbox answers while its person is away, as far as its subject and
/// headers tell, or `new_text` says both: no delivery or read report, nothing of a calendar, of a list or of
/// a ticket system that says so.
bool tells_of_absence(const InboundMessage& message, std::string_view new_text);

/// The day an out-of-office says its person is back, at 00:00 UTC: the first day in the text, or the
/// day after the last day of absence. Days without a year are taken at or after the message's date (within
/// a year); without a date nothing is guessed. nullopt when none is told.
std::optional<base::Millis> find_return_date(const InboundMessage& message, std::string_view new_text);

/// The subject, or by the rule the new text, asks to be written to no more.
bool asks_to_unsubscribe(const InboundMessage& message, std::string_view new_text, UnsubscribeRule rule);

/// All of the above in one order: own_copy (From is one of `own_addresses`, lower case), bounce (`bounces`
/// has recipients), a subject that is nothing but the word unsubscribe, auto_reply, unsubscribe, human.
MailClass classify(const InboundMessage& message, const BounceReport& bounces, std::string_view new_text,
                   UnsubscribeRule rule, const std::vector<std::string>& own_addresses);

}  // namespace overture::mail
