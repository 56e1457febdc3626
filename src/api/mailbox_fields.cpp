#include "api/mailbox_fields.hpp"

#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "base/error.hpp"
#include "outreach/facts.hpp"
#include "rest/json_writer.hpp"
#include "rules/local_time.hpp"
#include "rules/spacing.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr rest::Views kStored = 1;
constexpr rest::Views kShown = 2;

constexpr Field kProjectId[] = {{.path = "", .type = Type::integer, .sql = "x.project_id"}};
constexpr rest::Child kProjectIds{.from = "email_account_projects x",
                                  .parent = "x.email_account_id",
                                  .order = "x.project_id",
                                  .fields = kProjectId,
                                  .scalar = true,
                                  .restricted = "x.project_id IN " OVERTURE_GRANTED_PROJECTS};

/// Mail accounts that were never connected have no row in `mailboxes`: the defaults of the table stand in.
constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name", .sql = "o.name"},
    {.path = "nickname", .sql = "o.nickname"},
    {.path = "from_name", .sql = "o.from_name"},
    {.path = "status", .sql = "o.status"},
    {.path = "daily_limit", .type = Type::integer, .sql = "o.daily_limit"},
    {.path = "created_by_user.id",
     .type = Type::integer,
     .sql = "u.id",
     .join = "u",
     .nullable_object = true},
    {.path = "created_by_user.display_name", .sql = "trim(u.first_name || ' ' || u.last_name)", .join = "u"},
    {.path = "created_by_user.email", .sql = "u.email", .join = "u"},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "updated_at", .type = Type::time, .sql = "o.updated_at"},
    {.path = "address", .sql = "COALESCE(m.address, '')", .join = "m"},
    {.path = "smtp.host", .sql = "COALESCE(m.smtp_host, '')", .join = "m"},
    {.path = "smtp.port", .type = Type::integer, .sql = "COALESCE(m.smtp_port, 465)", .join = "m"},
    {.path = "smtp.security", .sql = "COALESCE(m.smtp_security, 'tls')", .join = "m"},
    {.path = "imap.host", .sql = "COALESCE(m.imap_host, '')", .join = "m"},
    {.path = "imap.port", .type = Type::integer, .sql = "COALESCE(m.imap_port, 993)", .join = "m"},
    {.path = "imap.security", .sql = "COALESCE(m.imap_security, 'tls')", .join = "m"},
    {.path = "login", .sql = "COALESCE(m.login, '')", .join = "m"},
    {.path = "authentication", .sql = "COALESCE(m.authentication, 'password')", .join = "m"},
    {.path = "has_secret",
     .type = Type::boolean,
     .sql = "CASE WHEN COALESCE(m.sealed_secret, '') = '' THEN 0 ELSE 1 END",
     .join = "m",
     .doc = "a password or refresh token is stored; it is never shown"},
    {.path = "oauth.token_url", .sql = "COALESCE(m.oauth_url, '')", .join = "m"},
    {.path = "oauth.client_id", .sql = "COALESCE(m.oauth_client, '')", .join = "m"},
    {.path = "signature_text", .sql = "COALESCE(m.signature_text, '')", .join = "m"},
    {.path = "signature_html", .sql = "COALESCE(m.signature_html, '')", .join = "m"},
    {.path = "spacing_seconds", .type = Type::integer, .sql = "COALESCE(m.spacing_seconds, 60)", .join = "m"},
    {.path = "ramp.start", .type = Type::integer, .sql = "COALESCE(m.ramp_start, 0)", .join = "m"},
    {.path = "ramp.step", .type = Type::integer, .sql = "COALESCE(m.ramp_step, 0)", .join = "m"},
    {.path = "ramp.every_days", .type = Type::integer, .sql = "COALESCE(m.ramp_every_days, 7)", .join = "m"},
    {.path = "unsubscribe_rule", .sql = "COALESCE(m.unsubscribe_rule, 'subject')", .join = "m"},
    {.path = "add_new_contacts",
     .type = Type::boolean,
     .sql = "COALESCE(m.add_new_contacts, 1)",
     .join = "m"},
    {.path = "projects", .type = Type::rows, .child = &kProjectIds},
    {.path = "trouble",
     .sql = "COALESCE(s.trouble, '')",
     .join = "s",
     .doc = "what keeps it from sending or reading, in a sentence; empty when all is well"},
    {.path = "failing_since", .type = Type::time, .sql = "s.failing_since", .join = "s"},
    {.path = "connected_at", .type = Type::time, .sql = "s.connected_at", .join = "s"},
    {.path = "polled_at", .type = Type::time, .sql = "s.polled_at", .join = "s"},
    {.path = "files_sent",
     .sql = "COALESCE(s.files_sent, 'unknown')",
     .join = "s",
     .doc = "whether its server puts what is sent into the sent folder by itself"},
    {.path = "sent_today",
     .type = Type::integer,
     .views = kShown,
     .doc = "mails of sequences that took a place in today's limit, in the account's time zone"},
    {.path = "effective_limit",
     .type = Type::integer,
     .views = kShown,
     .doc = "today's limit: daily_limit, or less while the ramp grows"},
};
constexpr rest::Join kJoins[] = {
    {"u", OVERTURE_USER_JOIN("u", "o.created_by")},
    {"m", "LEFT JOIN mailboxes m ON m.account_id = o.account_id AND m.email_account_id = o.id"},
    {"s", "LEFT JOIN mailbox_states s ON s.account_id = o.account_id AND s.email_account_id = o.id"},
};

