// Tasks that are done by what happens to their opportunity. Runs inside the write of its cause.
#pragma once
#include <cstdint>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::intake {

/// The opportunity has moved to another milestone: open tasks that wait for that (autocomplete_on_milestone)
/// are completed by nobody. set_milestone() calls it. Returns how many.
std::int64_t complete_tasks_on_milestone(db::Connection& connection, std::int64_t account,
                                         std::int64_t opportunity, base::Millis now);

/// The same for autocomplete_on_communication: whoever stores a message that a person sent from here (a
/// reply, a submitted form) or a human inbound mail calls it.
std::int64_t complete_tasks_on_communication(db::Connection& connection, std::int64_t account,
                                             std::int64_t opportunity, base::Millis now);

}  // namespace overture::intake
