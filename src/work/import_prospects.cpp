// A few chunks at a time: rows are mapped outside of the write; opportunities, progress and the removal of
// the chunk are one transaction guarded by the lease. So a run that is repeated, wherever the last one ended,
// goes on with the first chunk that is left, and each row is worked off exactly once.
#include "work/import_prospects.hpp"

#include "intake/import_body.hpp"
#include "intake/import_mapping.hpp"
#include "intake/target.hpp"

namespace overture::work {
namespace {

constexpr int kStepChunks = static_cast<int>(kStepRows / intake::kImportChunkRows);

class Import {
 public:
  Import(jobs::JobContext& context, const MetricsFilter& filter)
      : context_(context),
        filter_(filter),
        settings_(intake::parse_import_settings(context.job.payload)),
        report_(context.job) {
    context_.database.read([&](db::Connection& connection) {
      const auto& job = context_.job;
      const auto target = intake::load_target(connection, job.account, job.campaign);
      const auto fields = intake::load_known_fields(connection, job.account, target.project, job.campaign);
      mapping_ = {fields, settings_.personalization_mapping, settings_.custom_fields_mapping};
    });
  }

  jobs::JobEnd run() {
    for (;;) {
      if (context_.stopping) throw jobs::Interrupted();
      const auto chunks = context_.database.read([&](db::Connection& connection) {
        return jobs::find_chunks(connection, context_.job, kStepChunks);
      });
      if (chunks.empty()) break;
      if (!work_off(chunks)) {
        return {jobs::JobState::cancelled, context_.database.read([&](db::Connection& connection) {
                  return closed_reason(connection, context_.job);
                })};
      }
    }
    const bool at_limit = report_.count(intake::outcome_name(intake::Outcome::over_limit)) > 0;
    return {at_limit ? jobs::JobState::completed_at_limit : jobs::JobState::completed, {}};
  }

 private:
  void map(const jobs::Chunk& chunk, ImportStep& step) const {
    intake::RowMapper mapper(mapping_);
    intake::ChunkReader reader(chunk.payload);
    intake::ImportRow row;
    while (reader.next(row)) {
      auto made = mapper.make(reader.columns(), row);
      if (auto* prospect = std::get_if<intake::Prospect>(&made); prospect == nullptr) {
        step.problems.emplace_back(row.number, std::move(std::get<std::string>(made)));
      } else {
        step.prospects.push_back(std::move(*prospect));
      }
    }
  }

  /// False when the campaign takes no prospects any more.
  bool work_off(const std::vector<jobs::Chunk>& chunks) {
    ImportStep step;
    for (const jobs::Chunk& chunk : chunks) map(chunk, step);
    if (filter_) filter_(context_, settings_.metrics_filter_template, step);
    auto report = context_.database.write([&](db::Connection& connection) {
      auto written = write_step(connection, context_.job, settings_, step, report_, context_.job.total,
                                context_.clock.now());
      if (written) jobs::remove_chunks(connection, context_.job, chunks.back().position);
      return written;
    });
    if (!report) return false;
    report_ = std::move(*report);
    return true;
  }

  jobs::JobContext& context_;
  const MetricsFilter& filter_;
  intake::ImportSettings settings_;
  intake::ImportMapping mapping_;
  ImportReport report_;
};

}  // namespace

jobs::JobKind import_prospects(MetricsFilter filter) {
  return {std::string(intake::kImportKind),
          [filter = std::move(filter)](jobs::JobContext& context) { return Import(context, filter).run(); }};
}

}  // namespace overture::work
