// Mail accounts made, shown, changed and removed. The test of one is in mailbox_test.cpp.
#include <algorithm>

#include "api/crud.hpp"
#include "api/mailbox_fields.hpp"
#include "api/mailbox_input.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/counts.hpp"
#include "intake/runs.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/reply_outcome.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using outreach::Credentials;
using outreach::MailboxSettings;

/// What makes a mail account one that connects.
constexpr std::string_view kConnecting[] = {"address",         "smtp",           "imap",
                                            "login",           "authentication", "password",
                                            "oauth",           "signature_text", "signature_html",
                                            "spacing_seconds", "ramp",           "unsubscribe_rule",
                                            "add_new_contacts"};

/// Two mail accounts that read one mailbox would both take in what arrives there.
void refuse_second(Call& call, const std::string& address) {
  const std::int64_t account = call.scope().account;
  call.db().lock("mailbox " + std::to_string(account) + " " + address);
  const bool taken = call.db().exists(
      db::Sql("SELECT 1 FROM mailboxes m JOIN email_accounts e ON e.account_id = m.account_id AND e.id = "
              "m.email_account_id WHERE m.account_id = ? AND m.address = ? AND e.status <> 'deleted'",
              account, address));
  if (taken) throw Error(ErrorCode::conflict, "There is a mail account with this address already");
}

std::vector<std::int64_t> ids_of(Call& call, const db::Sql& sql) {
  std::vector<std::int64_t> ids;
  db::RowsPtr rows = call.db().query(sql);
  while (rows->next()) ids.push_back(rows->integer(0));
  return ids;
}

void require_projects(Call& call, const rest::Body& body) {
  for (const std::int64_t project : body.integers("projects")) {
    require_reference(call, kProjects, project, "projects");
  }
}

/// In place of those the caller sees; projects that he does not see stay. What the mailbox was writing for a
/// project that it leaves goes on with another one.
void set_projects(Call& call, std::int64_t id, const rest::Body& body) {
  if (!body.given("projects")) return;
  const std::int64_t account = call.scope().account;
  const std::vector<std::int64_t> wanted = body.integers("projects");
  require_projects(call, body);
  const std::vector<std::int64_t> before = ids_of(
      call, db::Sql("SELECT project_id FROM email_account_projects WHERE account_id = ? AND email_account_id "
                    "= ? ORDER BY project_id",
                    account, id));
  for (const std::int64_t project : before) {
    const bool stays = std::find(wanted.begin(), wanted.end(), project) != wanted.end();
    if (stays || !can_see(call, kProjects, project)) continue;
    call.db().execute(
        db::Sql("DELETE FROM email_account_projects WHERE account_id = ? AND email_account_id = ? "
                "AND project_id = ?",
                account, id, project));
  }
  for (const std::int64_t project : wanted) {
    call.db().execute(db::Sql(
        "INSERT INTO email_account_projects (account_id, email_account_id, project_id) VALUES (?, ?, ?) "
        "ON CONFLICT (account_id, email_account_id, project_id) DO NOTHING",
        account, id, project));
  }
}

/// What is typed in place of what is stored.
void seal(Call& call, std::int64_t id, const rest::Body& body, MailboxSettings& settings) {
  const base::Sealer& sealer = call.services.sealer;
  const std::int64_t account = call.scope().account;
  Credentials before;
  // Where everything is typed anew, what was sealed with a lost key is in nobody's way.
  const bool anew = body.given("password") && settings.authentication == "password";
  if (!anew) before = outreach::open_credentials(sealer, account, id, settings.sealed_secret);
  Credentials after = before;
  apply_credentials_input(body, settings, after);
  const bool same = !anew && before.password == after.password &&
                    before.client_secret == after.client_secret &&
                    before.refresh_token == after.refresh_token;
  if (!same) settings.sealed_secret = outreach::seal_credentials(sealer, account, id, after);
}

std::string create_mailbox(Call& call) {
  const rest::Body body(call.body(), mailbox_inputs(true));
  MailboxSettings settings;
  apply_mailbox_input(body, settings);
  Credentials credentials;
  apply_credentials_input(body, settings, credentials);
  const std::int64_t limit = daily_limit_of(body);
  require_projects(call, body);
  refuse_second(call, settings.address);
  const std::int64_t account = call.scope().account;
  const std::int64_t id = call.db().integer(db::Sql(
      "INSERT INTO email_accounts (account_id, name, nickname, from_name, status, daily_limit, created_by, "
      "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
      account, body.given("name") ? body.text("name") : settings.address, body.text("nickname"),
      body.text("from_name"), body.given("status") ? body.text("status") : "active", limit, call.scope().user,
      call.now, call.now));
  settings.sealed_secret = outreach::seal_credentials(call.services.sealer, account, id, credentials);
  outreach::store_mailbox_settings(call.db(), account, id, settings);
  call.db().execute(
      db::Sql("INSERT INTO mailbox_states (account_id, email_account_id, connected_at) VALUES (?, ?, ?)",
              account, id, call.now));
  set_projects(call, id, body);
  intake::wake_account(call.db(), account, call.now);
  return show_mailbox(call, id);
}

std::string get_mailbox(Call& call) { return show_mailbox(call, call.id(0, kMailboxes.not_found)); }

