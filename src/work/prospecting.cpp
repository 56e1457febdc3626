#include "work/prospecting.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "intake/import_mapping.hpp"
#include "rules/page_filter.hpp"

namespace overture::work {
namespace {

constexpr std::size_t kMaxValue = 2000;

/// At most `most` bytes of text, whole characters only; nothing that a database refuses.
std::string cleaned(std::string_view text, std::size_t most) {
  std::string clean;
  for (std::string_view rest = base::trim(text); !rest.empty();) {
    const auto code_point = base::take_code_point(rest);
    if (!code_point) break;
    std::string next;
    base::append_utf8(next, *code_point < 0x20 ? U' ' : *code_point);
    if (clean.size() + next.size() > most) break;
    clean += next;
  }
  return clean;
}

class Prospecting {
 public:
  Prospecting(jobs::JobContext& context, const FindProspects& find, const MetricsFilter& filter)
      : context_(context),
        find_(find),
        filter_(filter),
        settings_(intake::parse_prospecting_settings(context.job.payload)),
        report_(context.job) {
    context_.database.read([&](db::Connection& connection) {
      target_ = intake::load_target(connection, context_.job.account, context_.job.campaign);
      fields_ =
          intake::load_known_fields(connection, context_.job.account, target_.project, target_.campaign);
    });
  }

  jobs::JobEnd run() {
    std::int64_t done = context_.job.done;
    while (!is_full()) {
      if (context_.stopping) throw jobs::Interrupted();
      const auto chunks = context_.database.read(
          [&](db::Connection& connection) { return jobs::find_chunks(connection, context_.job, 1); });
      if (chunks.empty()) return {};
      if (!work_off(chunks.front(), ++done)) {
        return {jobs::JobState::cancelled, context_.database.read([&](db::Connection& connection) {
                  return closed_reason(connection, context_.job);
                })};
      }
    }
    return {jobs::JobState::completed_at_limit, {}};
  }

 private:
  bool is_full() const { return report_.count(intake::outcome_name(intake::Outcome::over_limit)) > 0; }

  void keep(std::string_view token, std::string_view text, intake::Prospect& prospect) const {
    const auto field = std::find_if(fields_.personalization.begin(), fields_.personalization.end(),
                                    [&](const intake::KnownField& each) { return each.token == token; });
    std::string value = cleaned(text, kMaxValue);
    if (field != fields_.personalization.end() && !value.empty()) {
      prospect.personalization.push_back({field->id, std::move(value)});
    }
  }

  ImportStep make_step(const std::vector<FoundProspect>& found) const {
    ImportStep step;
    std::set<std::string> hosts;
    for (const FoundProspect& page : found) {
      intake::Prospect prospect;
      prospect.site = rules::parse_site(page.url);
      std::string_view reason;
      if (!prospect.site) {
        reason = "invalid";
      } else if (rules::is_junk_page(*prospect.site)) {
        reason = "junk";
      } else if (target_.is_own_site(prospect.site->host)) {
        reason = intake::outcome_name(intake::Outcome::own_site);
      } else if (!hosts.insert(prospect.site->host).second) {
        reason = intake::outcome_name(intake::Outcome::duplicate_in_campaign);
      }
      if (!reason.empty()) {
        ++step.counts[std::string(reason)];
        continue;
      }
      keep("page_title", page.page_title, prospect);
      keep("target_url", page.target_url, prospect);
      keep("anchor_text", page.anchor_text, prospect);
      step.prospects.push_back(std::move(prospect));
    }
    return step;
  }

  /// False when the campaign takes no prospects any more.
  bool work_off(const jobs::Chunk& chunk, std::int64_t done) {
    ImportStep step = make_step(find_(settings_, intake::parse_prospecting_task(chunk.payload), target_));
    if (filter_) filter_(context_, settings_.metrics_filter_template, step);
    const std::int64_t total = context_.job.total;
    auto report = context_.database.write([&](db::Connection& connection) {
      auto written = write_step(connection, context_.job, {}, step, report_, total, context_.clock.now());
      if (!written) return written;
      jobs::remove_chunks(connection, context_.job, chunk.position);
      // Tasks are what is counted as done, not pages.
      jobs::Progress progress = written->progress(total);
      progress.done = done;
      jobs::record(connection, context_.job, progress);
      return written;
    });
    if (!report) return false;
    report_ = std::move(*report);
    return true;
  }

  jobs::JobContext& context_;
  const FindProspects& find_;
  const MetricsFilter& filter_;
  intake::ProspectingSettings settings_;
  intake::Target target_;
  intake::KnownFields fields_;
  ImportReport report_;
};

}  // namespace

jobs::JobEnd run_prospecting(jobs::JobContext& context, const FindProspects& find,
                             const MetricsFilter& filter) {
  return Prospecting(context, find, filter).run();
}

}  // namespace overture::work
