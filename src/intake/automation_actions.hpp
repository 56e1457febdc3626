// One thing that an automation does to an opportunity. Runs inside the write of its cause.
#pragma once
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/automation_rules.hpp"

namespace overture::intake {

/// Does it, unless it is a launch, and says in a few words what has changed; empty when nothing has. What
/// was deleted since the automation was written is left out. A milestone that a person has set is only
/// replaced by an automation that asks for the milestone in its conditions: then its author has thought of
/// it.
std::string act(db::Connection& connection, std::int64_t account, const Automation& automation,
                const AutomationAction& action, std::int64_t opportunity, base::Millis now);

/// `Automation “name”`, as notes begin.
std::string title_of(const Automation& automation);

}  // namespace overture::intake
