// Words of absence notes and of requests to be left alone, as normal_text() spells them.
#pragma once
#include <span>

#include "mail/phrases.hpp"

namespace overture::mail {

/// With these an automatic answer titles itself; the value kAtStart: only where the subject begins.
std::span<const Phrase> auto_reply_subjects();

/// With these a machine says that a mail has arrived, and people that they have read it: a subject begins so,
/// and something else has to show that no person wrote it. kAtStart as above.
std::span<const Phrase> receipt_subjects();
/// Names of such mails: "Ticket received: …".
std::span<const Phrase> receipt_titles();

/// `unsubscribe` in a subject, in many languages.
std::span<const Phrase> unsubscribe_words();
/// Whole requests in the text of a short reply.
std::span<const Phrase> unsubscribe_requests();

/// In lines about lists of the writer's own: "click here to …".
std::span<const Phrase> footer_phrases();
/// What a request to be taken off names when it is about mails, when about some other list, or a page.
std::span<const Phrase> list_words();
std::span<const Phrase> other_lists();
std::span<const Phrase> page_words();
/// What makes a request that follows it none: "do not …", "do you want me to …". As normal_text() spells it.
std::span<const std::string_view> refusing_endings();

}  // namespace overture::mail
