// The events that reports count, as the database has them.
#pragma once
#include "api/report_scope.hpp"
#include "rules/reports.hpp"

namespace overture::api {

/// Adds the scope's events of the period. Tags of opportunities do not narrow the number of campaigns.
void gather_report(db::Connection& connection, const ReportScope& scope, const base::TimeSpan& period,
                   bool with_moves, rules::Report& report);

}  // namespace overture::api
