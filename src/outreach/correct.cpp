#include "outreach/correct.hpp"

#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "intake/communications.hpp"
#include "intake/unsubscribe.hpp"
#include "mail/classify.hpp"
#include "mail/inbound.hpp"
#include "mail/reply_text.hpp"
#include "outreach/absence.hpp"
#include "outreach/bounces.hpp"
#include "outreach/opt_out.hpp"
#include "outreach/taken.hpp"

namespace overture::outreach {
namespace {

using base::Error;
using base::ErrorCode;
using db::Sql;

struct Standing {
  std::string kind;
  std::int64_t opportunity = 0;
  std::string sender;
  base::Millis came_at = 0;
};

Standing standing_of(db::Connection& connection, const InboundMail& mail) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT class, opportunity_id, from_email, created_at FROM inbound_emails WHERE account_id = ? AND "
          "id = ?",
          mail.account, mail.id));
  if (!rows->next()) return {};
  return {std::string(rows->text(0)), rows->integer(1), std::string(rows->text(2)), rows->integer(3)};
}

/// Our newest mail to the opportunity that one of `came_at` may have come back for; 0 for none.
std::int64_t mail_before(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                         base::Millis came_at) {
  return connection.integer(Sql(
      "SELECT id FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND +sent_at <= ? ORDER BY "
      "sent_at + 0 DESC, id DESC LIMIT 1",
      account, opportunity, came_at));
}

/// It says by its own words that its writer is away, and until when.
std::optional<Absence> find_absence(db::Connection& connection, const InboundMail& mail,
                                    base::Millis came_at) {
  const std::optional<std::string> raw = base::parse_base64url(
      connection.text(Sql("SELECT raw FROM inbound_sources WHERE account_id = ? AND inbound_email_id = ?",
                          mail.account, mail.id)));
  if (!raw) return std::nullopt;
  const mail::InboundMessage message = mail::parse_message(*raw);
  const std::string text = mail::new_text(message);
  if (!mail::tells_of_absence(message, text)) return std::nullopt;
  return Absence{came_at, mail::find_return_date(message, text)};
}

std::optional<intake::UnsubscribeEntry> find_sender(const Standing& standing) {
  std::optional<intake::UnsubscribeEntry> entry = intake::parse_unsubscribe_entry(standing.sender);
  if (entry && entry->is_domain) entry.reset();
  return entry;
}

/// Tasks to answer it that were done at `since` or later only because it was no answer there: where it is one
/// they are open, unless somebody has answered meanwhile.
void reopen_answer_task(db::Connection& connection, const InboundMail& mail, std::int64_t opportunity,
                        base::Millis since) {
  connection.execute(Sql(
      "UPDATE tasks SET completed_at = NULL, completed_by = 0, opportunity_id = o.id, project_id = "
      "o.project_id, campaign_id = o.campaign_id, name = 'Answer ' || o.name FROM opportunities o WHERE "
      "o.account_id = ? AND o.id = ? AND tasks.account_id = ? AND tasks.communication_id = ? AND "
      "tasks.type = 'reply_needed' AND tasks.completed_at >= ? AND tasks.completed_by <> 0 AND NOT EXISTS "
      "(SELECT 1 FROM sent_replies r WHERE r.account_id = ? AND r.opportunity_id = ? AND r.created_at >= "
      "tasks.completed_at)",
      mail.account, opportunity, mail.account, mail.id, since, mail.account, opportunity));
}

/// A person says that it came back: our newest mail before it has bounced hard.
void take_as_bounce(db::Connection& connection, const InboundMail& mail, std::int64_t opportunity,
                    base::Millis came_at, base::Millis now) {
  const std::int64_t bounced = mail_before(connection, mail.account, opportunity, came_at);
  if (bounced == 0) return;
  take_bounce(connection,
              {.account = mail.account,
               .outreach_email = bounced,
               .kind = rules::BounceKind::hard,
               .reason = "a person says that it came back",
               .inbound = mail.id},
              now, 0);
}

}  // namespace

std::vector<std::string> correct(db::Connection& connection, const InboundMail& mail,
                                 const Correction& correction, base::Millis now) {
  const Standing before = standing_of(connection, mail);
  const std::string kind = correction.kind.empty() ? before.kind : correction.kind;
  const std::int64_t opportunity = correction.opportunity == 0 ? before.opportunity : correction.opportunity;
  const bool is_other_kind = kind != before.kind;
  const bool is_moved = opportunity != before.opportunity;
  const bool says_wish = correction.unsubscribes || correction.kind == "unsubscribe";
  const bool is_wish = says_wish || (is_moved && kind == "unsubscribe");
  if (!is_other_kind && !is_moved && !is_wish) return {};

  Mistake mistake{
      .mail = mail, .kind = before.kind, .opportunity = before.opportunity, .user = correction.user};
  std::optional<intake::UnsubscribeEntry> sender;
  if (is_wish) {
    sender = find_sender(before);
    if (!sender && says_wish) {
      throw Error(ErrorCode::conflict, "This email has no sender who could be unsubscribed");
    }
    if (sender) {
      intake::unsubscribe(
          connection, mail.account, *sender,
          {.user = correction.user, .communication = mail.id, .reason = "Unsubscribed", .now = now});
    }
  } else if (is_other_kind && before.kind == "unsubscribe") {
    mistake.removed = intake::take_back_unsubscribes(connection, mail.account, mail.id);
    if (!mistake.removed.empty() && !correction.is_admin) {
      throw Error(ErrorCode::access_denied,
                  "Only an admin can take somebody off the do-not-email list: ask one to correct this email");
    }
  }
  book_all_taken(connection, mail.account, now);

  const bool stays_wish = is_wish && before.kind == "unsubscribe";
  const bool was_wrong = (is_other_kind && !stays_wish) || (is_moved && before.kind == "human");
  const bool goes_on = was_wrong && undo(connection, mistake, now);
  if (goes_on && kind == "auto_reply") {
    if (const auto absence = find_absence(connection, mail, before.came_at)) {
      wait_for_return(connection, mail.account, before.opportunity, *absence);
    }
  }

  // What a person wrote takes effect where it belongs; what none wrote does so nowhere.
  const auto set_class = [&] {
    intake::set_inbound_class(connection, mail.account, mail.id, kind, correction.user, now);
  };
  if (is_other_kind && kind != "human") set_class();
  if (is_moved) {
    intake::match_inbound_email(connection, mail.account, mail.id, opportunity, correction.user, now);
  }
  if (is_other_kind && kind == "human") set_class();
  if (opportunity != 0) {
    if (kind == "human" && was_wrong) {
      reopen_answer_task(connection, mail, opportunity, is_other_kind ? 0 : now);
    }
    if (kind == "bounce" && is_other_kind) take_as_bounce(connection, mail, opportunity, before.came_at, now);
    if (is_wish) {
      intake::take_opt_out(connection, mail.account, opportunity, correction.user, kAskedByMail, now);
    }
  }
  if (sender) follow_opt_out(connection, mail.account, *sender, now);
  std::vector<std::string> off_the_list;
  for (const auto& removed : mistake.removed) off_the_list.push_back(removed.entry);
  return off_the_list;
}

}  // namespace overture::outreach
