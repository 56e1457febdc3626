// What jobs that look for prospects have in common: task by task, found pages become prospects of the
// campaign.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "intake/prospecting.hpp"
#include "intake/target.hpp"
#include "jobs/runner.hpp"
#include "work/import_step.hpp"

namespace overture::work {

/// A page somebody found. The texts are kept as personalization values where the campaign has such fields.
struct FoundProspect {
  std::string url;
  std::string page_title = {};
  std::string target_url = {};   ///< the link's target that is to be replaced
  std::string anchor_text = {};  ///< of that link
};

/// Asks the source for one task, the best first. Runs outside of any write.
using FindProspects = std::function<std::vector<FoundProspect>(
    const intake::ProspectingSettings&, const intake::ProspectingTask&, const intake::Target&)>;

/// Works off the job's tasks: junk, own sites and second pages of a host are left out, then the metrics
/// filter is asked, and the rest goes through the intake until the campaign is full. Opportunities, progress
/// and the removal of the task are one transaction under the lease, so each task counts exactly once however
/// often the job is run again; a source that is asked again only costs a look-up.
jobs::JobEnd run_prospecting(jobs::JobContext& context, const FindProspects& find,
                             const MetricsFilter& filter);

}  // namespace overture::work
