// Automations: stored rules that act on opportunities by themselves, when they are called, when an
// opportunity becomes ready, or a moment after something has happened to it. Everything runs inside the write
// of its cause, with `user` empty in the history; what an automation changes starts no other automation that
// waits for events.
#pragma once
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "events/noted.hpp"
#include "intake/automation_rules.hpp"
#include "intake/launch.hpp"

namespace overture::intake {

/// Throws Error(not_found).
Automation load_automation(db::Connection& connection, std::int64_t account, std::int64_t id);

/// Launches an opportunity that is meant by the automation, as launch() does, and does what follows; one that
/// is not is skipped.
LaunchResult run_automation(db::Connection& connection, std::int64_t account, const Automation& automation,
                            std::int64_t opportunity, std::optional<std::int64_t> user, base::Millis now,
                            const MissingInMail& missing_in_mail);

/// The active automations with the trigger `ready`, in the order they were made, until one launches it.
void run_automations_when_ready(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                                base::Millis now, const MissingInMail& missing_in_mail);

/// Runs every active automation that waits for such an event and was there when it happened, in the order
/// they were made. An event of no opportunity, or of another automation, starts none. Conditions are held
/// against the milestone or stage that the event itself tells of, and against how the opportunity stands now
/// in all else. Each automation is done as a whole or, when it cannot be, not at all: that is logged, and the
/// others go on. Only `unavailable` is thrown. Whoever calls it takes the event off the list in the same
/// write, so that it happens once.
void run_triggered_automations(db::Connection& connection, const events::Noted& event, base::Millis now,
                               const MissingInMail& missing_in_mail);

}  // namespace overture::intake
