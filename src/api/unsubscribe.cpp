// The do-not-email list: the documented Unsubscribe, the list itself, and taking entries off it.
#include "intake/unsubscribe.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "outreach/opt_out.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "email_address", .sql = "o.entry", .lowered = true, .fixed = true},
    {.path = "is_domain", .type = Type::boolean, .sql = "o.is_domain", .fixed = true},
    {.path = "reason", .sql = "o.reason"},
    {.path = "project.id", .type = Type::integer, .sql = "p.id", .join = "p", .nullable_object = true},
    {.path = "project.name", .sql = "p.name", .join = "p"},
    OVERTURE_USER_REF("created_by", "u"),
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Join kJoins[] = {
    {"p", "LEFT JOIN projects p ON p.account_id = o.account_id AND p.id = o.project_id"},
    {"u", OVERTURE_USER_JOIN("u", "o.user_id")},
};
constexpr rest::Resource kUnsubscribes{
    .name = "UnsubscribeEntry",
    .not_found = "Unsubscribe entry not found",
    .from = "unsubscribes o",
    .table = "unsubscribes",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "(o.project_id = 0 OR o.project_id IN " OVERTURE_GRANTED_PROJECTS ")"};

/// What the documented operation answers.
constexpr Field kAnswerFields[] = {
    {.path = "email_address", .sql = "o.entry"},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at"},
};
constexpr rest::Resource kAnswers{.name = "Unsubscribe",
                                  .not_found = "Unsubscribe entry not found",
                                  .from = "unsubscribes o",
                                  .table = "unsubscribes",
                                  .fields = kAnswerFields};

constexpr rest::Input kInputs[] = {
    {.key = "email_address", .required = true, .doc = "an address, or a domain for all addresses at it"}};

const rest::View& view() {
  static const rest::View made(kUnsubscribes, rest::kEveryView);
  return made;
}
const rest::View& answer_view() {
  static const rest::View made(kAnswers, rest::kEveryView);
  return made;
}

std::string add_unsubscribe(Call& call) {
  rest::Body body(call.body(), kInputs);
  std::int64_t account = call.scope().account;
  std::optional<intake::UnsubscribeEntry> entry = intake::parse_unsubscribe_entry(body.text("email_address"));
  if (!entry) throw Error::invalid("email_address", "is neither an e-mail address nor a domain");
  intake::unsubscribe(call.db(), account, *entry,
                      {.user = call.scope().user, .reason = "Added by a user", .now = call.now});
  outreach::follow_opt_out(call.db(), account, *entry, call.now);
  return show_written(call, answer_view(),
                      call.db().integer(db::Sql(
                          "SELECT id FROM unsubscribes WHERE account_id = ? AND entry = ? AND project_id = 0",
                          account, entry->text)));
}

std::string list_unsubscribes(Call& call) { return list(call, view()); }

/// For entries that somebody typed by mistake; what people asked for themselves stays.
std::string delete_unsubscribe(Call& call) {
  std::int64_t id = call.id(0, kUnsubscribes.not_found);
  require(call, kUnsubscribes, id);
  std::int64_t account = call.scope().account;
  std::string entry;
  {
    db::RowsPtr rows = call.db().query(
        db::Sql("SELECT entry, user_id FROM unsubscribes WHERE account_id = ? AND id = ?", account, id));
    rows->next();
    entry = rows->text(0);
    if (rows->integer(1) == 0) {
      throw Error(ErrorCode::conflict, "They asked not to be written to; this cannot be taken back for them");
    }
  }
  intake::remove_unsubscribe(call.db(), account, id);
  call.after.push_back([account, user = call.scope().user, entry] {
    base::log_info("unsubscribe entry removed", {{"account", account}, {"user", user}, {"entry", entry}});
  });
  return nothing();
}

}  // namespace

void add_unsubscribe_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(post, "/api/unsubscribe", Permission::stage, Lane::write, add_unsubscribe)
                       .documented(52, "Unsubscribe", "Never write to an address or a domain again")
                       .answers(answer_view())
                       .takes(kInputs));
  routes.push_back(Route(get, "/api/unsubscribes", Permission::signed_in, Lane::read, list_unsubscribes)
                       .about("Unsubscribe", "List the addresses and domains that nobody writes to")
                       .lists(view()));
  routes.push_back(
      Route(delete_, "/api/unsubscribes/{id}", Permission::admin, Lane::write, delete_unsubscribe)
          .about("Unsubscribe", "Take an entry off the list that a user put there"));
}

}  // namespace overture::api
