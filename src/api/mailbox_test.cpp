// The test of a mail account: logs in where it would send and read, says what failed, and keeps the outcome.
#include "api/crud.hpp"
#include "api/mailbox_fields.hpp"
#include "api/mailbox_input.hpp"
#include "api/mailbox_servers.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "outreach/credentials.hpp"
#include "outreach/mailbox_state.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using mailbox::ProbeStep;
using outreach::Credentials;
using outreach::MailboxSettings;
using rest::Field;
using rest::Type;

constexpr Field kStepFields[] = {
    {.path = "name"}, {.path = "ok", .type = Type::boolean}, {.path = "message"}};
constexpr rest::Child kSteps{.from = "", .parent = "", .fields = kStepFields};
constexpr Field kAnswerFields[] = {
    {.path = "ok", .type = Type::boolean, .doc = "it can send and read"},
    {.path = "status", .doc = "of the mail account, after the test"},
    {.path = "steps", .type = Type::rows, .child = &kSteps},
    {.path = "hint", .doc = "what its provider asks for first; empty for most"},
};
constexpr Form kAnswer{"EmailAccountTest", kAnswerFields};

/// A mailbox as it was when the test began.
struct Subject {
  std::int64_t id = 0;
  MailboxSettings settings;
  Credentials credentials;
};

struct Outcome {
  std::vector<ProbeStep> steps;
  std::optional<mailbox::OauthTokens> tokens;
  bool login_failed = false;
  bool ok() const {
    for (const ProbeStep& step : steps) {
      if (!step.ok) return false;
    }
    return true;
  }
  /// The first thing that keeps it from working; null when nothing does. Without a sent folder mails go out
  /// and come in all the same.
  const ProbeStep* trouble() const {
    for (const ProbeStep& step : steps) {
      if (!step.ok && step.name != "imap_sent") return &step;
    }
    return nullptr;
  }
};

Subject load_subject(Call& call) {
  return call.services.database.read([&call](db::Connection& connection) {
    call.connection = &connection;
    const std::int64_t id = own_mailbox(call);
    call.connection = nullptr;
    const std::int64_t account = call.scope().account;
    std::optional<MailboxSettings> settings = outreach::find_mailbox_settings(connection, account, id);
    if (!settings) throw Error(ErrorCode::conflict, "This mail account has no servers yet: change it first");
    Credentials credentials =
        outreach::open_credentials(call.services.sealer, account, id, settings->sealed_secret);
    return Subject{id, std::move(*settings), std::move(credentials)};
  });
}

/// A password, or a fresh access token; a token that cannot be had is a step of its own.
bool find_login(Call& call, const Subject& subject, mailbox::Login& login, Outcome& outcome) {
  login.user = subject.settings.login;
  if (subject.settings.authentication == "password") {
    login.password = subject.credentials.password;
    return true;
  }
  try {
    outcome.tokens = call.services.token_source.refresh({.token_url = subject.settings.oauth_url,
                                                         .client_id = subject.settings.oauth_client,
                                                         .client_secret = subject.credentials.client_secret,
                                                         .scope = {}},
                                                        subject.credentials.refresh_token);
    login.access_token = outcome.tokens->access_token;
    outcome.steps.push_back({"oauth_token", true, "The sign-in service gave an access token."});
    return true;
  } catch (const mailbox::MailboxError& error) {
    outcome.login_failed = error.kind() == mailbox::Trouble::Kind::login;
    outcome.steps.push_back({"oauth_token", false, error.trouble().text});
    return false;
  }
}

Outcome test(Call& call, const Subject& subject) {
  Outcome outcome;
  const MailboxSettings& settings = subject.settings;
  if (settings.authentication == "outbox") {
    outcome.steps.push_back({"outbox", true, "Mails are written into a folder of this server."});
    return outcome;
  }
  mailbox::Login login;
  if (!find_login(call, subject, login, outcome)) return outcome;
  for (ProbeStep& step :
       call.services.probe.run(server_of(settings.smtp), server_of(settings.imap), login, settings.address)) {
    if (!step.ok && (step.name == "smtp_login" || step.name == "imap_login")) outcome.login_failed = true;
    outcome.steps.push_back(std::move(step));
  }
  return outcome;
}

