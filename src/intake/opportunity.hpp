// Changes to one opportunity and the books they touch. Everything runs inside the write of its cause.
#pragma once
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/opportunity_row.hpp"
#include "intake/stage.hpp"

namespace overture::intake {

/// Something that is shown of the opportunity has changed: its version rises, updated_at is `now`.
void touch_opportunity(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                       base::Millis now);
/// The same for all opportunities that show this contact.
void touch_opportunities_of_contact(db::Connection& connection, std::int64_t account, std::int64_t contact,
                                    base::Millis now);

/// Moves an opportunity to a milestone (0: none), writes history and completes the tasks that wait for it;
/// `user` is empty for automation.
/// Nothing happens, and false is returned, when it stands there already, or when there is no such milestone
/// (any more). One that is won or lost stops the outreach.
bool set_milestone(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                   std::int64_t milestone, std::optional<std::int64_t> user, base::Millis now);
/// To move to: until the write ends it stays as it is found (hold_milestones()), since it is counted by its
/// kind. Comes after the lock of an opportunity.
Milestone find_milestone(db::Connection& connection, std::int64_t account, std::int64_t id);
/// The same for an opportunity that is changed in other ways too; the caller writes the row. `to` was read
/// under hold_milestones(). `note`: of the outreach that stops.
bool move_to_milestone(OpportunityRow& row, Milestone to, std::optional<std::int64_t> user, base::Millis now,
                       StageNote note = StageNote::written);
/// Whether it stands where a person has put it. One without a milestone does not.
bool milestone_is_by_person(const OpportunityRow& row);

/// What makes the win rate of a project: opportunities whose milestone ever changed, and those ever marked
/// won: that came to a milestone that is won today, or was when it was deleted. So a change of its kind
/// counts for what came to it before as well (see recount_milestones()), and a deletion takes nothing away.
inline constexpr std::string_view kChangedCounter = "milestone_changed:";  ///< and the project's id
inline constexpr std::string_view kWonCounter = "milestone_won:";

/// SQL: that kind, of the milestone that a line of milestone_history (called HISTORY) led to; null for none.
/// KIND_REACHED needs its JOIN behind the history.
#define OVERTURE_KIND_REACHED "COALESCE(reached.kind, was_reached.kind)"
#define OVERTURE_KIND_REACHED_JOIN(HISTORY)                                                                \
  " LEFT JOIN milestones reached ON reached.account_id = " HISTORY ".account_id AND reached.id = " HISTORY \
  ".new_id LEFT JOIN deleted_milestones was_reached ON was_reached.account_id = " HISTORY                  \
  ".account_id AND was_reached.id = " HISTORY ".new_id "

}  // namespace overture::intake
