// What would be wrong with the first mails of opportunities, looked at before they are launched.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/install.hpp"

namespace overture::outreach {

/// Opportunities that one report looks at.
inline constexpr std::size_t kPrelaunchMost = 1000;

/// The order is that of prelaunch_problem_names().
enum class PrelaunchProblem {
  no_sequence,        ///< the campaign has no mails
  no_mailbox,         ///< no connected mailbox in the rotation of the project
  already_launched,   ///< or its outreach is over
  no_contact,         ///< nobody to write to
  suppressed,         ///< every contact is on the do-not-email list
  bounced,            ///< every contact has bounced
  blocklisted,        ///< its site is on the blocklist
  already_contacted,  ///< another campaign of the project has written to the contact lately
  duplicate,          ///< another opportunity of the project writes to the same contact, or would before it
  empty_fields,       ///< tokens without value: it would not be sent
  leftovers,          ///< placeholders that somebody forgot: a hint
  role_address,       ///< only addresses of functions, such as info@: a hint
};
std::span<const std::string_view> prelaunch_problem_names();

struct PrelaunchReport {
  std::int64_t total = 0;    ///< opportunities that were asked for
  std::int64_t checked = 0;  ///< of them, at most kPrelaunchMost
  std::int64_t ready = 0;    ///< checked and without any problem but hints
  /// Which opportunities have a problem, in the order of their ids.
  std::map<PrelaunchProblem, std::vector<std::int64_t>> problems;
  std::map<std::string, std::int64_t> empty_tokens;  ///< token → opportunities that have no value for it
  std::map<std::string, std::int64_t> leftovers;     ///< excerpt → opportunities in whose mail it stands
};

/// `opportunities` belong to the campaign; ascending, at most kPrelaunchMost. Changes nothing.
PrelaunchReport make_prelaunch_report(db::Connection& connection, const Install& install,
                                      std::int64_t account, std::int64_t campaign,
                                      std::span<const std::int64_t> opportunities, base::Millis now);

}  // namespace overture::outreach
