// What was sent is summed by the database. A reply or an opt-out belongs to the last thing that was sent
// before it, in whatever part of the account that was.
#include "api/report_groups.hpp"

namespace overture::api {
namespace {

using db::Connection;
using db::Literal;
using db::Sql;

using Figures = std::map<std::int64_t, OutreachFigures>;

constexpr ReportColumns kColumns{"x.project_id", "x.campaign_id", "x.opportunity_id", "x.sent_at"};

/// What belongs to x in outreach_emails; forms are of no mailbox.
Literal key_of(ReportGroup group, bool is_form) {
  switch (group) {
    case ReportGroup::campaign:
      return "x.campaign_id";
    case ReportGroup::email_account:
      return is_form ? Literal("CAST(0 AS BIGINT)") : Literal("x.email_account_id");
    case ReportGroup::attempt:
      break;
  }
  return "x.attempt_number";
}

constexpr Literal kMailsThatLeft = "x.status IN ('sent', 'bounced')";
constexpr Literal kFormsThatLeft = "x.status = 'submitted'";

class Gathering {
 public:
  Gathering(Connection& connection, const ReportScope& scope, const base::TimeSpan& period, ReportGroup group)
      : connection_(connection), scope_(scope), period_(period), group_(group) {}

  void sent(Figures& figures) {
    Sql sql(
        "SELECT part, COUNT(*), COUNT(CASE WHEN attempt > 1 THEN 1 END), COUNT(CASE WHEN status = 'bounced' "
        "THEN 1 END), COUNT(DISTINCT opportunity) FROM (SELECT ");
    sql << key_of(group_, false)
        << " AS part, x.attempt_number AS attempt, x.status AS status, x.opportunity_id AS opportunity FROM "
           "outreach_emails x WHERE "
        << within() << " AND " << kMailsThatLeft << " UNION ALL SELECT " << key_of(group_, true)
        << ", x.attempt_number, x.status, x.opportunity_id FROM form_submissions x WHERE " << within()
        << " AND " << kFormsThatLeft << ") y GROUP BY part";
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) {
      OutreachFigures& group = figures[rows->integer(0)];
      group.sent = rows->integer(1);
      group.follow_ups = rows->integer(2);
      group.bounced = rows->integer(3);
      group.contacted = rows->integer(4);
    }
  }

  void replies(Figures& figures) {
    Credits credits;
    for (const bool is_form : {false, true}) {
      Sql sql = credited(is_form, "r.opportunity_id");
      sql << " FROM (SELECT i.opportunity_id, MIN(i.created_at) AS at FROM inbound_emails i WHERE ";
      sql << Sql("i.account_id = ? AND i.class = 'human' AND i.opportunity_id <> 0 AND ", scope_.account);
      append_in(sql, connection_.engine(), "i.project_id", scope_.projects);
      sql << Sql(" GROUP BY i.opportunity_id HAVING MIN(i.created_at) >= ?", period_.from);
      sql << ") r CROSS JOIN " << (is_form ? Literal("form_submissions x") : Literal("outreach_emails x"));
      sql << Sql(
          " WHERE x.account_id = ? AND x.opportunity_id = r.opportunity_id AND +x.sent_at <= r.at AND ",
          scope_.account);
      sql << (is_form ? kFormsThatLeft : kMailsThatLeft);
      collect(sql, credits);
    }
    for (const auto& [opportunity, credit] : credits) {
      if (credit.counts) ++figures[credit.key].responded;
    }
  }

  void opt_outs(Figures& figures) {
    Sql sql = credited(false, "k.id");
    sql << Sql(
        " FROM (SELECT entry, MIN(created_at) AS at FROM unsubscribes WHERE account_id = ? AND is_domain = 0 "
        "GROUP BY entry HAVING MIN(created_at) >= ?) u CROSS JOIN contacts k CROSS JOIN outreach_emails x "
        "WHERE k.account_id = ? AND k.email = u.entry AND x.account_id = ? AND x.contact_id = k.id AND "
        "x.sent_at <= u.at AND ",
        scope_.account, period_.from, scope_.account, scope_.account);
    sql << kMailsThatLeft;
    Credits credits;
    collect(sql, credits);
    for (const auto& [contact, credit] : credits) {
      if (credit.counts) ++figures[credit.key].unsubscribed;
    }
  }

 private:
  /// The last thing sent before something, and whether it is of the scope and the period.
  struct Credit {
    base::Millis at = 0;
    std::int64_t key = 0;
    bool counts = false;
  };
  using Credits = std::map<std::int64_t, Credit>;

  Sql within() const { return in_scope(connection_.engine(), scope_, period_, kColumns); }

  /// Whom it is about, and x as a Credit.
  Sql credited(bool is_form, Literal whom) const {
    Sql sql("SELECT ");
    sql << whom << ", x.sent_at, " << key_of(group_, is_form) << ", CASE WHEN " << within()
        << " THEN 1 ELSE 0 END";
    return sql;
  }

  void collect(const Sql& sql, Credits& credits) {
    db::RowsPtr rows = connection_.query(sql);
    while (rows->next()) {
      const Credit found{rows->integer(1), rows->integer(2), rows->integer(3) != 0};
      const auto [known, is_new] = credits.try_emplace(rows->integer(0), found);
      // Of two at the same moment the one with the higher key, so that it is always the same.
      if (!is_new && std::pair(found.at, found.key) > std::pair(known->second.at, known->second.key)) {
        known->second = found;
      }
    }
  }

  Connection& connection_;
  const ReportScope& scope_;
  const base::TimeSpan& period_;
  ReportGroup group_;
};

}  // namespace

Figures gather_outreach(Connection& connection, const ReportScope& scope, const base::TimeSpan& period,
                        ReportGroup group) {
  Figures figures;
  if (scope.projects.empty() || period.from >= period.to) return figures;
  Gathering gathering(connection, scope, period, group);
  gathering.sent(figures);
  gathering.replies(figures);
  gathering.opt_outs(figures);
  return figures;
}

}  // namespace overture::api
