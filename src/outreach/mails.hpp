// Mails of sequences as rows: written down once for each step, with a Message-ID that belongs to the step.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "outreach/install.hpp"
#include "outreach/run.hpp"
#include "outreach/sequence.hpp"

namespace overture::outreach {

/// What `outbox.kind` and `message_ids.kind` say.
inline constexpr std::string_view kOutreachMail = "outreach";
inline constexpr std::string_view kReplyMail = "reply";

struct PlannedMail {
  std::int64_t id = 0;
  std::string status;              ///< of outreach_emails
  std::int64_t email_account = 0;  ///< the mailbox it was rendered for; 0: none
  bool is_edited = false;          ///< by a person
};

/// The mail of the run's next attempt to its contact, if it was written down already.
std::optional<PlannedMail> find_planned_mail(db::Connection& connection, const Run& run);

/// Which step of which run a mail is.
struct MailStep {
  std::int64_t account = 0;
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
  std::int64_t contact = 0;
  std::int64_t email_account = 0;
  std::int64_t attempt = 1;
  std::int64_t run = 0;  ///< 0: from before there were runs
  std::string status;
};
std::optional<MailStep> find_mail_step(db::Connection& connection, std::int64_t account, std::int64_t mail);

/// The run that the mail is the present step of: the same run, not over, and this mail is in the outbox or
/// was the last one sent. nullopt when the run has gone on without it.
std::optional<Run> find_run_at(db::Connection& connection, const MailStep& step);

/// Taken out of the outbox, with its final status and, unless it was sent, why not.
void close_mail(db::Connection& connection, const MailStep& step, std::string_view status,
                std::string_view failure);

/// When the run last wrote to its contact; 0 when it has not.
base::Millis last_sent_at(db::Connection& connection, const Run& run);

/// Its final status when its server has taken it at `at`.
void mark_sent(db::Connection& connection, const MailStep& step, base::Millis at);
void leave_outbox(db::Connection& connection, const MailStep& step);
/// New texts of a mail that has texts already.
void write_texts(db::Connection& connection, std::int64_t account, std::int64_t mail, std::string_view text,
                 std::string_view html);

struct MadeMail {
  std::int64_t id = 0;
  std::vector<std::string> missing;  ///< not empty: nothing was written down, these tokens have no value
};

/// Renders the attempt and writes it down with `status` (`review` or `scheduled`). The run's contact and
/// mailbox must be chosen; for a review the mailbox may still be open.
MadeMail make_mail(db::Connection& connection, const Install& install, const Run& run, const Attempt& attempt,
                   std::string_view status, base::Millis now);

/// What was written down already, made fit to be sent over the run's mailbox and given `status`: rendered
/// anew, unless a person has edited it, or the sequence has no such attempt any more (nullptr). `missing` as
/// make_mail() says.
MadeMail renew_mail(db::Connection& connection, const Install& install, const Run& run,
                    const Attempt* attempt, const PlannedMail& planned, std::string_view status);

/// The mail's text speaks for the mailbox that it was rendered for: it names it or its sender, or the
/// attempt's text is another one for the run's mailbox.
bool names_sender(db::Connection& connection, const Install& install, const Run& run, const Attempt& attempt,
                  const PlannedMail& planned);

/// The Message-ID of a step: the same one for ever, and nobody can guess it. `domain` is the sender's.
std::string make_message_id(const base::HmacKey& key, std::string_view step, std::string_view domain);

/// Puts a mail into the outbox; the sender takes it from `send_at` on.
void put_into_outbox(db::Connection& connection, std::int64_t account, std::string_view kind,
                     std::int64_t mail, std::int64_t email_account, base::Millis send_at, base::Millis now);

}  // namespace overture::outreach
