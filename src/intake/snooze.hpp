// Mails of the inbox that people have put off come back.
#pragma once
#include <cstdint>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::intake {

/// Whether the time of one has come, of any account.
bool is_snooze_over(db::Connection& connection, base::Millis now);
/// Those whose time has come are as new again; some hundreds in one write, the others at the next call.
void wake_snoozed(db::Connection& connection, base::Millis now);
/// Somebody of the opportunity has written again: what was put off there is looked at now.
void wake_snoozed_of(db::Connection& connection, std::int64_t account, std::int64_t opportunity);

}  // namespace overture::intake
