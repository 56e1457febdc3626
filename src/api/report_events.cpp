// One statement for each kind of event, along the indexes by project and time. Where only numbers matter they
// come summed by quarter of an hour: every time zone's day begins at one.
#include "api/report_events.hpp"

#include "intake/opportunity.hpp"

namespace overture::api {
namespace {

using db::Connection;
using db::Sql;
using rules::Report;

constexpr base::Millis kQuarter = 15 * base::kMinute;

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

  /// What came to a won or lost milestone, also to one that is deleted by now, and is won or lost still.
  void outcomes() {
    Sql sql(
        "SELECT x.changed_at, x.opportunity_id, c.kind FROM milestone_history x "
        "JOIN opportunities y ON y.account_id = x.account_id AND y.id = x.opportunity_id "
        "JOIN milestones c ON c.account_id = y.account_id AND c.id = "
        "y.milestone_id" OVERTURE_KIND_REACHED_JOIN("x") "WHERE ");
    sql << within({"x.project_id", "y.campaign_id", "x.opportunity_id", "x.changed_at"})
        << " AND c.kind IN ('won', 'lost') AND " OVERTURE_KIND_REACHED " = c.kind";
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) {
      report_.add_outcome(rows->integer(0), rows->integer(1),
                          rows->text(2) == "won" ? Report::Outcome::won : Report::Outcome::lost);
    }
  }

 private:
  Sql within(const ReportColumns& columns) const {
    return in_scope(connection_.engine(), scope_, period_, columns);
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

}  // namespace

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
