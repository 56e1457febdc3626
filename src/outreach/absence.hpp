// Somebody is away: the next mail waits for the return. Inside the write that learns of it.
#pragma once
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::outreach {

/// What an automatic answer says of an absence.
struct Absence {
  base::Millis told_at = 0;             ///< when the answer came in
  std::optional<base::Millis> back_on;  ///< the day of the return, where it names one
};

/// The opportunity's next mail, or the end of its sequence, waits until the day after the return, else seven
/// days. Nothing where no mail waits for its time.
void wait_for_return(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                     const Absence& absence);

}  // namespace overture::outreach
