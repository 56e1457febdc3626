// The rules of an account: what holds for all its projects and campaigns.
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "api/template_check.hpp"
#include "base/error.hpp"
#include "intake/runs.hpp"

namespace overture::api {
namespace {

using base::Error;
using rest::Field;
using rest::Input;
using rest::Type;

constexpr std::string_view kDeduplicationKeys[] = {"host", "host_without_www", "registrable_domain"};
constexpr std::int64_t kLongestGuard = 3650;

constexpr Input flag(std::string_view key, std::string_view doc) {
  return {.key = key, .type = Type::boolean, .doc = doc};
}

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "name", .sql = "o.name", .fixed = true},
    {.path = "timezone",
     .sql = "o.timezone",
     .column = "timezone",
     .update = {.key = "timezone",
                .normalise = normalise_timezone,
                .doc = "in which the days of mail accounts are counted"}},
    {.path = "deduplication_key",
     .sql = "o.deduplication_key",
     .column = "deduplication_key",
     .update = {.key = "deduplication_key",
                .allowed = kDeduplicationKeys,
                .doc = "what makes two sites the same one: host, host_without_www or registrable_domain"}},
    {.path = "force_opt_out",
     .type = Type::boolean,
     .sql = "o.force_opt_out",
     .column = "force_opt_out",
     .update = flag("force_opt_out", "every mail says how to opt out, whatever its attempt says")},
    {.path = "opt_out_text",
     .sql = "o.opt_out_text",
     .column = "opt_out_text",
     .update = {.key = "opt_out_text",
                .clearable = true,
                .max = 2000,
                .doc =
                    "stands below mails, with tokens such as {unsubscribe_link}; empty: a usual sentence"}},
    {.path = "contact_guard_days",
     .type = Type::integer,
     .sql = "o.contact_guard_days",
     .column = "contact_guard_days",
     .update = {.key = "contact_guard_days",
                .type = Type::integer,
                .doc = "so long nobody gets a first mail for another site of the project, of whatever "
                       "campaign; 0 to 3650"}},
    {.path = "lost_no_response",
     .type = Type::boolean,
     .sql = "o.lost_no_response",
     .column = "lost_no_response",
     .update = flag("lost_no_response", "a sequence that nobody answered moves the milestone")},
    {.path = "lost_bad_contact",
     .type = Type::boolean,
     .sql = "o.lost_bad_contact",
     .column = "lost_bad_contact",
     .update = flag("lost_bad_contact", "so does a site of which every contact bounced")},
    {.path = "lost_unsubscribed",
     .type = Type::boolean,
     .sql = "o.lost_unsubscribed",
     .column = "lost_unsubscribed",
     .update = flag("lost_unsubscribed", "so does one that opted out")},
};
constexpr Shape kShapes[] = {{.path = "deduplication_key", .allowed = kDeduplicationKeys}};

constexpr rest::Resource kAccounts{
    .name = "Account",
    .not_found = "Account not found",
    .from = "(SELECT a.id AS account_id, a.* FROM accounts a) o",
    .table = "accounts",
    .fields = kFields,
};

const rest::View& view() {
  static const rest::View made(kAccounts, rest::kEveryView);
  return made;
}

std::string get_account(Call& call) { return show(call, view(), call.scope().account); }

std::string update_account(Call& call) {
  const rest::Body body = checked_body(call, kAccounts, false);
  const std::int64_t account = call.scope().account;
  if (body.given("contact_guard_days")) {
    const std::int64_t days = body.integer("contact_guard_days");
    if (days < 0 || days > kLongestGuard) {
      throw Error::invalid("contact_guard_days", "must be between 0 and 3650");
    }
  }
  if (body.given("opt_out_text")) {
    check_text("opt_out_text", body.text("opt_out_text"), rules::TextKind::text,
               load_known_tokens(call.db(), account, 0, 0));
  }
  for (const rest::Assignment& assignment : rest::assignments_of(kAccounts, body, false)) {
    db::Sql sql("UPDATE accounts SET ");
    sql << assignment.column << " = ";
    sql.bind(assignment.value) << db::Sql(" WHERE id = ?", account);
    call.db().execute(sql);
  }
  intake::wake_account(call.db(), account, call.now);
  return show_written(call, view(), account);
}

}  // namespace

void add_account_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/account", Permission::admin, Lane::read, get_account)
                       .about("Users", "Show the rules of the account")
                       .answers(view())
                       .shaped(kShapes));
  routes.push_back(Route(put, "/api/account", Permission::admin, Lane::write, update_account)
                       .about("Users", "Change the rules of the account")
                       .answers(view())
                       .shaped(kShapes)
                       .takes(rest::inputs_of(kAccounts, false)));
}

}  // namespace overture::api
