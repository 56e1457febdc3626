// Job kind `import`: the rows of Create Import Campaign and Add to Import Campaign become opportunities.
#pragma once
#include "jobs/runner.hpp"

namespace overture::work {

/// Registered with the Runner by the composition root.
jobs::JobKind import_prospects();

}  // namespace overture::work
