#include "outreach/mails.hpp"

#include "base/text.hpp"
#include "outreach/render.hpp"
#include "outreach/unsubscribe_link.hpp"
#include "rules/email_address.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

/// The subject of the first mail of this run to this contact: its follow-ups answer in that thread.
std::string thread_subject(db::Connection& connection, const Run& run) {
  return connection.text(
      Sql("SELECT subject FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND contact_id = "
          "? AND "
          "run = ? AND attempt_number < ? AND sent_at IS NOT NULL ORDER BY attempt_number DESC LIMIT 1",
          run.account, run.opportunity, run.contact, run.run, run.next_attempt));
}

struct Sender {
  std::string from_name;
  std::string address;
};

Sender load_sender(db::Connection& connection, std::int64_t account, std::int64_t email_account) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT e.from_name, COALESCE(m.address, e.name) FROM email_accounts e LEFT JOIN mailboxes m ON "
          "m.account_id = e.account_id AND m.email_account_id = e.id WHERE e.account_id = ? AND e.id = ?",
          account, email_account));
  if (!rows->next()) return {};
  return {std::string(rows->text(0)), std::string(rows->text(1))};
}

/// By a person, in a text that was edited.
bool is_named_in(db::Connection& connection, std::int64_t account, const PlannedMail& planned) {
  const Sender sender = load_sender(connection, account, planned.email_account);
  db::RowsPtr rows = connection.query(
      Sql("SELECT e.subject, t.body_text, t.body_html FROM outreach_emails e JOIN outreach_email_texts t ON "
          "t.account_id = e.account_id AND t.id = e.id WHERE e.account_id = ? AND e.id = ?",
          account, planned.id));
  if (!rows->next()) return false;
  for (int column = 0; column < 3; ++column) {
    for (const std::string& name : {sender.from_name, sender.address}) {
      if (!name.empty() && rows->text(column).find(name) != std::string_view::npos) return true;
    }
  }
  return false;
}

std::string step_of(const Run& run) {
  return std::to_string(run.account) + "/" + std::to_string(run.opportunity) + "/" +
         std::to_string(run.contact) + "/" + std::to_string(run.run) + "/" + std::to_string(run.next_attempt);
}

std::string load_address(db::Connection& connection, const Run& run) {
  return connection.text(
      Sql("SELECT email FROM contacts WHERE account_id = ? AND id = ?", run.account, run.contact));
}

RenderedMail render(db::Connection& connection, const Install& install, const Run& run,
                    const Attempt& attempt, std::int64_t mail) {
  RenderTarget target{.account = run.account,
                      .opportunity = run.opportunity,
                      .contact = run.contact,
                      .email_account = run.email_account,
                      .unsubscribe_url = {}};
  if (!install.public_url.empty()) {
    target.unsubscribe_url = install.public_url + make_unsubscribe_path(install.key, {run.account, mail});
  }
  return render_attempt(connection, target, attempt, thread_subject(connection, run));
}

}  // namespace

std::string make_message_id(const base::HmacKey& key, std::string_view step, std::string_view domain) {
  const base::Digest digest = key.sign("message-id:" + std::string(step));
  return base::hex(base::bytes_of(digest)).substr(0, 40) + "@" +
         std::string(domain.empty() ? std::string_view("overture.invalid") : domain);
}

std::optional<PlannedMail> find_planned_mail(db::Connection& connection, const Run& run) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT id, status, email_account_id, review_type FROM outreach_emails WHERE account_id = ? AND "
          "opportunity_id = ? AND contact_id = ? AND run = ? AND attempt_number = ?",
          run.account, run.opportunity, run.contact, run.run, run.next_attempt));
  if (!rows->next()) return std::nullopt;
  return PlannedMail{rows->integer(0), std::string(rows->text(1)), rows->integer(2),
                     rows->text(3) == "edited"};
}

base::Millis last_sent_at(db::Connection& connection, const Run& run) {
  return connection.integer(
      Sql("SELECT MAX(sent_at + 0) FROM outreach_emails WHERE account_id = ? AND opportunity_id = ? AND "
          "contact_id = ? AND run = ?",
          run.account, run.opportunity, run.contact, run.run));
}

std::optional<MailStep> find_mail_step(db::Connection& connection, std::int64_t account, std::int64_t mail) {
  db::RowsPtr rows = connection.query(Sql(
      "SELECT project_id, campaign_id, opportunity_id, contact_id, email_account_id, attempt_number, run, "
      "status FROM outreach_emails WHERE account_id = ? AND id = ?",
      account, mail));
  if (!rows->next()) return std::nullopt;
  return MailStep{.account = account,
                  .id = mail,
                  .project = rows->integer(0),
                  .campaign = rows->integer(1),
                  .opportunity = rows->integer(2),
                  .contact = rows->integer(3),
                  .email_account = rows->integer(4),
                  .attempt = rows->integer(5),
                  .run = rows->integer(6),
                  .status = std::string(rows->text(7))};
}

