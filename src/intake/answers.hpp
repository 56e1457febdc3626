// What people have answered, as it is written down.
#pragma once
#include <cstdint>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::intake {

/// Whether a person has answered; the mail `without` is not counted (0: all are).
bool is_answered(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                 std::int64_t without);

/// The highest attempt that was sent to the opportunity until then, by mail or form; 0 for none.
std::int64_t answered_attempt(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                              base::Millis before);

}  // namespace overture::intake
