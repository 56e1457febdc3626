// Job kind `discover`: the queries of a discovery campaign, asked of the account's search provider.
#pragma once
#include "jobs/runner.hpp"
#include "work/import_step.hpp"
#include "work/sources.hpp"

namespace overture::work {

/// `sources` must outlive it. Without a search provider the job fails and says so.
jobs::JobKind discover(const Sources& sources, MetricsFilter filter);

}  // namespace overture::work
