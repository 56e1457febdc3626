// A mail that waits is written anew by a person.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "intake/unsubscribe.hpp"
#include "mail/html.hpp"
#include "mail/sanitize.hpp"
#include "outreach/copies.hpp"
#include "outreach/mails.hpp"
#include "outreach/review.hpp"
#include "rules/template_text.hpp"

namespace overture::outreach {
namespace {

using base::Error;
using base::ErrorCode;
using db::Sql;

struct Texts {
  std::string subject;
  std::string text;
  std::string html;
  std::string footer;
  std::string cc;
  std::string bcc;
};

Texts load_texts(db::Connection& connection, const ReviewDecision& decision) {
  db::RowsPtr rows = connection.query(Sql(
      "SELECT e.status, e.subject, t.body_text, t.body_html, e.can_spam_text, e.cc, e.bcc FROM "
      "outreach_emails e JOIN outreach_email_texts t ON t.account_id = e.account_id AND t.id = e.id WHERE "
      "e.account_id = ? AND e.id = ?",
      decision.account, decision.mail));
  if (!rows->next() || (rows->text(0) != "review" && rows->text(0) != "draft")) {
    throw Error(ErrorCode::conflict, "This email does not wait for review");
  }
  return {std::string(rows->text(1)), std::string(rows->text(2)), std::string(rows->text(3)),
          std::string(rows->text(4)), std::string(rows->text(5)), std::string(rows->text(6))};
}

/// Tokens are filled in when a mail is made; what is typed later would be sent as it stands.
void refuse_tokens(std::string_view key, std::string_view text, rules::TextKind kind) {
  const std::vector<rules::TemplateToken> tokens = rules::find_tokens(text, kind);
  if (tokens.empty()) return;
  throw Error::invalid(key, "{" + tokens.front().name + "} would not be filled in any more: write its value");
}

std::string without_spaces(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > ' ') kept.push_back(c);
  }
  return kept;
}

bool says(std::string_view text, std::string_view footer) {
  return without_spaces(text).find(without_spaces(footer)) != std::string::npos;
}

void keep_footer(Texts& texts) {
  if (texts.footer.empty()) return;
  if (!says(texts.text, texts.footer)) {
    texts.text = std::string(base::trim(texts.text)) + "\n\n" + texts.footer + "\n";
  }
  if (texts.html.empty() || says(mail::html_to_text(texts.html), texts.footer)) return;
  const std::size_t end = texts.html.rfind("</body>");
  texts.html.insert(end == std::string::npos ? texts.html.size() : end, write_paragraphs(texts.footer));
}

void apply(const MailEdit& edit, Texts& texts) {
  if (edit.subject) texts.subject = *edit.subject;
  const bool had_html = !texts.html.empty();
  if (edit.body_text) texts.text = *edit.body_text;
  if (edit.body_html) texts.html = *edit.body_html;
  if (edit.body_text && !edit.body_html && had_html) texts.html = write_paragraphs(texts.text);
  if (edit.body_html && !edit.body_text && !texts.html.empty()) texts.text = mail::html_to_text(texts.html);
  if (edit.cc) texts.cc = *edit.cc;
  if (edit.bcc) texts.bcc = *edit.bcc;
}

void check(const MailEdit& edit, const Texts& texts) {
  if (base::trim(texts.subject).empty()) throw Error::invalid("subject", "must not be empty");
  if (base::has_control(texts.subject)) throw Error::invalid("subject", "must be one line");
  if (base::trim(texts.text).empty()) throw Error::invalid("body_text", "must not be empty");
  if (edit.subject) refuse_tokens("subject", texts.subject, rules::TextKind::subject);
  if (edit.body_text) refuse_tokens("body_text", texts.text, rules::TextKind::text);
  if (edit.body_html) refuse_tokens("body_html", texts.html, rules::TextKind::html);
}

void check_copies(db::Connection& connection, const MailStep& step, std::string_view key,
                  const std::optional<std::string>& copies) {
  if (!copies) return;
  for (const std::string& address : parse_copies(key, *copies)) {
    if (intake::is_suppressed(connection, step.account, step.project, address)) {
      throw Error::invalid(key, address + " is on the do-not-email list");
    }
  }
}

}  // namespace

void edit_mail(db::Connection& connection, const ReviewDecision& decision, const MailEdit& edit) {
  const std::optional<MailStep> step = find_mail_step(connection, decision.account, decision.mail);
  if (!step) throw Error(ErrorCode::conflict, "This email does not wait for review");
  connection.lock("opportunity " + std::to_string(step->opportunity));
  Texts texts = load_texts(connection, decision);
  apply(edit, texts);
  check(edit, texts);
  check_copies(connection, *step, "cc", edit.cc);
  check_copies(connection, *step, "bcc", edit.bcc);
  keep_footer(texts);
  connection.execute(
      Sql("UPDATE outreach_emails SET subject = ?, cc = ?, bcc = ?, review_type = 'edited' WHERE account_id "
          "= ? AND "
          "id = ?",
          texts.subject, texts.cc, texts.bcc, decision.account, decision.mail));
  write_texts(connection, decision.account, decision.mail, texts.text, texts.html);
}

}  // namespace overture::outreach
