// An opportunity takes a step of the state machine in the database. Everything runs inside the write of its
// cause.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/opportunity_row.hpp"
#include "rules/stage.hpp"

namespace overture::intake {

/// Where it stood, where it stands now. Texts are of the program: they live for ever.
struct StageChange {
  std::string from_workflow;
  std::string from_status;
  rules::Stage to;
};

/// Who writes the system note of a step.
enum class StageNote {
  written,        ///< the step does
  left_to_caller  ///< a note of the caller's says what was done
};

/// Takes the step, with the counts, the event for reports, a system note for what people want to read later,
/// and `reason` (why, in a person's words; may be empty) as stage_reason. Mails that waited for an outreach
/// that is over are cancelled. `user` is empty for the server itself. Returns nullopt, and changes nothing,
/// when the event cannot happen where the opportunity stands, or when there is no such opportunity.
std::optional<StageChange> change_stage(db::Connection& connection, std::int64_t account,
                                        std::int64_t opportunity, rules::StageEvent event,
                                        std::optional<std::int64_t> user, base::Millis now,
                                        std::string_view reason = {}, StageNote note = StageNote::written);

/// The same for an opportunity that is changed in other ways too; the caller writes the row.
std::optional<StageChange> take_step(OpportunityRow& row, rules::StageEvent event,
                                     std::optional<std::int64_t> user, base::Millis now,
                                     std::string_view reason = {}, StageNote note = StageNote::written);

/// No step of the state machine, but a way back: with the counts and events of one, and nothing that follows
/// from it. The caller writes the row, and a note.
StageChange move_to_stage(OpportunityRow& row, const rules::Stage& to, std::optional<std::int64_t> user,
                          base::Millis now, std::string_view reason);

/// A note that the server writes.
void add_system_note(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                     std::optional<std::int64_t> user, base::Millis now, std::string_view content);

}  // namespace overture::intake
