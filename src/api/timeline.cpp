// Everything that happened to one opportunity, oldest first: notes, milestones, mails, forms, links.
#include <array>

#include "api/communication_refs.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/time.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

/// One table of the timeline. `select` has the columns id, at, user_id and what `keys` name (texts), `n`
/// last.
struct Source {
  std::string_view type;
  std::string_view form;  ///< of its items, among the schemas
  db::Literal select;     ///< up to and with FROM; account and opportunity follow
  std::array<std::string_view, 4> keys;
  bool numbered = false;       ///< column n is the attempt_number
  std::string_view flag = {};  ///< column n is this boolean
};

constexpr Source kSources[] = {
    {"note",
     "TimelineNote",
     "SELECT 0 AS source, id, created_at AS at, user_id, content AS a, '' AS b, '' AS c, '' AS d, "
     "is_system AS n FROM notes",
     {"content"},
     false,
     "is_system"},
    {"milestone",
     "TimelineMilestone",
     "SELECT 1 AS source, id, changed_at AS at, user_id, previous_name AS a, new_name AS b, '' AS c, "
     "'' AS d, 0 AS n FROM milestone_history",
     {"milestone_previous", "milestone_new"}},
    {"outreach_email",
     "TimelineOutreachEmail",
     "SELECT 2 AS source, id, COALESCE(sent_at, created_at) AS at, user_id, subject AS a, "
     "status AS b, from_name AS c, to_email AS d, attempt_number AS n FROM outreach_emails",
     {"subject", "status", "from_name", "to_email"},
     true},
    {"form_submission",
     "TimelineFormSubmission",
     "SELECT 3 AS source, id, COALESCE(sent_at, created_at) AS at, user_id, subject AS a, "
     "status AS b, '' AS c, '' AS d, attempt_number AS n FROM form_submissions",
     {"subject", "status"},
     true},
    {"inbound_email",
     "TimelineInboundEmail",
     "SELECT 4 AS source, id, created_at AS at, 0 AS user_id, subject AS a, status AS b, "
     "from_email AS c, to_email AS d, 0 AS n FROM inbound_emails",
     {"subject", "status", "from_email", "to_email"}},
    {"sent_reply",
     "TimelineSentReply",
     "SELECT 5 AS source, id, COALESCE(sent_at, schedule_for, created_at) AS at, user_id, "
     "subject AS a, " OVERTURE_REPLY_STATUS(
         "sent_replies") " AS b, from_email AS c, to_email AS d, 0 AS n FROM sent_replies",
     {"subject", "status", "from_email", "to_email"}},
    {"link",
     "TimelineLink",
     "SELECT 6 AS source, id, created_at AS at, 0 AS user_id, url AS a, '' AS b, '' AS c, '' AS d, 0 AS n "
     "FROM opportunity_links",
     {"url"}},
};

db::Sql everything(std::int64_t account, std::int64_t opportunity) {
  db::Sql sql;
  for (const Source& source : kSources) {
    if (!sql.empty()) sql << " UNION ALL ";
    sql << source.select << db::Sql(" WHERE account_id = ? AND opportunity_id = ?", account, opportunity);
  }
  return sql;
}

