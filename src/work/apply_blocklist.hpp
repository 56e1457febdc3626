// The job that takes opportunities on the blocklist out of the workflow, where there are too many for one
// write.
#pragma once
#include "jobs/runner.hpp"

namespace overture::work {

/// Of kind intake::kApplyBlocklistKind.
jobs::JobKind apply_blocklist();

}  // namespace overture::work
