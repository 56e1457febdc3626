// Mails that a person looks at before they leave: approved, edited or left out. Inside a write.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/install.hpp"

namespace overture::outreach {

/// Who decides, and about which mail.
struct ReviewDecision {
  std::int64_t account = 0;
  std::int64_t mail = 0;
  std::int64_t user = 0;
  base::Millis now = 0;
};

/// The mail may go: it is scheduled, and its run waits for its turn. Throws base::Error conflict when the
/// mail does not wait for review, or its outreach has gone on without it.
void approve_mail(db::Connection& connection, const Install& install, const ReviewDecision& decision);

/// The mail is left out. The run goes on with the next attempt; where nothing has been sent yet, with the
/// next one that has a subject of its own, because there is no thread to answer in. Where none is left the
/// sequence finishes, or the outreach stops when nobody was ever written to. Throws as approve_mail() does.
void skip_mail(db::Connection& connection, const Install& install, const ReviewDecision& decision);

/// Parts of a mail that a person has written anew.
struct MailEdit {
  std::optional<std::string> subject;
  std::optional<std::string> body_text;
  std::optional<std::string> body_html;  ///< empty: text only
  std::optional<std::string> cc;
  std::optional<std::string> bcc;
};

/// Text and HTML go on to say the same: where only one was edited, the other is made of it (a mail without
/// HTML stays without). The opt-out footer stays in both. Throws base::Error: conflict as above (drafts may
/// be edited, too), invalid_value for an empty mail, a subject of several lines, a token that nobody would
/// fill in any more, and copies that are no addresses or on the do-not-email list.
void edit_mail(db::Connection& connection, const ReviewDecision& decision, const MailEdit& edit);

/// When a mail of which nobody knows whether it was taken was handed over; nullopt for every other one.
/// `kind` is kOutreachMail or kReplyMail. Holds the mail until the write is done.
std::optional<base::Millis> find_unknown_since(db::Connection& connection, std::int64_t account,
                                               std::string_view kind, std::int64_t mail);

}  // namespace overture::outreach
