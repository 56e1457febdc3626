// What is told of an event: {"type", "timestamp", "data"} as Standard Webhooks recommends it.
// docs/webhooks.md has an example of each.
#pragma once
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "events/noted.hpp"

namespace overture::events {

/// The mail account that the event is about; 0 for none.
std::int64_t mailbox_of(const Noted& event);

/// JSON. What was noted, with the project, campaign, opportunity and mail account by name as they are now.
std::string write_payload(db::Connection& connection, const Noted& event);

std::string write_test_payload(std::int64_t webhook, base::Millis now);

}  // namespace overture::events
