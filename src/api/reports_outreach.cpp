// Outreach in figures, by campaign, by mailbox or by attempt.
#include "api/report_groups.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "rest/json_writer.hpp"
#include "rules/reports.hpp"

namespace overture::api {
namespace {

using base::Error;
using rest::Type;

constexpr std::string_view kGroups[] = {"campaign", "email_account", "attempt"};

struct Figure {
  std::string_view key;
  std::int64_t OutreachFigures::*count;
};
constexpr Figure kFigures[] = {
    {"sent", &OutreachFigures::sent},           {"follow_ups", &OutreachFigures::follow_ups},
    {"bounced", &OutreachFigures::bounced},     {"contacted", &OutreachFigures::contacted},
    {"responded", &OutreachFigures::responded}, {"unsubscribed", &OutreachFigures::unsubscribed}};

constexpr rest::Field kItemFields[] = {
    {.path = "id",
     .type = Type::integer,
     .nullable = true,
     .doc = "of the campaign or e-mail account, or the number of the attempt; null: sent by none (forms)"},
    {.path = "name", .nullable = true, .doc = "null for attempts"},
    {.path = "sent", .type = Type::integer, .doc = "mails, also those that came back, and submitted forms"},
    {.path = "follow_ups", .type = Type::integer, .doc = "of these, after the first attempt"},
    {.path = "bounced", .type = Type::integer, .doc = "of these, came back for good"},
    {.path = "contacted", .type = Type::integer, .doc = "opportunities that got at least one"},
    {.path = "responded",
     .type = Type::integer,
     .doc = "opportunities whose first reply, whenever it came, followed one of these as the last one before "
            "it"},
    {.path = "unsubscribed",
     .type = Type::integer,
     .doc = "addresses whose opt-out, whenever it came, followed one of these as the last one before it"},
    {.path = "response_rate_percent", .type = Type::integer, .doc = "responded of contacted, rounded"}};
constexpr rest::Child kItems{.fields = kItemFields};
constexpr rest::Field kFields[] = {
    {.path = "group"},
    {.path = "items", .type = Type::rows, .child = &kItems, .doc = "ascending by id; only what has figures"}};
constexpr Form kForm{.name = "OutreachReport", .fields = kFields};
constexpr Shape kShapes[] = {{.path = "group", .allowed = kGroups}};

ReportGroup group_of(const Call& call) {
  const std::string* text = call.query.find("group");
  if (text == nullptr || text->empty()) throw Error(base::ErrorCode::missing_parameters);
  for (std::size_t i = 0; i < std::size(kGroups); ++i) {
    if (*text == kGroups[i]) return static_cast<ReportGroup>(i);
  }
  throw Error::invalid("group", "must be one of campaign, email_account, attempt");
}

std::map<std::int64_t, std::string> load_names(Call& call, ReportGroup group,
                                               const std::map<std::int64_t, OutreachFigures>& figures) {
  std::map<std::int64_t, std::string> names;
  if (group == ReportGroup::attempt) return names;
  std::vector<std::int64_t> ids;
  for (const auto& [id, each] : figures) ids.push_back(id);
  db::Sql sql("SELECT x.id, x.name FROM ");
  sql << (group == ReportGroup::campaign ? db::Literal("campaigns x") : db::Literal("email_accounts x"));
  sql << db::Sql(" WHERE x.account_id = ? AND ", call.scope().account);
  append_in(sql, call.db().engine(), "x.id", ids);
  db::RowsPtr rows = call.db().query(sql);
  while (rows->next()) names.emplace(rows->integer(0), rows->text(1));
  return names;
}

void write_item(std::string& out, std::int64_t id, const std::string* name, const OutreachFigures& figures) {
  out += out.back() == '[' ? "{\"id\":" : ",{\"id\":";
  if (id == 0) {
    out += "null";
  } else {
    rest::write_integer(out, id);
  }
  out += ",\"name\":";
  if (name == nullptr) {
    out += "null";
  } else {
    rest::write_string(out, *name);
  }
  for (const Figure& figure : kFigures) {
    out += ',';
    rest::write_string(out, figure.key);
    out += ':';
    rest::write_integer(out, figures.*figure.count);
  }
  out += ",\"response_rate_percent\":";
  rest::write_integer(out, rules::percent_of(figures.responded, figures.contacted));
  out += '}';
}

std::string get_outreach_report(Call& call) {
  const ReportGroup group = group_of(call);
  const ReportScope scope = find_report_scope(call);
  const ReportDays days = find_report_days(call, scope);
  const auto figures = gather_outreach(call.db(), scope, days.period(), group);
  const auto names = load_names(call, group, figures);
  call.items = static_cast<std::int64_t>(figures.size());
  std::string out = "{\"group\":";
  rest::write_string(out, kGroups[static_cast<std::size_t>(group)]);
  out += ",\"items\":[";
  for (const auto& [id, each] : figures) {
    const auto name = names.find(id);
    write_item(out, id, name == names.end() ? nullptr : &name->second, each);
  }
  return out + "]}";
}

}  // namespace

void add_outreach_report_routes(Routes& routes) {
  routes.push_back(
      Route(http::Method::get, "/api/reports/outreach", Permission::signed_in, Lane::read,
            get_outreach_report)
          .about("Reports", "Figures of what was sent, by campaign, e-mail account or attempt")
          .answers(kForm)
          .shaped(kShapes)
          .asks(with_report_parameters(
              {{.name = "group", .required = true, .doc = "campaign, email_account or attempt"}})));
}

}  // namespace overture::api
