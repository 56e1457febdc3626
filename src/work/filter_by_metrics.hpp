// Looks up what sites are worth, and leaves out those that a metrics filter template does not let in.
#pragma once
#include "work/import_step.hpp"
#include "work/sources.hpp"

namespace overture::work {

/// How old a provider's answer may be before it is asked again.
inline constexpr base::Millis kMetricsAge = 30 * base::kDay;

/// The filter of prospecting and import jobs; `sources` must outlive it. The provider is asked when the
/// campaign wants metrics or a template is given, once for each domain in kMetricsAge. While it cannot be
/// asked, what it would say is not applied, and those prospects are counted as `metrics_pending`. A template
/// that was deleted meanwhile filters nothing.
MetricsFilter filter_by_metrics(const Sources& sources);

}  // namespace overture::work