std::optional<Run> find_run_at(db::Connection& connection, const MailStep& step) {
  std::optional<Run> run = find_run(connection, step.account, step.opportunity);
  if (!run || run->state == "over" || run->run != step.run || run->contact != step.contact)
    return std::nullopt;
  if (run->next_attempt != step.attempt && run->next_attempt != step.attempt + 1) return std::nullopt;
  return run;
}

void leave_outbox(db::Connection& connection, const MailStep& step) {
  connection.execute(Sql("DELETE FROM outbox WHERE account_id = ? AND kind = 'outreach' AND mail_id = ?",
                         step.account, step.id));
}

void close_mail(db::Connection& connection, const MailStep& step, std::string_view status,
                std::string_view failure) {
  connection.execute(Sql("UPDATE outreach_emails SET status = ?, failure = ? WHERE account_id = ? AND id = ?",
                         status, failure, step.account, step.id));
  leave_outbox(connection, step);
}

void mark_sent(db::Connection& connection, const MailStep& step, base::Millis at) {
  connection.execute(Sql(
      "UPDATE outreach_emails SET status = 'sent', failure = '', sent_at = ?, bounce = '' WHERE account_id = "
      "? AND id = ?",
      at, step.account, step.id));
}

void write_texts(db::Connection& connection, std::int64_t account, std::int64_t mail, std::string_view text,
                 std::string_view html) {
  connection.execute(
      Sql("UPDATE outreach_email_texts SET body_text = ?, body_html = ? WHERE account_id = ? AND id = ?",
          text, html, account, mail));
}

MadeMail make_mail(db::Connection& connection, const Install& install, const Run& run, const Attempt& attempt,
                   std::string_view status, base::Millis now) {
  const std::int64_t id = connection.reserve_ids("outreach_emails", 1);
  const Sender sender = load_sender(connection, run.account, run.email_account);
  const RenderedMail mail = render(connection, install, run, attempt, id);
  if (!mail.missing.empty()) return {0, mail.missing};

  const std::string message_id =
      make_message_id(install.key, step_of(run), rules::email_domain(sender.address));
  connection.execute(Sql(
      "INSERT INTO outreach_emails (id, account_id, project_id, campaign_id, opportunity_id, contact_id, "
      "email_account_id, user_id, attempt_number, subject, status, review_type, "
      "from_name, to_email, can_spam_text, run, message_id, attempt_version, answers, created_at) VALUES (?, "
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      id, run.account, run.project, run.campaign, run.opportunity, run.contact, run.email_account, run.user,
      run.next_attempt, mail.subject, status, status == "review" ? "manual" : "automatic", sender.from_name,
      load_address(connection, run), mail.can_spam_text, run.run, message_id, attempt.version,
      attempt.subject.empty() ? 1 : 0, now));
  connection.execute(
      Sql("INSERT INTO outreach_email_texts (id, account_id, body_text, body_html) VALUES (?, ?, ?, ?)", id,
          run.account, mail.text, mail.html));
  connection.execute(
      Sql("INSERT INTO message_ids (account_id, message_id, kind, mail_id) VALUES (?, ?, ?, ?)", run.account,
          message_id, kOutreachMail, id));
  return {id, {}};
}

MadeMail renew_mail(db::Connection& connection, const Install& install, const Run& run,
                    const Attempt* attempt, const PlannedMail& planned, std::string_view status) {
  if (!planned.is_edited && attempt != nullptr) {
    const RenderedMail mail = render(connection, install, run, *attempt, planned.id);
    if (!mail.missing.empty()) return {0, mail.missing};
    connection.execute(
        Sql("UPDATE outreach_emails SET subject = ?, can_spam_text = ?, to_email = ?, attempt_version = ?, "
            "answers = ? WHERE account_id = ? AND id = ?",
            mail.subject, mail.can_spam_text, load_address(connection, run), attempt->version,
            attempt->subject.empty() ? 1 : 0, run.account, planned.id));
    write_texts(connection, run.account, planned.id, mail.text, mail.html);
  }
  connection.execute(
      Sql("UPDATE outreach_emails SET status = ?, failure = '', email_account_id = ?, from_name = ? WHERE "
          "account_id = ? AND id = ?",
          status, run.email_account, load_sender(connection, run.account, run.email_account).from_name,
          run.account, planned.id));
  return {planned.id, {}};
}

bool names_sender(db::Connection& connection, const Install& install, const Run& run, const Attempt& attempt,
                  const PlannedMail& planned) {
  if (is_named_in(connection, run.account, planned)) return true;
  Run other = run;
  other.email_account = planned.email_account;
  const RenderedMail before = render(connection, install, other, attempt, planned.id);
  const RenderedMail after = render(connection, install, run, attempt, planned.id);
  return before.subject != after.subject || before.text != after.text || before.html != after.html;
}

void put_into_outbox(db::Connection& connection, std::int64_t account, std::string_view kind,
                     std::int64_t mail, std::int64_t email_account, base::Millis send_at, base::Millis now) {
  connection.execute(
      Sql("INSERT INTO outbox (account_id, kind, mail_id, email_account_id, send_at, counted_at, created_at) "
          "VALUES "
          "(?, ?, ?, ?, ?, ?, ?)",
          account, kind, mail, email_account, send_at, now, now));
}

}  // namespace overture::outreach