void set_status(Call& call, std::int64_t id, const rest::Body& body) {
  if (!body.given("status")) return;
  const std::int64_t account = call.scope().account;
  const std::string before = call.db().text(
      db::Sql("SELECT status FROM email_accounts WHERE account_id = ? AND id = ?", account, id));
  const std::string after = body.text("status");
  if (after == before) return;
  if (before == "disconnected" && after == "active") {
    throw Error(ErrorCode::conflict,
                "This mail account is disconnected: correct what it logs in with, then test it");
  }
  call.db().execute(
      db::Sql("UPDATE email_accounts SET status = ? WHERE account_id = ? AND id = ?", after, account, id));
  outreach::note_mailbox_status(call.db(), {account, id}, after, "a person has set it", call.now);
  if (after == "active") outreach::forget_mailbox_trouble(call.db(), {account, id});
}

/// The engine tries again at once. Another mailbox is read from its beginning; nothing is taken in twice.
void forget_connection(Call& call, std::int64_t id, const MailboxSettings& before,
                       const MailboxSettings& after) {
  const std::int64_t account = call.scope().account;
  call.db().execute(
      db::Sql("UPDATE mailbox_states SET failing_use = '', next_try_at = 0, next_poll_at = 0, sealed_token = "
              "'', token_expires_at = 0 WHERE account_id = ? AND email_account_id = ?",
              account, id));
  if (before.imap == after.imap && before.login == after.login) return;
  call.db().execute(db::Sql(
      "UPDATE mailbox_states SET uid_validity = 0, last_uid = 0, files_sent = 'unknown' WHERE account_id "
      "= ? AND email_account_id = ?",
      account, id));
}

void change_settings(Call& call, std::int64_t id, const rest::Body& body) {
  const bool any = std::any_of(std::begin(kConnecting), std::end(kConnecting),
                               [&body](std::string_view key) { return body.has(key); });
  if (!any) return;
  const std::int64_t account = call.scope().account;
  call.db().lock("mailbox " + std::to_string(account) + " " + std::to_string(id));
  const std::optional<MailboxSettings> before = outreach::find_mailbox_settings(call.db(), account, id);
  MailboxSettings after = before.value_or(MailboxSettings());
  apply_mailbox_input(body, after);
  seal(call, id, body, after);
  if (!before) refuse_second(call, after.address);
  outreach::store_mailbox_settings(call.db(), account, id, after);
  call.db().execute(
      db::Sql("INSERT INTO mailbox_states (account_id, email_account_id, connected_at) VALUES (?, ?, ?) ON "
              "CONFLICT (account_id, email_account_id) DO NOTHING",
              account, id, call.now));
  if (before && connects_otherwise(*before, after)) forget_connection(call, id, *before, after);
}

std::string update_mailbox(Call& call) {
  const std::int64_t id = own_mailbox(call);
  const rest::Body body(call.body(), mailbox_inputs(false));
  change_settings(call, id, body);
  std::vector<rest::Assignment> row{{"updated_at", call.now}};
  if (body.given("name")) row.push_back({"name", body.value("name")});
  if (body.has("nickname")) row.push_back({"nickname", body.text("nickname")});
  if (body.has("from_name")) row.push_back({"from_name", body.text("from_name")});
  if (body.given("daily_limit")) row.push_back({"daily_limit", daily_limit_of(body)});
  const std::int64_t account = call.scope().account;
  call.db().execute(rest::make_update("email_accounts", row, account, id));
  set_status(call, id, body);
  set_projects(call, id, body);
  intake::bump_names_version(call.db(), account);
  intake::wake_account(call.db(), account, call.now);
  return show_mailbox(call, id);
}

/// What it sent and received stays; its secrets go, and others write on to its sites.
std::string delete_mailbox(Call& call) {
  const std::int64_t id = own_mailbox(call);
  const std::int64_t account = call.scope().account;
  call.db().execute(
      db::Sql("UPDATE email_accounts SET status = 'deleted', updated_at = ? WHERE account_id = ? AND id = ?",
              call.now, account, id));
  call.db().execute(db::Sql(
      "UPDATE mailboxes SET sealed_secret = '' WHERE account_id = ? AND email_account_id = ?", account, id));
  call.db().execute(
      db::Sql("UPDATE mailbox_states SET sealed_token = '', token_expires_at = 0 WHERE account_id = ? AND "
              "email_account_id = ?",
              account, id));
  intake::wake_account(call.db(), account, call.now);
  outreach::fail_waiting_replies(call.db(), account, id, "its mail account was removed", call.now);
  outreach::note_mailbox_status(call.db(), {account, id}, "deleted", "a person has deleted it", call.now);
  intake::bump_names_version(call.db(), account);
  return nothing();
}

/// The figures of the day make it more than the view: the form says so, the view gives it an ETag.
Route showing(Route&& route) {
  Route shown = std::move(route).answers(kMailboxForm).shaped(mailbox_shapes());
  shown.answer = &mailbox_view();
  return shown;
}

}  // namespace

void add_mailbox_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view one = "/api/email_accounts/{id}";
  routes.push_back(showing(Route(post, "/api/email_accounts", Permission::member, Lane::write, create_mailbox)
                               .about("Emails", "Connect a mail account")
                               .takes(mailbox_inputs(true))));
  routes.push_back(showing(Route(get, one, Permission::member, Lane::read, get_mailbox)
                               .about("Emails", "Show how a mail account connects and how it is doing")));
  routes.push_back(showing(Route(put, one, Permission::member, Lane::write, update_mailbox)
                               .about("Emails", "Change a mail account, as its maker or an admin")
                               .takes(mailbox_inputs(false))));
  routes.push_back(Route(delete_, one, Permission::member, Lane::write, delete_mailbox)
                       .about("Emails", "Remove a mail account; others go on for it"));
}

}  // namespace overture::api
