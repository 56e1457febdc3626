// Job kind `import`: the rows of Create Import Campaign and Add to Import Campaign become opportunities.
#pragma once
#include "jobs/runner.hpp"
#include "work/import_step.hpp"

namespace overture::work {

/// Registered with the Runner by the composition root. The job ends completed, completed_at_limit when rows
/// found the campaign full, or cancelled when the campaign or its project was archived or deleted meanwhile.
jobs::JobKind import_prospects(MetricsFilter filter = {});

}  // namespace overture::work
