// What was sent and what came of it, by campaign, by mailbox or by attempt.
#pragma once
#include <cstdint>
#include <map>

#include "api/report_scope.hpp"

namespace overture::api {

enum class ReportGroup { campaign, email_account, attempt };

/// Of one campaign, mailbox or attempt.
struct OutreachFigures {
  std::int64_t sent = 0;        ///< mails that were sent or have bounced, and submitted forms
  std::int64_t follow_ups = 0;  ///< of them, those of attempt 2 and later
  std::int64_t bounced = 0;     ///< of them, those that came back for good
  std::int64_t contacted = 0;   ///< opportunities that got one of them
  std::int64_t responded = 0;   ///< of these, those whose first reply came after one of them, and none later
  std::int64_t unsubscribed = 0;  ///< addresses that opted out after one of them, and none later
};

/// Everything that was sent in the period, and what came of it until today. The key is the id of the campaign
/// or mailbox (0: none, forms) or the number of the attempt.
std::map<std::int64_t, OutreachFigures> gather_outreach(db::Connection& connection, const ReportScope& scope,
                                                        const base::TimeSpan& period, ReportGroup group);

}  // namespace overture::api
