// What an opportunity needs before it is written to, and its launch. Everything runs inside the write of its
// cause.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::intake {

struct Readiness {
  bool blocklisted = false;  ///< its site is on the blocklist of account or project
  bool opted_out = false;    ///< it has contacts, and none of them may be written to
  bool bounced = false;      ///< of those who may be, none can be: every address has bounced
  bool has_contact = true;
  std::vector<std::string> missing;  ///< `contact` and the labels of required fields without a value
  bool complete() const { return !blocklisted && !opted_out && !bounced && missing.empty(); }
  /// Of what is missing, the fields.
  std::span<const std::string> fields() const { return std::span(missing).subspan(has_contact ? 0 : 1); }
};
/// The opportunity must exist.
Readiness load_readiness(db::Connection& connection, std::int64_t account, std::int64_t opportunity);

/// The tokens that an opportunity's first mail would have no value for; the engine that writes mails knows
/// them.
using MissingInMail = std::function<std::vector<std::string>(std::int64_t opportunity)>;
/// The same with these, where nothing else is missing.
Readiness load_readiness(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                         const MissingInMail& missing_in_mail);
/// What is told of them: `missing: contact, Price`.
std::string missing_reason(const std::vector<std::string>& missing);

/// What about the place of an opportunity keeps it from being launched.
enum class LaunchObstacle {
  none,
  gone,              ///< there is no such opportunity
  under_way,         ///< in outreach or review, over, rejected or removed
  not_approved,      ///< somebody has to approve it first
  finding_contacts,  ///< its contacts are being looked for
  inactive,          ///< its campaign or project is archived or deleted
};
struct LaunchPlace {
  LaunchObstacle obstacle = LaunchObstacle::none;
  std::string_view reason;  ///< in a person's words; empty for none
};
/// What launch() asks before the readiness.
LaunchPlace find_launch_place(db::Connection& connection, std::int64_t account, std::int64_t opportunity);

enum class LaunchStatus { queued, review, missing_data, skipped, error };
std::string_view launch_status_name(LaunchStatus status);

struct LaunchResult {
  LaunchStatus status = LaunchStatus::error;
  std::string reason;  ///< empty when it was launched
};

/// Sends an opportunity into outreach, or to the review of its first mail. What lacks something becomes
/// personalize/missing_data; what is under way, over, refused, blocklisted or opted out is skipped unchanged.
LaunchResult launch(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                    std::optional<std::int64_t> user, base::Millis now, const MissingInMail& missing_in_mail);

/// A contact or a value has come in, or it has entered personalization: from pending or missing_data it
/// becomes ready when nothing is missing any more, and the automations for that are run; missing_data also
/// waits for what its first mail lacks, and says what is left. From completed/bounced a usable contact brings
/// it back to personalization.
void settle_readiness(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                      base::Millis now, const MissingInMail& missing_in_mail);

}  // namespace overture::intake
