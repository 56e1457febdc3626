// Job kind `find_backlinks`: who links to the sites that were given, asked of the account's backlink
// provider.
#pragma once
#include "jobs/runner.hpp"
#include "work/import_step.hpp"
#include "work/sources.hpp"

namespace overture::work {

/// `sources` must outlive it. Without a backlink provider the job fails and says so.
jobs::JobKind find_backlinks(const Sources& sources, MetricsFilter filter);

}  // namespace overture::work
