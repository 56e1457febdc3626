// One statement for each kind of event, along the indexes by project and time. Where only numbers matter they
// come summed by quarter of an hour: every time zone's day begins at one.
#include "api/report_events.hpp"

#include <algorithm>

#include "api/refs.hpp"

namespace overture::api {
namespace {

using db::Connection;
using db::Literal;
using db::Sql;
using rules::Report;

constexpr base::Millis kQuarter = 15 * base::kMinute;

/// The columns of a kind of event, which has the alias x.
struct Event {
  Literal project;
  Literal campaign;
  Literal opportunity;  ///< empty for campaigns themselves
  Literal at;
};

class Gathering {
 public:
  Gathering(Connection& connection, const ReportScope& scope, const base::TimeSpan& period, Report& report)
      : connection_(connection), scope_(scope), period_(period), report_(report) {}

  void campaigns() {
    Sql sql("SELECT x.created_at FROM campaigns x WHERE ");
    sql << within({"x.project_id", "x.id", {}, "x.created_at"}) << " AND x.status <> 'deleted'";
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) report_.add_campaigns(rows->integer(0), 1);
  }

  void moves() {
    Sql sql("SELECT x.at / 900000, x.from_workflow, x.to_workflow, COUNT(*) FROM stage_events x WHERE ");
    sql << within({"x.project_id", "x.campaign_id", "x.opportunity_id", "x.at"}) << " GROUP BY 1, 2, 3";
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) {
      report_.add_moves(rows->integer(0) * kQuarter, rows->text(1), rows->text(2), rows->integer(3));
    }
  }

  void mails() {
    Sql sql("SELECT x.sent_at / 900000, x.attempt_number, x.status, COUNT(*) FROM outreach_emails x WHERE ");
    sql << within({"x.project_id", "x.campaign_id", "x.opportunity_id", "x.sent_at"})
        << " AND x.status IN ('sent', 'bounced') GROUP BY 1, 2, 3";
    add_sent(sql);
  }

  void forms() {
    Sql sql("SELECT x.sent_at / 900000, x.attempt_number, x.status, COUNT(*) FROM form_submissions x WHERE ");
    sql << within({"x.project_id", "x.campaign_id", "x.opportunity_id", "x.sent_at"})
        << " AND x.status = 'submitted' GROUP BY 1, 2, 3";
    add_sent(sql);
  }

  void replies() {
    Sql sql("SELECT x.created_at, x.opportunity_id, x.attempt_number FROM inbound_emails x WHERE ");
    sql << within({"x.project_id", "x.campaign_id", "x.opportunity_id", "x.created_at"})
        << " AND x.class = 'human' AND x.opportunity_id <> 0";
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) report_.add_reply(rows->integer(0), rows->integer(1), rows->integer(2));
  }

  void outcomes() {
    Sql sql(
        "SELECT x.changed_at, x.opportunity_id, n.kind FROM milestone_history x "
        "JOIN milestones n ON n.account_id = x.account_id AND n.id = x.new_id "
        "JOIN opportunities y ON y.account_id = x.account_id AND y.id = x.opportunity_id "
        "JOIN milestones c ON c.account_id = y.account_id AND c.id = y.milestone_id WHERE ");
    sql << within({"x.project_id", "y.campaign_id", "x.opportunity_id", "x.changed_at"})
        << " AND n.kind IN ('won', 'lost') AND c.kind = n.kind";
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) {
      report_.add_outcome(rows->integer(0), rows->integer(1),
                          rows->text(2) == "won" ? Report::Outcome::won : Report::Outcome::lost);
    }
  }

 private:
  /// The scope and the period as a condition on x.
  Sql within(const Event& event) const {
    Sql sql("x.account_id = ?", scope_.account);
    sql << " AND ";
    append_in(sql, connection_.engine(), event.project, scope_.projects);
    if (scope_.campaigns) {
      sql << " AND ";
      append_in(sql, connection_.engine(), event.campaign, *scope_.campaigns);
    }
    if (!scope_.opportunity_tags.empty() && !event.opportunity.empty()) {
      sql << " AND EXISTS (SELECT 1 FROM opportunity_tags t WHERE t.account_id = x.account_id AND "
             "t.opportunity_id = "
          << event.opportunity << " AND ";
      append_in(sql, connection_.engine(), "t.tag_id", scope_.opportunity_tags);
      sql << ")";
    }
    sql << " AND " << event.at << " >= ";
    sql.bind(period_.from) << " AND " << event.at << " < ";
    return sql.bind(period_.to);
  }

  void add_sent(const Sql& sql) {
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) {
      report_.add_sent(rows->integer(0) * kQuarter, rows->integer(1), rows->text(2) == "bounced",
                       rows->integer(3));
    }
  }

  Connection& connection_;
  const ReportScope& scope_;
  const base::TimeSpan& period_;
  Report& report_;
};

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

ReportScope find_report_scope(Connection& connection, const rest::Scope& caller, const ReportFilter& filter) {
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

void gather_report(Connection& connection, const ReportScope& scope, const base::TimeSpan& period,
                   bool with_moves, Report& report) {
  Gathering gathering(connection, scope, period, report);
  gathering.campaigns();
  gathering.mails();
  gathering.forms();
  gathering.replies();
  gathering.outcomes();
  if (with_moves) gathering.moves();
}

}  // namespace overture::api
