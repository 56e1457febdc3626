#include "outreach/trial.hpp"

#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "outreach/contacts.hpp"
#include "outreach/mails.hpp"
#include "rules/leftovers.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

RenderTarget trial_target(const Install& install, const Run& run) {
  return {.account = run.account,
          .opportunity = run.opportunity,
          .contact = run.contact,
          .email_account = run.email_account,
          .unsubscribe_url = trial_unsubscribe_url(install)};
}

/// The subject that a follow-up without its own answers: of the mail before, or of what that will be.
std::string subject_before(db::Connection& connection, const Install& install, const Run& run,
                           const Attempt& attempt) {
  if (!attempt.subject.empty() || attempt.number <= 1) return {};
  std::string sent = connection.text(
      Sql("SELECT subject FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND contact_id = "
          "? AND "
          "run = ? AND attempt_number < ? AND sent_at IS NOT NULL ORDER BY attempt_number DESC LIMIT 1",
          run.account, run.opportunity, run.contact, run.run, attempt.number));
  if (!sent.empty()) return sent;
  const std::vector<Attempt> sequence = load_sequence(connection, run.account, run.campaign);
  for (auto each = sequence.rbegin(); each != sequence.rend(); ++each) {
    if (each->number < attempt.number && !each->subject.empty()) {
      return try_attempt(connection, install, run, *each).subject;
    }
  }
  return {};
}

/// The run that a launch would go on with or begin.
Run run_at_launch(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  if (std::optional<Run> run = find_run(connection, account, opportunity); run && run->state != "over") {
    return *run;
  }
  const db::RowsPtr rows = connection.query(
      Sql("SELECT project_id, campaign_id FROM opportunities WHERE account_id = ? AND id = ?", account,
          opportunity));
  const bool is_there = rows->next();
  return unlaunched_run(account, opportunity, is_there ? rows->integer(0) : 0,
                        is_there ? rows->integer(1) : 0);
}

std::vector<std::string> find_missing_at_launch(db::Connection& connection, const Install& install,
                                                std::int64_t account, std::int64_t opportunity) {
  Run run = run_at_launch(connection, account, opportunity);
  if (choose_recipient(connection, run) != RecipientChoice::chosen) return {};
  const std::optional<PlannedMail> planned = find_planned_mail(connection, run);
  const bool is_written = planned && planned->status != "scheduled" && planned->status != "cancelled";
  if (is_written || (planned && planned->is_edited)) return {};
  try {
    std::vector<std::string> missing = try_attempt(connection, install, run).missing;
    std::erase_if(missing, is_sender_token);
    return missing;
  } catch (const base::Error& error) {
    // A text beyond all measure: told of this one when it has its turn, and no reason to refuse others.
    if (error.status() >= 500) throw;
    return {};
  }
}

}  // namespace

std::string trial_unsubscribe_url(const Install& install) {
  return install.public_url.empty() ? std::string() : install.public_url + "/u/preview";
}

RenderedMail try_attempt(db::Connection& connection, const Install& install, const Run& run,
                         const Attempt& attempt) {
  return render_attempt(connection, trial_target(install, run), attempt,
                        subject_before(connection, install, run, attempt));
}

RenderedMail try_attempt(db::Connection& connection, const Install& install, const Run& run) {
  for (const Attempt& attempt : load_sequence(connection, run.account, run.campaign)) {
    if (attempt.number == run.next_attempt) return try_attempt(connection, install, run, attempt);
  }
  return {};
}

std::vector<RenderedMail> try_sequence(db::Connection& connection, const Install& install, const Run& run,
                                       std::span<const Attempt> sequence) {
  return render_sequence(connection, trial_target(install, run), sequence);
}

intake::MissingInMail missing_at_launch(db::Connection& connection, const Install& install,
                                        std::int64_t account) {
  return [&connection, &install, account](std::int64_t opportunity) {
    return find_missing_at_launch(connection, install, account, opportunity);
  };
}

std::vector<MailLeftover> find_mail_leftovers(const RenderedMail& mail) {
  std::vector<MailLeftover> found;
  const std::pair<std::string_view, rules::TextKind> parts[] = {{"subject", rules::TextKind::subject},
                                                                {"body_text", rules::TextKind::text},
                                                                {"body_html", rules::TextKind::html}};
  const std::string* texts[] = {&mail.subject, &mail.text, &mail.html};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    for (rules::TextProblem& problem : rules::find_leftovers(*texts[i], parts[i].second)) {
      found.push_back({std::string(parts[i].first), std::move(problem)});
    }
  }
  return found;
}

}  // namespace overture::outreach
