// Values are read once into a map; the template language is rules/template_text.
#include "outreach/render.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "rules/subject.hpp"
#include "rules/template_text.hpp"

namespace overture::outreach {
namespace {

using db::Sql;
using Values = std::unordered_map<std::string, std::string>;

constexpr std::string_view kFooter = "If you would rather not hear from me again: {unsubscribe_link}";
/// Where there are no links. mail/classify understands the answer.
constexpr std::string_view kFooterByMail =
    "If you would rather not hear from me again, answer with the word \"unsubscribe\".";

void set(Values& values, std::string name, std::string_view value) {
  if (!value.empty()) values.insert_or_assign(std::move(name), std::string(value));
}

std::string first_word(std::string_view text) { return std::string(text.substr(0, text.find(' '))); }

/// What the site and the contact say by themselves; a value that somebody wrote goes before.
void read_site_and_contact(db::Connection& connection, const RenderTarget& target, Values& values) {
  {
    db::RowsPtr rows = connection.query(
        Sql("SELECT o.name, o.url, o.contact_form_url, d.name FROM opportunities o LEFT JOIN domains d ON "
            "d.account_id = o.account_id AND d.id = o.domain_id WHERE o.account_id = ? AND o.id = ?",
            target.account, target.opportunity));
    if (rows->next()) {
      set(values, "opportunity_name", rows->text(0));
      set(values, "url", rows->text(1));
      set(values, "contact_form_url", rows->text(2));
      set(values, "website", rows->text(3));
      set(values, "domain", rows->text(3));
    }
  }
  db::RowsPtr rows = connection.query(Sql(
      "SELECT email, first_name, last_name, organization_name, organization_title, location FROM contacts "
      "WHERE account_id = ? AND id = ?",
      target.account, target.contact));
  if (!rows->next()) return;
  set(values, "email_address", rows->text(0));
  set(values, "email", rows->text(0));
  set(values, "first_name", rows->text(1));
  set(values, "last_name", rows->text(2));
  set(values, "company", rows->text(3));
  set(values, "job_title", rows->text(4));
  set(values, "location", rows->text(5));
}

/// Names and addresses of the contact that is written to come from the contact: the personalization of an
/// opportunity speaks of its first one.
bool is_of_contact(std::string_view token) {
  return token == "email_address" || token == "first_name" || token == "last_name";
}

void read_fields(db::Connection& connection, const RenderTarget& target, Values& values) {
  {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT f.token, v.value FROM personalization_values v JOIN personalization_fields f ON "
        "f.account_id = v.account_id AND f.id = v.field_id WHERE v.account_id = ? AND v.opportunity_id = ?",
        target.account, target.opportunity));
    while (rows->next()) {
      std::string token(rows->text(0));
      if (is_of_contact(token) && values.contains(token)) continue;
      set(values, std::move(token), rows->text(1));
    }
  }
  db::RowsPtr rows = connection.query(
      Sql("SELECT f.token, v.value FROM custom_field_values v JOIN custom_fields f ON f.account_id = "
          "v.account_id AND f.id = v.field_id WHERE v.account_id = ? AND v.opportunity_id = ?",
          target.account, target.opportunity));
  while (rows->next()) {
    std::string token(rows->text(0));
    set(values, "cf." + token, rows->text(1));
    if (!values.contains(token)) set(values, std::move(token), rows->text(1));
  }
}

struct Signature {
  std::string text;
  std::string html;
};

Signature read_sender(db::Connection& connection, const RenderTarget& target, Values& values) {
  Signature signature;
  db::RowsPtr rows = connection.query(Sql(
      "SELECT e.from_name, e.name, m.address, m.signature_text, m.signature_html FROM email_accounts e LEFT "
      "JOIN mailboxes m ON m.account_id = e.account_id AND m.email_account_id = e.id WHERE e.account_id = ? "
      "AND e.id = ?",
      target.account, target.email_account));
  if (!rows->next()) return signature;
  std::string_view name = rows->text(0).empty() ? rows->text(1) : rows->text(0);
  set(values, "sender_name", name);
  set(values, "sender_first_name", first_word(name));
  set(values, "sender_email", rows->is_null(2) ? rows->text(1) : rows->text(2));
  signature.text = rows->text(3);
  signature.html = rows->text(4);
  return signature;
}

bool needs_link(std::string_view footer) {
  const std::vector<rules::TemplateToken> tokens = rules::find_tokens(footer, rules::TextKind::text);
  return std::any_of(tokens.begin(), tokens.end(), [](const rules::TemplateToken& token) {
    return token.name == "unsubscribe_link" && !token.fallback;
  });
}

/// What says how to opt out: the account's own words, unless they need a link and there is none.
struct Footer {
  bool forced = false;  ///< stands below every mail, whatever its attempt says
  std::string text;     ///< with tokens
  bool by_mail = false;
};

Footer load_footer(db::Connection& connection, const RenderTarget& target) {
  db::RowsPtr rows =
      connection.query(Sql("SELECT force_opt_out, opt_out_text FROM accounts WHERE id = ?", target.account));
  Footer footer{.text = std::string(kFooter)};
  if (rows->next()) {
    footer.forced = rows->integer(0) != 0;
    if (!rows->text(1).empty()) footer.text = rows->text(1);
  }
  footer.by_mail = target.unsubscribe_url.empty() && needs_link(footer.text);
  if (footer.by_mail) footer.text = kFooterByMail;
  return footer;
}

