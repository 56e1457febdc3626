// A run of a campaign's sequence follows the stage of its opportunity. Everything runs inside the write of
// its cause. What the engine does with runs stands in outreach/.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "rules/stage.hpp"

namespace overture::intake {

/// A step of the state machine that an opportunity has just taken.
struct StageStep {
  std::int64_t opportunity = 0;
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  rules::StageEvent event = rules::StageEvent::launch;
  std::string_view from_workflow = {};
  std::string_view from_status = {};
  rules::Stage to;
  std::optional<std::int64_t> user = {};
  std::string_view reason = {};
};

/// Begins the run at a launch or restart, stops it for a pause or for missing data, ends it with the
/// outreach; mails that wait are cancelled with the end, also in the outbox. change_stage() calls it.
void follow_stage(db::Connection& connection, std::int64_t account, const StageStep& step, base::Millis now);

/// A run that was ended goes on as it stood (`state` and `why` of then): its next attempt, which may have
/// been cancelled, has its turn when it is due.
void revive_run(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                std::string_view state, std::string_view why);

/// The planner looks at the campaign at `at`, or earlier if it was going to.
void wake_campaign(db::Connection& connection, std::int64_t account, std::int64_t campaign, base::Millis at);
/// The same for every campaign of the project, and for every campaign of the account.
void wake_project(db::Connection& connection, std::int64_t account, std::int64_t project, base::Millis at);
void wake_account(db::Connection& connection, std::int64_t account, base::Millis at);

/// The mail accounts that send for the campaign, in place of those named before; none: all of its project.
/// Whichever of them sends is decided mail by mail: sites of one that is left out go on with another.
void set_rotation(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                  std::span<const std::int64_t> email_accounts, base::Millis now);

/// Limits or the window of a campaign (0: of every campaign of the project) are other ones now: how far its
/// next mail keeps from its last is decided anew.
void forget_spacing(db::Connection& connection, std::int64_t account, std::int64_t project,
                    std::int64_t campaign);

/// What outreach_runs.why says of a run that waits for the end of an absence.
inline constexpr std::string_view kOutOfOffice = "out of office";

/// The sequence of a campaign is another one now: `before` and `after` are the delays of its attempts in
/// days. Follow-ups that wait for their time move with it, but those that wait for the end of an absence;
/// runs whose next attempt is gone have their turn at once; those whose last mail was sent go on with what is
/// new.
void follow_sequence(db::Connection& connection, std::int64_t account, std::int64_t campaign,
                     std::span<const std::int64_t> before, std::span<const std::int64_t> after,
                     base::Millis now);

}  // namespace overture::intake
