// Progress and summary of an import as text.
#include "app/import_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value_to.hpp>
#include <string>
#include <string_view>

namespace overture::app {
namespace {

struct Sentence {
  std::string_view reason;
  std::string_view text;
};

constexpr Sentence kSentences[] = {
    {"created", "opportunities created"},
    {"merged", "rows merged into opportunities that were there"},
    {"duplicate_in_campaign", "already in this campaign"},
    {"duplicate_in_project", "already in another campaign of the project"},
    {"duplicate_in_account", "already in another project"},
    {"partner", "sites of partners"},
    {"own_site", "own sites of the project"},
    {"blocklisted", "on the blocklist"},
    {"over_limit", "over the limit of the campaign"},
    {"filtered", "left out by the metrics filter"},
    {"invalid", "rows that are no prospects"},
};

constexpr std::size_t kShownErrors = 10;

}  // namespace

ImportProgress::ImportProgress(std::ostream& out, bool is_tty, std::int64_t done, std::int64_t total)
    : out_(out),
      is_tty_(is_tty),
      first_(done),
      total_(total),
      shown_tenth_(total == 0 ? 0 : done * 10 / total) {}

double ImportProgress::rows_per_second(std::int64_t done) const {
  const double seconds = std::chrono::duration<double>(Steady::now() - start_).count();
  return seconds > 0 ? static_cast<double>(done - first_) / seconds : 0;
}

void ImportProgress::show(std::int64_t done) {
  if (total_ == 0) return;
  if (!is_tty_) {
    const std::int64_t tenth = done * 10 / total_;
    if (tenth == shown_tenth_) return;
    shown_tenth_ = tenth;
    out_ << fmt::format("{} of {} rows ({} %), {:.0f} rows/s\n", done, total_, done * 100 / total_,
                        rows_per_second(done))
         << std::flush;
    return;
  }
  const auto now = Steady::now();
  if (done < total_ && now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  open_line_ = true;
  constexpr std::int64_t kWidth = 30;
  const auto filled = static_cast<std::size_t>(done * kWidth / total_);
  out_ << fmt::format("\r[{:.<30}] {:3} %  {} of {} rows, {:.0f} rows/s ", std::string(filled, '#'),
                      done * 100 / total_, done, total_, rows_per_second(done))
       << std::flush;
}

void ImportProgress::end() {
  if (open_line_) out_ << "\n" << std::flush;
  open_line_ = false;
}

void write_import_summary(std::ostream& out, const work::ImportReport& report) {
  out << fmt::format("{} rows worked off\n", report.done());
  for (const auto& [reason, text] : kSentences) {
    if (const std::int64_t n = report.count(reason); n > 0) out << fmt::format("{:>9}  {}\n", n, text);
  }
  std::size_t shown = 0;
  for (const auto& error : report.errors()) {
    if (shown++ == kShownErrors) break;
    const auto& object = error.as_object();
    const std::string_view message(object.at("message").as_string());
    out << fmt::format("  line {}: {}\n", boost::json::value_to<std::int64_t>(object.at("row")), message);
  }
  const std::int64_t more =
      report.count("invalid") - static_cast<std::int64_t>(std::min(shown, kShownErrors));
  if (shown > 0 && more > 0) out << fmt::format("  and {} more\n", more);
  out << std::flush;
}

}  // namespace overture::app