struct Prepared {
  Values values;
  Signature signature;
  Footer footer;
};

Prepared prepare(db::Connection& connection, const RenderTarget& target) {
  Prepared prepared;
  read_site_and_contact(connection, target, prepared.values);
  read_fields(connection, target, prepared.values);
  prepared.signature = read_sender(connection, target, prepared.values);
  set(prepared.values, "unsubscribe_link", target.unsubscribe_url);
  prepared.footer = load_footer(connection, target);
  return prepared;
}

rules::TokenLookUp look_up_in(const Values& values) {
  return [&values](std::string_view token) -> std::optional<std::string> {
    auto found = values.find(std::string(token));
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

class Rendering {
 public:
  Rendering(const Prepared& prepared, RenderedMail& mail) : prepared_(prepared), mail_(mail) {}

  std::string render(std::string_view source, rules::TextKind kind) {
    // A signature is no value: it is text of the mailbox's owner, HTML where the mail is, and may be empty.
    auto look_up = [plain =
                        look_up_in(prepared_.values)](std::string_view token) -> std::optional<std::string> {
      return token == "signature" ? std::string(kSignaturePlace) : plain(token);
    };
    rules::RenderedText rendered = rules::render_template(source, kind, look_up);
    for (std::string& token : rendered.unresolved) {
      if (std::find(mail_.missing.begin(), mail_.missing.end(), token) == mail_.missing.end()) {
        mail_.missing.push_back(std::move(token));
      }
    }
    return place_signature(std::move(rendered.text), kind);
  }

 private:
  std::string place_signature(std::string text, rules::TextKind kind) const {
    const Signature& own = prepared_.signature;
    const bool is_html = kind == rules::TextKind::html && !own.html.empty();
    const std::string signature = is_html ? own.html : written_as(kind, own.text);
    for (std::size_t at = text.find(kSignaturePlace); at != std::string::npos;
         at = text.find(kSignaturePlace, at + signature.size())) {
      text.replace(at, kSignaturePlace.size(), signature);
    }
    return text;
  }

  static std::string written_as(rules::TextKind kind, std::string_view value) {
    if (base::trim(value).empty()) return {};
    return rules::render_template("{v}", kind, [value](std::string_view) { return std::string(value); }).text;
  }

  /// Characters of no meaning, which rendering leaves as they are.
  static constexpr std::string_view kSignaturePlace = "\ue000signature\ue000";
  const Prepared& prepared_;
  RenderedMail& mail_;
};

/// A template of plain text as one of HTML.
std::string as_html(std::string_view text) {
  std::string html;
  for (const char c : text) {
    if (c == '&') {
      html += "&amp;";
    } else if (c == '<') {
      html += "&lt;";
    } else if (c == '>') {
      html += "&gt;";
    } else if (c == '\n') {
      html += "<br>\n";
    } else {
      html += c;
    }
  }
  return html;
}

RenderedMail render(const Prepared& prepared, const Attempt& attempt, std::string_view thread_subject) {
  RenderedMail mail;
  Rendering rendering(prepared, mail);
  mail.subject = attempt.subject.empty() ? rules::reply_subject(thread_subject)
                                         : rendering.render(attempt.subject, rules::TextKind::subject);
  mail.text = rendering.render(attempt.body_text, rules::TextKind::text);
  mail.html = rendering.render(attempt.body_html, rules::TextKind::html);
  if (!attempt.opt_out && !prepared.footer.forced) return mail;
  const std::string& footer = prepared.footer.text;
  mail.opt_out_by_mail = prepared.footer.by_mail;
  mail.can_spam_text = rendering.render(footer, rules::TextKind::text);
  if (!mail.text.empty() || mail.html.empty()) mail.text += "\n\n" + mail.can_spam_text + "\n";
  if (!mail.html.empty()) {
    std::string line = "\n<p style=\"color:#666666;font-size:12px\">" +
                       rendering.render(as_html(footer), rules::TextKind::html) + "</p>\n";
    const std::size_t end = mail.html.rfind("</body>");
    mail.html.insert(end == std::string::npos ? mail.html.size() : end, line);
  }
  return mail;
}

}  // namespace

bool is_sender_token(std::string_view token) {
  return token == "sender_name" || token == "sender_first_name" || token == "sender_email";
}

RenderedMail render_attempt(db::Connection& connection, const RenderTarget& target, const Attempt& attempt,
                            std::string_view thread_subject) {
  return render(prepare(connection, target), attempt, thread_subject);
}

std::vector<RenderedMail> render_sequence(db::Connection& connection, const RenderTarget& target,
                                          std::span<const Attempt> sequence) {
  const Prepared prepared = prepare(connection, target);
  std::vector<RenderedMail> mails;
  for (const Attempt& attempt : sequence) {
    mails.push_back(render(prepared, attempt, mails.empty() ? std::string() : mails.back().subject));
  }
  return mails;
}

}  // namespace overture::outreach