/// Columns: source, id, at, user_id, a, b, c, d, n, and of the user first_name, last_name, email.
void write_item(std::string& out, const db::Rows& row) {
  const Source& source = kSources[static_cast<std::size_t>(row.integer(0))];
  out += "{\"type\":";
  rest::write_string(out, source.type);
  out += ",\"at\":\"";
  base::append_rfc3339(out, row.integer(2));
  out += "\",\"id\":";
  rest::write_integer(out, row.integer(1));
  out += ",\"user\":";
  if (row.is_null(11)) {
    out += "null";
  } else {
    out += "{\"id\":";
    rest::write_integer(out, row.integer(3));
    std::string name = std::string(row.text(9)) + " " + std::string(row.text(10));
    out += ",\"display_name\":";
    rest::write_string(out, name);
    out += ",\"email\":";
    rest::write_string(out, row.text(11));
    out += '}';
  }
  for (std::size_t i = 0; i < source.keys.size() && !source.keys[i].empty(); ++i) {
    out += ",\"";
    out += source.keys[i];
    out += "\":";
    int column = 4 + static_cast<int>(i);
    if (row.is_null(column)) {
      out += "null";
    } else {
      rest::write_string(out, row.text(column));
    }
  }
  if (source.numbered) {
    out += ",\"attempt_number\":";
    rest::write_integer(out, row.integer(8));
  }
  if (!source.flag.empty()) {
    out += ",\"";
    out += source.flag;
    out += "\":";
    rest::write_boolean(out, row.integer(8) != 0);
  }
  out += '}';
}

/// What write_item writes for a source.
std::vector<rest::Field> fields_of(const Source& source) {
  using rest::Type;
  std::vector<rest::Field> fields = {
      {.path = "type"},
      {.path = "at", .type = Type::time, .fixed = true},
      {.path = "id", .type = Type::integer, .doc = "of what happened, among those of its type"},
      {.path = "user.id", .type = Type::integer, .nullable_object = true},
      {.path = "user.display_name"},
      {.path = "user.email"}};
  for (std::string_view key : source.keys) {
    if (!key.empty()) fields.push_back({.path = key, .nullable = true});
  }
  if (source.numbered) fields.push_back({.path = "attempt_number", .type = Type::integer});
  if (!source.flag.empty()) fields.push_back({.path = source.flag, .type = Type::boolean});
  return fields;
}

std::vector<Form> forms() {
  static const std::vector<std::vector<rest::Field>> fields = [] {
    std::vector<std::vector<rest::Field>> all;
    for (const Source& source : kSources) all.push_back(fields_of(source));
    return all;
  }();
  std::vector<Form> made;
  for (std::size_t i = 0; i < fields.size(); ++i) made.push_back({kSources[i].form, fields[i]});
  return made;
}

std::vector<Shape> shapes() {
  static const std::vector<std::string_view> types = [] {
    std::vector<std::string_view> names;
    for (const Source& source : kSources) names.push_back(source.type);
    return names;
  }();
  return {{.path = "type", .allowed = types}};
}

std::string list_timeline(Call& call) {
  std::int64_t opportunity = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, opportunity);
  std::int64_t account = call.scope().account;
  rest::Page page = rest::parse_page(call.query);
  db::Sql counting("SELECT count(*) FROM (");
  counting << everything(account, opportunity) << ") t";
  std::int64_t count = call.db().integer(counting);
  std::string out = "{\"items\":[";
  call.items = 0;
  if (page.page - 1 < (count + page.limit - 1) / page.limit) {
    db::Sql sql(
        "SELECT t.source, t.id, t.at, t.user_id, t.a, t.b, t.c, t.d, t.n, u.first_name, u.last_name, u.email "
        "FROM (");
    sql << everything(account, opportunity)
        << db::Sql(
               ") t LEFT JOIN users u ON u.account_id = ? AND u.id = t.user_id "
               "ORDER BY t.at, t.source, t.id LIMIT ? OFFSET ?",
               account, page.limit, (page.page - 1) * page.limit);
    db::RowsPtr rows = call.db().query(sql);
    for (; rows->next(); ++call.items) {
      if (call.items > 0) out += ',';
      write_item(out, *rows);
    }
  }
  rest::close_envelope(out, count, page, {});
  return out;
}

}  // namespace

void add_timeline_routes(Routes& routes) {
  routes.push_back(Route(http::Method::get, "/api/opportunities/{opportunity}/timeline",
                         Permission::signed_in, Lane::read, list_timeline)
                       .about("Opportunities", "What happened to an opportunity, oldest first")
                       .lists(forms())
                       .shaped(shapes()));
}

}  // namespace overture::api
