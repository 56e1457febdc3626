// What would keep opportunities from being launched or mailed, looked at before they are.
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
  no_mailbox,         ///< none of those that send for the campaign is active
  rotation_gone,      ///< the mailboxes that the campaign names have left its project, or were deleted
  inactive,           ///< its campaign or project is archived or deleted
  already_launched,   ///< or its outreach is over
  not_approved,       ///< somebody has to approve it first
  finding_contacts,   ///< its contacts are being looked for
  no_contact,         ///< nobody to write to
  suppressed,         ///< every contact is on the do-not-email list
  bounced,            ///< every contact has bounced
  blocklisted,        ///< its site is on the blocklist
  already_contacted,  ///< the project has written to the contact for another site lately
  duplicate,          ///< another opportunity of the project writes to the same contact, or would before it
  required_fields,    ///< fields that a launch asks for have no value
  empty_fields,       ///< tokens without value in any of its mails: that one would not be sent
  leftovers,          ///< placeholders that somebody forgot: a hint
  role_address,       ///< only addresses of functions, such as info@: a hint
  no_public_url,      ///< its mails have no opt-out link, they ask for an answer by mail: a hint
};
std::span<const std::string_view> prelaunch_problem_names();

struct PrelaunchReport {
  std::int64_t total = 0;    ///< opportunities that were asked for
  std::int64_t checked = 0;  ///< of them, at most kPrelaunchMost
  std::int64_t ready = 0;    ///< checked and without any problem but hints: a launch would take it
  /// Which opportunities have a problem, in the order of their ids.
  std::map<PrelaunchProblem, std::vector<std::int64_t>> problems;
  std::map<std::string, std::int64_t> required_fields;  ///< label → opportunities that have no value for it
  std::map<std::string, std::int64_t> empty_tokens;     ///< token → opportunities that have no value for it
  std::map<std::string, std::int64_t> leftovers;  ///< excerpt → opportunities in whose mails it stands
};

/// `opportunities` belong to the campaign; ascending, at most kPrelaunchMost. Changes nothing.
PrelaunchReport make_prelaunch_report(db::Connection& connection, const Install& install,
                                      std::int64_t account, std::int64_t campaign,
                                      std::span<const std::int64_t> opportunities, base::Millis now);

}  // namespace overture::outreach
