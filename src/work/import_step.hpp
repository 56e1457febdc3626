// One step of an import, wherever its rows come from.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "intake/domain_metrics.hpp"
#include "intake/import_settings.hpp"
#include "intake/prospect.hpp"
#include "jobs/runner.hpp"
#include "work/import_report.hpp"

namespace overture::work {

/// How many rows one transaction takes: enough that its commit does not cost more than they do, few enough
/// that other writers do not notice.
inline constexpr std::size_t kStepRows = 2000;

/// Rows that are mapped already.
struct ImportStep {
  std::vector<intake::Prospect> prospects;
  std::vector<std::pair<std::int64_t, std::string>> problems;  ///< rows that are none: number and sentence
  std::int64_t filtered = 0;                                   ///< left out by the metrics filter
  std::int64_t metrics_pending =
      0;  ///< stay although a provider said nothing; they are counted otherwise too
  std::map<std::string, std::int64_t> counts = {};  ///< further reasons to leave out, and how many
  intake::DomainMetrics metrics = {};               ///< was looked up, to be kept
};

/// Takes what a metrics filter template (0: none) leaves out off a step and notes what it looked up. None
/// given: everything stays.
using MetricsFilter =
    std::function<void(jobs::JobContext& context, std::int64_t metrics_filter_template, ImportStep&)>;

/// Inside the write of the step: checks the lease, adds the prospects, and records the progress with them, so
/// that a row is counted exactly when it was worked off. Returns the new report; nullopt, and nothing
/// written, when the campaign takes no prospects any more. Throws jobs::LeaseLost.
std::optional<ImportReport> write_step(db::Connection& connection, const jobs::Job& job,
                                       const intake::ImportSettings& settings, const ImportStep& step,
                                       const ImportReport& before, std::int64_t total, base::Millis now);

/// What the prospects themselves say of their sites, by registrable domain.
intake::DomainMetrics metrics_of(std::span<const intake::Prospect> prospects);

/// Why a campaign takes no prospects: a sentence for people.
std::string closed_reason(db::Connection& connection, const jobs::Job& job);

}  // namespace overture::work
