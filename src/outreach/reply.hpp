// What people answer to mails that came in: put into the outbox, and taken out again. Inside a write.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/install.hpp"

namespace overture::outreach {

struct ReplyDraft {
  std::int64_t account = 0;
  std::int64_t inbound = 0;  ///< the mail that is answered; it must exist
  std::int64_t user = 0;
  std::int64_t email_account = 0;  ///< 0: the one that the mail came to
  std::string subject;             ///< empty: of the mail, with `Re: `
  std::string body_text;
  std::string body_html;  ///< empty: text only; with an empty text, the text is made of it
  std::string cc;
  std::string bcc;
  std::optional<base::Millis> schedule_for;  ///< empty: at once
  bool stops = false;                        ///< dropped when something else comes in first
  bool force = false;                        ///< also to somebody who is on the do-not-email list
  base::Millis now = 0;
};

struct MadeReply {
  std::int64_t id = 0;
  std::string warning;  ///< what was overridden with `force`; empty for nothing
};

/// Writes the reply down with its Message-ID and puts it into the outbox. It goes to the Reply-To of the
/// mail, else to its sender. Throws base::Error: invalid_value for what cannot be sent, conflict when there
/// is nobody to answer, the mail account cannot send, or somebody opted out and `force` is not given.
MadeReply make_reply(db::Connection& connection, const Install& install, const ReplyDraft& draft);

/// A reply that waits is not sent. Throws base::Error conflict when it does not wait any more.
void cancel_reply(db::Connection& connection, std::int64_t account, std::int64_t reply);

}  // namespace overture::outreach
