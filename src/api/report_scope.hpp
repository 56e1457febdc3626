// Which part of an account a report speaks of, and of which time.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "api/call.hpp"
#include "api/route.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"

namespace overture::api {

/// The part of an account that a report speaks of.
struct ReportScope {
  std::int64_t account = 0;
  std::vector<std::int64_t> projects;                  ///< may be empty: there is nothing to count then
  std::optional<std::vector<std::int64_t>> campaigns;  ///< absent: all of the projects
  std::vector<std::int64_t> opportunity_tags;
  std::string timezone;                        ///< of the project if it is one, else of the account
  std::optional<base::Millis> first_campaign;  ///< when the first one was created
};

/// What the caller may see of what the query asks for. Deleted projects count only when asked for by id; what
/// cannot be seen counts as not there. Throws Error::invalid.
ReportScope find_report_scope(Call& call);

/// The first and the last day that the query asks for, in the calendar of the scope; absent where it does
/// not.
struct ReportDays {
  std::optional<base::TimeSpan> start;
  std::optional<base::TimeSpan> end;
  /// All that is meant, without bounds where none were given; `from` may be behind `to`.
  base::TimeSpan period() const;
};
/// Throws Error::invalid.
ReportDays find_report_days(const Call& call, const ReportScope& scope);

/// The parameters that the two read, behind those of the operation itself.
std::vector<QueryParameter> with_report_parameters(std::vector<QueryParameter> own);

/// The columns of a kind of event, which has the alias x.
struct ReportColumns {
  db::Literal project;
  db::Literal campaign;
  db::Literal opportunity;  ///< empty for campaigns themselves
  db::Literal at;
};
/// The scope and the period as a condition.
db::Sql in_scope(db::Engine engine, const ReportScope& scope, const base::TimeSpan& period,
                 const ReportColumns& columns);

}  // namespace overture::api
