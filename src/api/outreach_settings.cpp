// When and how much a campaign sends: one set of settings for each campaign.
#include <boost/json/object.hpp>

#include "api/closed_lists.hpp"
#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/runs.hpp"

namespace overture::api {
namespace {

using base::Error;
using rest::Field;
using rest::Type;

constexpr std::int64_t kMaxDailyLimit = 100'000;
constexpr base::Millis kHalfHour = 30 * base::kMinute;

/// `HH:MM` from 00:00 to 24:00, so that texts compare as times do.
std::string normalise_time_of_day(std::string_view key, std::string text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  const bool shaped = text.size() == 5 && digit(0) && digit(1) && text[2] == ':' && digit(3) && digit(4);
  if (!shaped || text > "24:00" || text[3] > '5')
    throw Error::invalid(key, "must be a time of day such as 09:30");
  return text;
}

/// A campaign that has no row yet has the defaults of the table.
constexpr Field kFields[] = {
    {.path = "campaign.id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "campaign.name", .sql = "o.name"},
    {.path = "campaign.status", .sql = "o.status"},
    {.path = "daily_limit", .type = Type::integer, .sql = "COALESCE(s.daily_limit, 50)", .join = "s"},
    {.path = "schedule_time_from", .sql = "COALESCE(s.schedule_time_from, '09:00')", .join = "s"},
    {.path = "schedule_time_to", .sql = "COALESCE(s.schedule_time_to, '17:00')", .join = "s"},
    {.path = "is_active", .type = Type::boolean, .sql = "COALESCE(s.is_active, 1)", .join = "s"},
    {.path = "pause_outreach_until", .type = Type::time, .sql = "s.pause_outreach_until", .join = "s"},
    {.path = "schedule.monday", .type = Type::boolean, .sql = "COALESCE(s.monday, 1)", .join = "s"},
    {.path = "schedule.tuesday", .type = Type::boolean, .sql = "COALESCE(s.tuesday, 1)", .join = "s"},
    {.path = "schedule.wednesday", .type = Type::boolean, .sql = "COALESCE(s.wednesday, 1)", .join = "s"},
    {.path = "schedule.thursday", .type = Type::boolean, .sql = "COALESCE(s.thursday, 1)", .join = "s"},
    {.path = "schedule.friday", .type = Type::boolean, .sql = "COALESCE(s.friday, 1)", .join = "s"},
    {.path = "schedule.saturday", .type = Type::boolean, .sql = "COALESCE(s.saturday, 0)", .join = "s"},
    {.path = "schedule.sunday", .type = Type::boolean, .sql = "COALESCE(s.sunday, 0)", .join = "s"},
    {.path = "paused_why",
     .sql = "CASE WHEN w.paused_why <> '' THEN w.paused_why || '. Check the addresses, then save these "
            "settings to "
            "go on.' END",
     .join = "w",
     .nullable = true,
     .doc =
         "why too many bounces have paused the campaign, else null; saving the settings, also {}, resumes"},
};
constexpr rest::Join kJoins[] = {
    {"s", "LEFT JOIN outreach_settings s ON s.account_id = o.account_id AND s.campaign_id = o.id"},
    {"w", "LEFT JOIN campaign_sending w ON w.account_id = o.account_id AND w.campaign_id = o.id"}};
constexpr rest::Resource kSettings{
    .name = "OutreachSettings",
    .not_found = "Campaign not found",
    .from = "campaigns o",
    .table = "outreach_settings",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS,
    .collaborating = "o.id IN " OVERTURE_OWN_CAMPAIGNS,
};

constexpr rest::Input day(std::string_view key) { return {.key = key, .type = Type::boolean}; }
constexpr rest::Input kDays[] = {day("monday"), day("tuesday"),  day("wednesday"), day("thursday"),
                                 day("friday"), day("saturday"), day("sunday")};
constexpr rest::Inside kSchedule{.inputs = kDays};

constexpr rest::Input kInputs[] = {
    {.key = "daily_limit", .type = Type::integer, .doc = "mails a day, 0 to 100000"},
    {.key = "schedule_time_from",
     .normalise = normalise_time_of_day,
     .doc = "HH:MM in the project's time zone"},
    {.key = "schedule_time_to",
     .normalise = normalise_time_of_day,
     .doc = "HH:MM, later than schedule_time_from"},
    {.key = "is_active", .type = Type::boolean},
    {.key = "pause_outreach_until",
     .type = Type::time,
     .clearable = true,
     .doc = "at a full or half hour; null, or a time that has passed, resumes now"},
    {.key = "schedule",
     .type = Type::object,
     .inside = &kSchedule,
     .doc = "true or false for each day; days left out stay as they are"},
};

constexpr Shape kShapes[] = {{.path = "campaign.status", .allowed = kLifeStatuses}};

constexpr db::Literal kDayColumns[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

const rest::View& view() {
  static const rest::View made(kSettings, rest::kEveryView);
  return made;
}

std::string get_settings(Call& call) { return show(call, view(), call.id(0, kSettings.not_found)); }

/// The time to store: none when it has passed.
db::Value pause_of(const Call& call, const rest::Body& body) {
  if (!body.given("pause_outreach_until")) return db::Null{};
  const base::Millis until = body.integer("pause_outreach_until");
  if (until % kHalfHour != 0) throw Error::invalid("pause_outreach_until", "must be at a full or half hour");
  if (until <= call.now) return db::Null{};
  return until;
}

std::vector<rest::Assignment> assignments(const Call& call, const rest::Body& body) {
  std::vector<rest::Assignment> row;
  if (body.given("daily_limit")) {
    const std::int64_t limit = body.integer("daily_limit");
    if (limit < 0 || limit > kMaxDailyLimit)
      throw Error::invalid("daily_limit", "must be between 0 and 100000");
    row.push_back({"daily_limit", limit});
  }
  if (body.given("schedule_time_from"))
    row.push_back({"schedule_time_from", body.value("schedule_time_from")});
  if (body.given("schedule_time_to")) row.push_back({"schedule_time_to", body.value("schedule_time_to")});
  if (body.given("is_active")) row.push_back({"is_active", body.value("is_active")});
  if (body.has("pause_outreach_until")) row.push_back({"pause_outreach_until", pause_of(call, body)});
  if (body.given("schedule")) {
    const boost::json::value days = body.object("schedule");
    const rest::Body week(days, kDays, "schedule.");
    for (std::size_t i = 0; i < std::size(kDays); ++i) {
      if (week.given(kDays[i].key)) row.push_back({kDayColumns[i], week.value(kDays[i].key)});
    }
  }
  return row;
}

std::string update_settings(Call& call) {
  const std::int64_t id = call.id(0, kSettings.not_found);
  require(call, kSettings, id);
  const rest::Body body(call.body(), kInputs);
  const std::vector<rest::Assignment> row = assignments(call, body);
  const std::int64_t account = call.scope().account;
  call.db().execute(
      db::Sql("INSERT INTO outreach_settings (account_id, campaign_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
              account, id));
  for (const rest::Assignment& assignment : row) {
    db::Sql sql("UPDATE outreach_settings SET ");
    sql << assignment.column << " = ";
    sql.bind(assignment.value) << db::Sql(" WHERE account_id = ? AND campaign_id = ?", account, id);
    call.db().execute(sql);
  }
  const bool backwards =
      call.db().exists(db::Sql("SELECT 1 FROM outreach_settings WHERE account_id = ? AND campaign_id = ? AND "
                               "schedule_time_to <= schedule_time_from",
                               account, id));
  if (backwards) throw Error::invalid("schedule_time_to", "must be later than schedule_time_from");
  // Whoever saves the settings has seen why sending was paused.
  call.db().execute(db::Sql(
      "UPDATE campaign_sending SET paused_why = '' WHERE account_id = ? AND campaign_id = ?", account, id));
  intake::forget_spacing(call.db(), account, 0, id);
  intake::wake_campaign(call.db(), account, id, call.now);
  return show_written(call, view(), id);
}

}  // namespace

void add_outreach_settings_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view path = "/api/campaigns/{campaign}/outreach_settings";
  routes.push_back(Route(get, path, Permission::signed_in, Lane::read, get_settings)
                       .documented(15, "Campaigns", "Show when and how much a campaign sends")
                       .answers(view())
                       .shaped(kShapes));
  routes.push_back(Route(put, path, Permission::member, Lane::write, update_settings)
                       .documented(19, "Campaigns", "Change when and how much a campaign sends")
                       .answers(view())
                       .takes(kInputs));
}

}  // namespace overture::api
