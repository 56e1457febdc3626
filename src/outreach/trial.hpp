// A mail as it would be, rendered without being written down.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "intake/launch.hpp"
#include "outreach/install.hpp"
#include "outreach/render.hpp"
#include "outreach/run.hpp"
#include "outreach/sequence.hpp"
#include "rules/template_text.hpp"

namespace overture::outreach {

/// Where the unsubscribe link of a mail leads that was never written down; empty where mails have none.
std::string trial_unsubscribe_url(const Install& install);

/// The run's next attempt, or `attempt`, to its contact from its mailbox. Without such an attempt in the
/// sequence everything is empty.
RenderedMail try_attempt(db::Connection& connection, const Install& install, const Run& run);
RenderedMail try_attempt(db::Connection& connection, const Install& install, const Run& run,
                         const Attempt& attempt);
/// Every mail of a run that has not begun.
std::vector<RenderedMail> try_sequence(db::Connection& connection, const Install& install, const Run& run,
                                       std::span<const Attempt> sequence);

/// Tokens without value and fallback in the mail that would have its turn once the opportunity is launched,
/// but those of its sender, who is chosen then. None where there is nobody to write to, nothing to send, or a
/// person has written it. Connection and installation outlive it.
intake::MissingInMail missing_at_launch(db::Connection& connection, const Install& install,
                                        std::int64_t account);

/// What a person should look at before the mail leaves: of subject, then text, then HTML.
struct MailLeftover {
  std::string part;  ///< subject, body_text or body_html
  rules::TextProblem problem;
};
std::vector<MailLeftover> find_mail_leftovers(const RenderedMail& mail);

}  // namespace overture::outreach
