// The events that reports count, as the database has them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "db/connection.hpp"
#include "rest/resource.hpp"
#include "rules/reports.hpp"

namespace overture::api {

/// What is asked for; an empty list asks for all.
struct ReportFilter {
  std::vector<std::int64_t> projects;
  std::vector<std::int64_t> campaigns;
  std::vector<std::int64_t> opportunity_tags;  ///< opportunities with at least one of them
  std::vector<std::int64_t> campaign_tags;     ///< campaigns with at least one of them
};

/// The part of an account that a report speaks of.
struct ReportScope {
  std::int64_t account = 0;
  std::vector<std::int64_t> projects;                  ///< may be empty: there is nothing to count then
  std::optional<std::vector<std::int64_t>> campaigns;  ///< absent: all of the projects
  std::vector<std::int64_t> opportunity_tags;
  std::string timezone;                        ///< of the project if it is one, else of the account
  std::optional<base::Millis> first_campaign;  ///< when the first one was created
};

/// What the caller may see of what is asked for. Deleted projects count only when asked for by id; what
/// cannot be seen counts as not there.
ReportScope find_report_scope(db::Connection& connection, const rest::Scope& caller,
                              const ReportFilter& filter);

/// Adds the scope's events of the period. Tags of opportunities do not narrow the number of campaigns.
void gather_report(db::Connection& connection, const ReportScope& scope, const base::TimeSpan& period,
                   bool with_moves, rules::Report& report);

}  // namespace overture::api
