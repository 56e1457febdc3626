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

struct ReplyPlace {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
};
/// What was answered to the mail before it belonged anywhere goes with it. Returns when the last of it was
/// sent; 0 for none.
base::Millis bring_replies(db::Connection& connection, std::int64_t account, std::int64_t email,
                           const ReplyPlace& to);

}  // namespace overture::intake
