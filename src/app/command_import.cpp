// The file is the queue: no row is stored twice. The job, of a kind that servers leave alone, keeps how many
// rows are done, and each batch of rows moves that number in the transaction that adds them. Two imports of
// one file at once are kept apart by the job's lease.
#include "app/command_import.hpp"

#include <chrono>
#include <ostream>
#include <thread>

#include "app/import_file.hpp"
#include "app/import_progress.hpp"
#include "base/error.hpp"
#include "intake/target.hpp"
#include "jobs/lease.hpp"
#include "jobs/queue.hpp"

namespace overture::app {
namespace {

using base::Error;
using base::ErrorCode;

constexpr base::Millis kLease = 10 * base::kSecond;

class FileImport {
 public:
  FileImport(db::Database& database, const ImportCommand& command) : database_(database), command_(command) {}

  int run() {
    find_target();
    settings_.file = command_.file;
    settings_.file_hash = hash_file(command_.file);
    settings_.merge_duplicate_personalization = command_.merge_duplicate_personalization;
    const std::int64_t total = count_rows();
    if (is_stopped()) {
      command_.errors << "Interrupted before anything was imported\n";
      return 1;
    }
    take_job(total);
    job_->total = total;
    report_ = work::ImportReport(*job_);
    if (report_.done() > 0) command_.out << "Going on after row " << report_.done() << "\n";
    try {
      return work_off();
    } catch (const Error&) {
      give_back();
      throw;
    }
  }

 private:
  void find_target() {
    database_.read([&](db::Connection& connection) {
      const std::int64_t account =
          connection.integer(db::Sql("SELECT account_id FROM campaigns WHERE id = ?", command_.campaign));
      const std::string name = "Campaign " + std::to_string(command_.campaign);
      if (account == 0) throw Error(ErrorCode::not_found, name + " does not exist");
      target_ = intake::load_target(connection, account, command_.campaign);
      if (target_.campaign_type != "import")
        throw Error(ErrorCode::invalid_value, name + " is no import campaign");
      if (!target_.is_active()) throw Error(ErrorCode::invalid_value, name + " or its project is not active");
      const auto fields = intake::load_known_fields(connection, account, target_.project, target_.campaign);
      mapping_ = {fields, {}, {}};
    });
  }

  /// Reads the whole file once, so that a broken one is refused before anything is written.
  std::int64_t count_rows() {
    ImportFile file(command_.file, mapping_);
    std::int64_t rows = 0;
    while (file.skip(1)) {
      ++rows;
      if (is_stopped()) break;
    }
    return rows;
  }

  /// The job of an earlier run that did not end, or a new one.
  void take_job(std::int64_t total) {
    // Whoever held an interrupted job died without a word: its lease must run out first.
    constexpr int kTries = 40;
    for (int tries = 0;; ++tries) {
      bool busy = false;
      job_ = database_.write([&](db::Connection& connection) { return claim(connection, total, busy); });
      if (job_) return;
      if (!busy || tries == kTries || is_stopped()) {
        throw Error(ErrorCode::conflict, "Another import of this file into this campaign is running");
      }
      if (tries == 0) command_.out << "Waiting for an earlier import of this file to end\n" << std::flush;
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  }

  std::optional<jobs::Job> claim(db::Connection& connection, std::int64_t total, bool& busy) {
    const base::Millis now = command_.clock.now();
    connection.lock("import_file:" + settings_.file_hash);
    if (const std::int64_t open = find_open(connection); open != 0) {
      jobs::restart(connection, target_.account, open, now);
      auto job = jobs::claim_one(connection, open, now, kLease);
      busy = !job;
      return job;
    }
    const jobs::NewJob job{.account = target_.account,
                           .kind = intake::kImportFileKind,
                           .campaign = target_.campaign,
                           .payload = intake::write_import_settings(settings_),
                           .total = total,
                           .now = now};
    return jobs::enqueue_claimed(connection, job, kLease);
  }

  std::int64_t find_open(db::Connection& connection) const {
    static constexpr db::Literal kOpen =
        "SELECT id, payload FROM jobs WHERE account_id = ? AND campaign_id = ? AND kind = ? "
        "AND state IN ('queued', 'running', 'failed') ORDER BY id DESC";
    const auto rows =
        connection.query(db::Sql(kOpen, target_.account, target_.campaign, intake::kImportFileKind));
    while (rows->next()) {
      const auto open = intake::parse_import_settings(rows->text(1));
      const bool same = open.file_hash == settings_.file_hash &&
                        open.merge_duplicate_personalization == settings_.merge_duplicate_personalization;
      if (same) return rows->integer(0);
    }
    return 0;
  }

  int work_off() {
    ImportFile file(command_.file, mapping_);
    ImportProgress progress(command_.out, command_.is_tty, report_.done(), job_->total);
    bool more = file.skip(report_.done());
    while (more) {
      if (is_stopped()) {
        progress.end();
        return interrupted();
      }
      work::ImportStep step;
      more = file.next(step, work::kStepRows);
      if (!step.prospects.empty() || !step.problems.empty()) {
        if (!write(step)) {
          progress.end();
          return closed();
        }
        progress.show(report_.done());
      }
    }
    progress.end();
    const bool at_limit = report_.count("over_limit") > 0;
    finish(at_limit ? jobs::JobState::completed_at_limit : jobs::JobState::completed, {});
    write_import_summary(command_.out, report_);
    return 0;
  }

  /// False when the campaign takes no rows any more.
  bool write(const work::ImportStep& step) {
    auto report = database_.write([&](db::Connection& connection) {
      const base::Millis now = command_.clock.now();
      auto written = work::write_step(connection, *job_, settings_, step, report_, job_->total, now);
      if (written) jobs::prolong(connection, *job_, now + kLease);
      return written;
    });
    if (!report) return false;
    report_ = std::move(*report);
    return true;
  }

  void finish(jobs::JobState state, std::string_view reason) {
    database_.write([&](db::Connection& connection) {
      jobs::finish(connection, *job_, state, reason, command_.clock.now());
    });
  }

  void give_back() {
    database_.write(
        [&](db::Connection& connection) { jobs::put_back(connection, *job_, command_.clock.now(), false); });
  }

  int interrupted() {
    give_back();
    write_import_summary(command_.out, report_);
    command_.errors << "Interrupted. The same command with the same file goes on after row " << report_.done()
                    << ":\n  overture import " << command_.file << " --campaign " << command_.campaign
                    << "\n";
    return 1;
  }

  int closed() {
    const std::string reason =
        database_.read([&](db::Connection& connection) { return work::closed_reason(connection, *job_); });
    finish(jobs::JobState::cancelled, reason);
    write_import_summary(command_.out, report_);
    command_.errors << "Stopped: " << reason << "\n";
    return 1;
  }

  bool is_stopped() const { return command_.stop != nullptr && command_.stop->load(); }

  db::Database& database_;
  const ImportCommand& command_;
  intake::Target target_;
  intake::ImportSettings settings_;
  intake::ImportMapping mapping_;
  std::optional<jobs::Job> job_;
  work::ImportReport report_;
};

}  // namespace

int run_import(db::Database& database, const ImportCommand& command) {
  try {
    return FileImport(database, command).run();
  } catch (const jobs::LeaseLost&) {
    command.errors << "The import was cancelled or taken over by another process\n";
  } catch (const Error& error) {
    command.errors << "Import: " << error.message() << "\n";
    if (error.code() == ErrorCode::internal && !error.detail().empty())
      command.errors << error.detail() << "\n";
  }
  return 1;
}

}  // namespace overture::app
