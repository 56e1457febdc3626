// People are told when a webhook has been switched off.
#pragma once
#include <cstdint>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::work {

/// A task for its maker, in its project or the account's first one. Inside a write.
void ask_for_help(db::Connection& connection, std::int64_t account, std::int64_t webhook, base::Millis now);

}  // namespace overture::work
