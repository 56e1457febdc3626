// When opportunities moved from stage to stage: what the reports count. Runs inside the write of its cause.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::intake {

/// A move of one opportunity; project and campaign are its own.
struct StageMove {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
  std::string_view from;               ///< workflow_status before
  std::string_view to;                 ///< workflow_status after
  std::optional<std::int64_t> user{};  ///< empty for the server itself
};

/// Writes down a change of workflow_status; nothing happens when it is no change (only stage_status differs).
/// Whoever updates opportunities.workflow_status calls this in the same write.
void note_stage(db::Connection& connection, std::int64_t account, const StageMove& move, base::Millis now);

}  // namespace overture::intake