/// What the sign-in service gave instead of what it was given.
void keep_tokens(Call& call, db::Connection& connection, const Subject& subject,
                 const mailbox::OauthTokens& tokens) {
  const base::Sealer& sealer = call.services.sealer;
  const std::int64_t account = call.scope().account;
  connection.execute(
      db::Sql("UPDATE mailbox_states SET sealed_token = ?, token_expires_at = ? WHERE account_id = ? AND "
              "email_account_id = ?",
              outreach::seal_access_token(sealer, account, subject.id, tokens.access_token),
              tokens.expires_at, account, subject.id));
  if (tokens.refresh_token.empty() || tokens.refresh_token == subject.credentials.refresh_token) return;
  Credentials changed = subject.credentials;
  changed.refresh_token = tokens.refresh_token;
  connection.execute(
      db::Sql("UPDATE mailboxes SET sealed_secret = ? WHERE account_id = ? AND email_account_id = ?",
              outreach::seal_credentials(sealer, account, subject.id, changed), account, subject.id));
}

/// A person has seen it work: also what the engine had given up begins anew, and at once.
void start_again(db::Connection& connection, const outreach::MailboxKey& key, base::Millis now) {
  const bool changed =
      connection.execute(
          db::Sql("UPDATE email_accounts SET status = 'active' WHERE account_id = ? AND id = ? AND status IN "
                  "('disconnected', 'error')",
                  key.account, key.email_account)) > 0;
  if (changed) outreach::note_mailbox_status(connection, key, "active", "a test has passed", now);
  connection.execute(
      db::Sql("UPDATE mailbox_states SET next_try_at = 0, next_poll_at = 0 WHERE account_id = ? AND "
              "email_account_id = ?",
              key.account, key.email_account));
}

/// Returns the status. When somebody has changed the mail account meanwhile, the test was of another one and
/// says nothing about this.
std::string keep_outcome(Call& call, db::Connection& connection, const Subject& subject,
                         const Outcome& outcome) {
  const std::int64_t account = call.scope().account;
  connection.lock("mailbox " + std::to_string(account) + " " + std::to_string(subject.id));
  const std::string before = connection.text(
      db::Sql("SELECT status FROM email_accounts WHERE account_id = ? AND id = ?", account, subject.id));
  const std::optional<MailboxSettings> settings =
      outreach::find_mailbox_settings(connection, account, subject.id);
  if (before == "deleted" || !settings || connects_otherwise(*settings, subject.settings)) return before;
  if (outcome.tokens) keep_tokens(call, connection, subject, *outcome.tokens);
  const outreach::MailboxKey key{account, subject.id};
  const ProbeStep* trouble = outcome.trouble();
  if (trouble == nullptr) {
    outreach::note_mailbox_works(connection, key, {}, call.now);
    start_again(connection, key, call.now);
  } else {
    outreach::note_mailbox_trouble(
        connection, key,
        trouble->name.starts_with("imap_") ? outreach::MailboxUse::reading : outreach::MailboxUse::sending,
        outcome.login_failed ? outreach::MailboxTrouble::disconnected : outreach::MailboxTrouble::resting,
        trouble->message, call.now);
  }
  const std::string after = connection.text(
      db::Sql("SELECT status FROM email_accounts WHERE account_id = ? AND id = ?", account, subject.id));
  if (after != before) intake::bump_names_version(connection, account);
  intake::wake_account(connection, account, call.now);
  intake::note_change(connection, account);
  return after;
}

std::string test_mailbox(Call& call) {
  const Subject subject = load_subject(call);
  const Outcome outcome = test(call, subject);
  const std::string status = call.services.database.write(
      [&](db::Connection& connection) { return keep_outcome(call, connection, subject, outcome); });
  std::string out = "{\"ok\":";
  rest::write_boolean(out, outcome.ok());
  out += ",\"status\":";
  rest::write_string(out, status);
  out += ",\"steps\":[";
  for (const ProbeStep& step : outcome.steps) {
    out += out.back() == '[' ? "{\"name\":" : ",{\"name\":";
    rest::write_string(out, step.name);
    out += ",\"ok\":";
    rest::write_boolean(out, step.ok);
    out += ",\"message\":";
    rest::write_string(out, step.message);
    out += '}';
  }
  out += "],\"hint\":";
  rest::write_string(out, provider_hint(subject.settings));
  return out + "}";
}

}  // namespace

void add_mailbox_test_routes(Routes& routes) {
  routes.push_back(Route(http::Method::post, "/api/email_accounts/{id}/test", Permission::member,
                         Lane::outside, test_mailbox)
                       .about("Emails", "Log in to the servers of a mail account and say what failed")
                       .answers(kAnswer));
}

}  // namespace overture::api
