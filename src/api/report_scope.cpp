// Projects, campaigns, tags and days of the query, as far as the caller sees them.
#include "api/report_scope.hpp"

#include <algorithm>
#include <limits>

#include "api/refs.hpp"
#include "base/error.hpp"
#include "rest/parameters.hpp"
#include "rules/reports.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::Millis;
using db::Connection;
using db::Sql;

constexpr Millis kEver = std::numeric_limits<Millis>::min();
constexpr Millis kForEver = std::numeric_limits<Millis>::max();

/// What is asked for; an empty list asks for all.
struct ReportFilter {
  std::vector<std::int64_t> projects;
  std::vector<std::int64_t> campaigns;
  std::vector<std::int64_t> opportunity_tags;  ///< opportunities with at least one of them
  std::vector<std::int64_t> campaign_tags;     ///< campaigns with at least one of them
};

std::vector<std::int64_t> ids(const Call& call, std::string_view name) {
  std::vector<std::int64_t> found;
  for (const std::string& text : call.query.list(name)) {
    std::optional<std::int64_t> number = rest::parse_integer(text);
    if (!number) throw Error::invalid(name, "must be a number");
    found.push_back(*number);
  }
  return found;
}

/// A date is a day of the report's own calendar; a date with a time is what it says (without a zone: UTC).
std::optional<base::TimeSpan> date(const Call& call, std::string_view name, const std::string& zone) {
  const std::string* text = call.query.find(name);
  if (text == nullptr) return std::nullopt;
  if (std::optional<Millis> from = rules::start_of_day(zone, *text)) {
    return base::TimeSpan{*from, *rules::start_of_day(zone, *text, 1)};
  }
  std::optional<base::TimeSpan> span = base::parse_time(*text);
  if (!span) throw Error::invalid(name, "must be a date such as 2025-02-24");
  return span;
}

/// Fills in the projects; the zone, if it is one project.
void find_projects(Connection& connection, const rest::Scope& caller, const ReportFilter& filter,
                   ReportScope& scope) {
  Sql sql("SELECT o.id, o.timezone FROM projects o WHERE o.account_id = ?", caller.account);
  if (caller.restricted) {
    sql << " AND " << Sql("o.id IN " OVERTURE_GRANTED_PROJECTS, caller.account, caller.user);
  }
  if (filter.projects.empty()) {
    sql << " AND o.status <> 'deleted'";
  } else {
    sql << " AND ";
    append_in(sql, connection.engine(), "o.id", filter.projects);
  }
  if (!filter.campaigns.empty()) {
    sql << " AND o.id IN (SELECT c.project_id FROM campaigns c WHERE c.account_id = o.account_id AND ";
    append_in(sql, connection.engine(), "c.id", filter.campaigns);
    sql << ")";
  }
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) {
    scope.projects.push_back(rows->integer(0));
    scope.timezone = rows->text(1);
  }
}

/// The campaigns asked for, in the projects.
std::vector<std::int64_t> find_campaigns(Connection& connection, const ReportFilter& filter,
                                         const ReportScope& scope) {
  Sql sql("SELECT c.id FROM campaigns c WHERE c.account_id = ? AND ", scope.account);
  append_in(sql, connection.engine(), "c.project_id", scope.projects);
  if (!filter.campaigns.empty()) {
    sql << " AND ";
    append_in(sql, connection.engine(), "c.id", filter.campaigns);
  }
  if (!filter.campaign_tags.empty()) {
    sql << " AND EXISTS (SELECT 1 FROM campaign_tags t WHERE t.account_id = c.account_id AND t.campaign_id = "
           "c.id AND ";
    append_in(sql, connection.engine(), "t.tag_id", filter.campaign_tags);
    sql << ")";
  }
  std::vector<std::int64_t> found;
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) found.push_back(rows->integer(0));
  return found;
}

