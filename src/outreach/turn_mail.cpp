#include "outreach/turn_mail.hpp"

#include <algorithm>

#include "intake/launch.hpp"
#include "intake/stage.hpp"
#include "rules/follow_up.hpp"

namespace overture::outreach {
namespace {

using db::Sql;
using rules::StageEvent;

/// How long it waits for a mailbox that a person has to see to.
constexpr base::Millis kLookAgain = 10 * base::kMinute;

/// A follow-up keeps its delay however its run came to wait: the sequence may have got longer after its end.
std::optional<base::Millis> delayed_until(db::Connection& connection, const Run& run, const Attempt& attempt,
                                          const rules::SendingWindow& window, base::Millis now) {
  if (attempt.number == 1) return std::nullopt;
  const base::Millis last = last_sent_at(connection, run);
  if (last == 0) return std::nullopt;
  const std::optional<base::Millis> due = rules::follow_up_due_at(window, last, attempt.delay_days);
  if (!due || *due <= now) return std::nullopt;
  return due;
}

/// Unless its text speaks for another mailbox than the run's: the one that it was edited for.
bool is_for(db::Connection& connection, const Install& install, const Run& run, const Attempt& attempt,
            const PlannedMail& planned) {
  return !planned.is_edited || planned.email_account == 0 ||
         !names_sender(connection, install, run, attempt, planned);
}

bool is_active(const CampaignFacts& facts, std::int64_t email_account) {
  return std::any_of(facts.mailboxes.begin(), facts.mailboxes.end(), [&](const ProjectMailbox& each) {
    return each.mailbox.id == email_account && each.mailbox.state == rules::MailboxState::active;
  });
}

class Preparation {
 public:
  Preparation(db::Connection& connection, const Install& install, const CampaignFacts& facts, Run& run)
      : connection_(connection), install_(install), facts_(facts), run_(run) {}

  std::optional<std::int64_t> write(std::int64_t mailbox, const Attempt& attempt,
                                    const std::optional<PlannedMail>& stopped) {
    const base::Millis now = facts_.sending.now;
    if (const auto due = delayed_until(connection_, run_, attempt, facts_.sending.window, now)) {
      return wait_until(*due);
    }
    Run sent = run_;
    sent.email_account = mailbox;
    const std::string_view status = attempt.review ? "review" : "scheduled";
    const MadeMail made = stopped ? renew_mail(connection_, install_, sent, &attempt, *stopped, status)
                                  : make_mail(connection_, install_, sent, attempt, status, now);
    if (!made.missing.empty()) return lack(made.missing);
    return attempt.review ? wait_for_review() : send(made.id, mailbox);
  }

  std::optional<std::int64_t> use(std::int64_t mailbox, const Attempt* attempt, const PlannedMail& planned) {
    if (planned.email_account == mailbox) return send(planned.id, mailbox);
    Run sent = run_;
    sent.email_account = mailbox;
    if (attempt != nullptr && !is_for(connection_, install_, sent, *attempt, planned)) {
      return use_own(planned, sent);
    }
    const MadeMail made = renew_mail(connection_, install_, sent, attempt, planned, "scheduled");
    return made.missing.empty() ? send(made.id, mailbox) : lack(made.missing);
  }

 private:
  /// The text speaks for its mailbox: it leaves over that one, or a person looks at it again, as a mail of
  /// the one that would send it now.
  std::optional<std::int64_t> use_own(const PlannedMail& planned, const Run& sent) {
    if (!is_active(facts_, planned.email_account)) {
      renew_mail(connection_, install_, sent, nullptr, planned, "review");
      connection_.execute(
          Sql("UPDATE outreach_emails SET failure = 'it was edited for a mail account that does not send at "
              "present: look at its sender' WHERE account_id = ? AND id = ?",
              run_.account, planned.id));
      return wait_for_review();
    }
    const rules::SendingVerdict verdict = rules::judge_sending(facts_.with_mailbox(planned.email_account));
    if (verdict.may_send) return send(planned.id, planned.email_account);
    return wait_until(verdict.next_possible.value_or(facts_.sending.now + kLookAgain));
  }

  std::optional<std::int64_t> send(std::int64_t mail, std::int64_t mailbox) {
    run_.email_account = mailbox;
    return mail;
  }
  std::nullopt_t wait_until(base::Millis due) {
    run_.due_at = due;
    store_run(connection_, run_);
    return std::nullopt;
  }
  std::nullopt_t wait_for_review() {
    run_.state = "review";
    store_run(connection_, run_);
    return std::nullopt;
  }
  std::nullopt_t lack(const std::vector<std::string>& missing) {
    hold_for_missing(connection_, run_, missing, facts_.sending.now);
    return std::nullopt;
  }

  db::Connection& connection_;
  const Install& install_;
  const CampaignFacts& facts_;
  Run& run_;
};

}  // namespace

void hold_for_missing(db::Connection& connection, const Run& run, const std::vector<std::string>& missing,
                      base::Millis now) {
  intake::change_stage(connection, run.account, run.opportunity, StageEvent::data_missing, {}, now,
                       intake::missing_reason(missing));
}

std::optional<std::int64_t> prepare_mail(db::Connection& connection, const Install& install,
                                         const CampaignFacts& facts, Run& run, std::int64_t chosen,
                                         const Attempt* attempt, const std::optional<PlannedMail>& planned) {
  Preparation preparation(connection, install, facts, run);
  const bool is_stopped = planned && planned->status == "cancelled";
  if (attempt != nullptr && (!planned || is_stopped)) return preparation.write(chosen, *attempt, planned);
  return preparation.use(chosen, attempt, *planned);
}

}  // namespace overture::outreach
