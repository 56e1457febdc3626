#include "api/unsubscribe_page.hpp"

#include <memory>
#include <optional>
#include <string>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "intake/counts.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/opt_out.hpp"
#include "outreach/unsubscribe_link.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kStyle =
    "body{margin:0;background:#f6f6f4;color:#1c1c1a;font:1.125rem/1.5 system-ui,sans-serif}"
    "main{max-width:34rem;margin:12vh auto 0;padding:0 1.5rem}"
    "h1{font-size:1.5rem;line-height:1.25}"
    "button{font:inherit;padding:.6em 1.4em;border:0;border-radius:.4em;background:#1c4ed8;color:#fff;"
    "cursor:pointer}"
    "button:focus-visible{outline:3px solid #1c1c1a;outline-offset:3px}";

/// Nothing but our own style: no script, no picture, no frame, and the form only leads back here.
const std::string& content_policy() {
  static const std::string policy = "default-src 'none'; style-src 'sha256-" +
                                    base::base64url(base::bytes_of(base::sha256_digest(kStyle))) +
                                    "='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  return policy;
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// `body` is HTML.
http::Response page(int status, std::string_view title, std::string_view body) {
  http::Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.headers = {{"Content-Security-Policy", content_policy()},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"X-Robots-Tag", "noindex, nofollow"}};
  response.body =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><title>";
  response.body.append(title)
      .append("</title><style>")
      .append(kStyle)
      .append("</style></head>\n<body><main><h1>");
  response.body.append(title).append("</h1>\n").append(body).append("\n</main></body></html>\n");
  return response;
}

http::Response refusal(int status) {
  switch (status) {
    case 404:
      return page(404, "This link is not known here",
                  "<p>Please use the link as it stands in the mail. You can also answer the mail and ask not "
                  "to be written to again.</p>");
    case 405: {
      http::Response response = page(405, "This cannot be done here", "<p>Please open the link.</p>");
      response.headers.push_back({"Allow", "GET, HEAD, POST"});
      return response;
    }
    default: {
      http::Response response =
          page(503, "Please try again in a moment", "<p>Your wish could not be written down just now.</p>");
      response.headers.push_back({"Retry-After", "60"});
      return response;
    }
  }
}

http::Response refusal(const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return refusal(404);
    base::log_error("unsubscribe link", {{"problem", error.what()}});
  } catch (const std::exception& error) {
    base::log_error("unsubscribe link", {{"problem", error.what()}});
  } catch (...) {
    base::log_error("unsubscribe link", {{"problem", "unknown"}});
  }
  return refusal(503);
}

http::Response question(const std::string& address) {
  return page(200, "Unsubscribe",
              "<p>Shall we stop writing to <strong>" + escape(address) +
                  "</strong>?</p>\n<form method=\"post\"><button type=\"submit\">Yes, stop writing to "
                  "me</button></form>");
}

http::Response confirmation(const std::string& address) {
  return page(200, "You are unsubscribed",
              "<p role=\"status\">Nobody here will write to <strong>" + escape(address) +
                  "</strong> again. You can close this page.</p>");
}

}  // namespace

struct UnsubscribePage::Mail {
  std::int64_t account = 0;
  std::string address;
};

UnsubscribePage::Mail UnsubscribePage::load_mail(db::Connection& connection, std::string_view path) const {
  const auto target = outreach::parse_unsubscribe_token(install_.key, path.substr(3));
  if (!target) throw Error(ErrorCode::not_found);
  Mail mail{target->account,
            connection.text(db::Sql("SELECT to_email FROM outreach_emails WHERE account_id = ? AND id = ?",
                                    target->account, target->outreach_email))};
  if (!intake::parse_unsubscribe_entry(mail.address)) throw Error(ErrorCode::not_found);
  return mail;
}

void UnsubscribePage::unsubscribe(db::Connection& connection, const Mail& mail) const {
  const std::optional<intake::UnsubscribeEntry> entry = intake::parse_unsubscribe_entry(mail.address);
  const base::Millis now = clock_.now();
  intake::unsubscribe(connection, mail.account, *entry, {.reason = "Unsubscribed by link", .now = now});
  outreach::follow_opt_out(connection, mail.account, *entry, now);
  intake::note_change(connection, mail.account);
}

void UnsubscribePage::answer(http::Request&& request, bool closed, http::Reply reply) const {
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  if (!reads && request.method != http::Method::post) return reply(refusal(405));
  if (closed) return reply(refusal(503));
  try {
    auto mail = std::make_shared<Mail>(
        database_.read([&](db::Connection& connection) { return load_mail(connection, request.path); }));
    if (reads) return reply(question(mail->address));
    database_.write_async([this, mail](db::Connection& connection) { unsubscribe(connection, *mail); },
                          [mail, reply](const std::exception_ptr& problem) {
                            reply(problem ? refusal(problem) : confirmation(mail->address));
                          });
  } catch (...) {
    reply(refusal(std::current_exception()));
  }
}

}  // namespace overture::api