/// Stage roles count what they collaborate in.
void keep_own_campaigns(Connection& connection, const rest::Scope& caller, ReportScope& scope) {
  std::vector<std::int64_t> own;
  db::RowsPtr rows =
      connection.query(Sql("SELECT campaign_id FROM campaign_collaborators WHERE account_id = ? AND user_id "
                           "= ? ORDER BY campaign_id",
                           caller.account, caller.user));
  while (rows->next()) {
    const std::int64_t campaign = rows->integer(0);
    const bool is_asked_for = !scope.campaigns || std::find(scope.campaigns->begin(), scope.campaigns->end(),
                                                            campaign) != scope.campaigns->end();
    if (is_asked_for) own.push_back(campaign);
  }
  scope.campaigns = std::move(own);
}

}  // namespace

ReportScope find_report_scope(Call& call) {
  Connection& connection = call.db();
  const rest::Scope& caller = call.scope();
  const ReportFilter filter{.projects = ids(call, "project_id"),
                            .campaigns = ids(call, "campaign_id"),
                            .opportunity_tags = ids(call, "tag_opp_ids"),
                            .campaign_tags = ids(call, "tag_campaign_ids")};
  ReportScope scope;
  scope.account = caller.account;
  scope.opportunity_tags = filter.opportunity_tags;
  find_projects(connection, caller, filter, scope);
  if (scope.projects.size() != 1) {
    scope.timezone = connection.text(Sql("SELECT timezone FROM accounts WHERE id = ?", caller.account));
  }
  if (!filter.campaigns.empty() || !filter.campaign_tags.empty()) {
    scope.campaigns = find_campaigns(connection, filter, scope);
  }
  if (caller.by_campaign) keep_own_campaigns(connection, caller, scope);
  Sql first("SELECT MIN(c.created_at) FROM campaigns c WHERE c.account_id = ? AND ", caller.account);
  append_in(first, connection.engine(), "c.project_id", scope.projects);
  if (scope.campaigns) {
    first << " AND ";
    append_in(first, connection.engine(), "c.id", *scope.campaigns);
  }
  if (std::int64_t at = connection.integer(first); at != 0) scope.first_campaign = at;
  return scope;
}

base::TimeSpan ReportDays::period() const { return {start ? start->from : kEver, end ? end->to : kForEver}; }

ReportDays find_report_days(const Call& call, const ReportScope& scope) {
  return {date(call, "start_date", scope.timezone), date(call, "end_date", scope.timezone)};
}

std::vector<QueryParameter> with_report_parameters(std::vector<QueryParameter> own) {
  own.insert(
      own.end(),
      {{.name = "start_date", .doc = "the first day; all time without it"},
       {.name = "end_date", .doc = "the last day, included; today without it"},
       {.name = "project_id", .type = rest::Type::integer},
       {.name = "campaign_id", .type = rest::Type::integer},
       {.name = "tag_opp_ids", .type = rest::Type::integers, .doc = "opportunities with one of these tags"},
       {.name = "tag_campaign_ids",
        .type = rest::Type::integers,
        .doc = "campaigns with one of these tags"}});
  return own;
}

Sql in_scope(db::Engine engine, const ReportScope& scope, const base::TimeSpan& period,
             const ReportColumns& columns) {
  Sql sql("x.account_id = ?", scope.account);
  sql << " AND ";
  append_in(sql, engine, columns.project, scope.projects);
  if (scope.campaigns) {
    sql << " AND ";
    append_in(sql, engine, columns.campaign, *scope.campaigns);
  }
  if (!scope.opportunity_tags.empty() && !columns.opportunity.empty()) {
    sql << " AND EXISTS (SELECT 1 FROM opportunity_tags t WHERE t.account_id = x.account_id AND "
           "t.opportunity_id = "
        << columns.opportunity << " AND ";
    append_in(sql, engine, "t.tag_id", scope.opportunity_tags);
    sql << ")";
  }
  sql << " AND " << columns.at << " >= ";
  sql.bind(period.from) << " AND " << columns.at << " < ";
  return sql.bind(period.to);
}

}  // namespace overture::api