constexpr std::string_view kSecurities[] = {"tls", "starttls", "none"};
constexpr std::string_view kAuthentications[] = {"password", "oauth", "outbox"};
constexpr std::string_view kUnsubscribeRules[] = {"subject", "anywhere", "off"};
constexpr std::string_view kFilesSent[] = {"unknown", "yes", "no"};
constexpr Shape kShapes[] = {
    {.path = "status", .allowed = kMailAccountStatuses},
    {.path = "smtp.security", .allowed = kSecurities},
    {.path = "imap.security", .allowed = kSecurities},
    {.path = "authentication", .allowed = kAuthentications},
    {.path = "unsubscribe_rule", .allowed = kUnsubscribeRules},
    {.path = "files_sent", .allowed = kFilesSent},
};

struct Figures {
  std::int64_t sent_today = 0;
  std::int64_t effective_limit = 0;
};

Figures load_figures(Call& call, std::int64_t id) {
  const std::int64_t account = call.scope().account;
  std::int64_t limit = 0;
  rules::Ramp ramp;
  std::optional<base::Millis> first_sent_at;
  std::string zone_name;
  {
    db::RowsPtr rows = call.db().query(db::Sql(
        "SELECT o.daily_limit, m.ramp_start, m.ramp_step, m.ramp_every_days, s.first_sent_at, a.timezone "
        "FROM email_accounts o JOIN accounts a ON a.id = o.account_id LEFT JOIN mailboxes m ON m.account_id "
        "= "
        "o.account_id AND m.email_account_id = o.id LEFT JOIN mailbox_states s ON s.account_id = "
        "o.account_id "
        "AND s.email_account_id = o.id WHERE o.account_id = ? AND o.id = ?",
        account, id));
    if (!rows->next()) return {};
    limit = rows->integer(0);
    if (!rows->is_null(1)) ramp = {rows->integer(1), rows->integer(2), rows->integer(3)};
    if (!rows->is_null(4)) first_sent_at = rows->integer(4);
    zone_name = rows->text(5);
  }
  const rules::Zone* zone = rules::Zone::find(zone_name);
  if (zone == nullptr) zone = rules::Zone::find("UTC");
  const std::int64_t today = zone->day_at(call.now).number;
  const std::int64_t first_day = first_sent_at ? zone->day_at(*first_sent_at).number : today;
  const outreach::DayCount count = outreach::load_count(call.db(), account, "mailbox", id, today);
  return {count.first_mails + count.follow_ups, rules::effective_daily_limit(limit, ramp, first_day, today)};
}

}  // namespace

const rest::Resource kMailboxes{
    .name = "EmailAccountDetails",
    .not_found = "Email account not found",
    .from = "email_accounts o",
    .table = "email_accounts",
    .joins = kJoins,
    .fields = kFields,
    .restricted =
        "EXISTS (SELECT 1 FROM users me WHERE me.account_id = ? AND me.id = ? AND (o.created_by = me.id OR "
        "EXISTS (SELECT 1 FROM project_access pa JOIN email_account_projects ep ON ep.account_id = "
        "pa.account_id AND ep.project_id = pa.project_id WHERE pa.account_id = me.account_id AND pa.user_id "
        "= "
        "me.id AND ep.email_account_id = o.id)))",
};

const Form kMailboxForm{"EmailAccountDetails", kFields, kShown};

std::span<const Shape> mailbox_shapes() { return kShapes; }

const rest::View& mailbox_view() {
  static const rest::View made(kMailboxes, kStored);
  return made;
}

std::string show_mailbox(Call& call, std::int64_t id) {
  std::string object = show(call, mailbox_view(), id);
  const Figures figures = load_figures(call, id);
  object.pop_back();
  object += ",\"sent_today\":";
  rest::write_integer(object, figures.sent_today);
  object += ",\"effective_limit\":";
  rest::write_integer(object, figures.effective_limit);
  object += '}';
  return object;
}

std::int64_t own_mailbox(Call& call) {
  const std::int64_t id = call.id(0, kMailboxes.not_found);
  require(call, kMailboxes, id);
  const std::int64_t account = call.scope().account;
  std::int64_t made_by = 0;
  {
    db::RowsPtr rows = call.db().query(db::Sql(
        "SELECT status, created_by FROM email_accounts WHERE account_id = ? AND id = ?", account, id));
    if (!rows->next() || rows->text(0) == "deleted") {
      throw Error(ErrorCode::not_found, std::string(kMailboxes.not_found));
    }
    made_by = rows->integer(1);
  }
  if (call.caller.role != Role::admin && made_by != call.scope().user) throw Error(ErrorCode::access_denied);
  return id;
}

}  // namespace overture::api
