// What became of the rows of an import: the Prospecting Summary.
#pragma once
#include <boost/json/array.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "intake/add_prospects.hpp"
#include "jobs/lease.hpp"

namespace overture::work {

/// Kept in jobs.counts and jobs.errors; goes on from what a job has there already.
class ImportReport {
 public:
  static constexpr std::size_t kMaxErrors = 100;

  ImportReport() = default;
  explicit ImportReport(const jobs::Job& job);

  void add(intake::Outcome outcome, std::int64_t n = 1) { add(intake::outcome_name(outcome), n); }
  void add(std::string_view reason, std::int64_t n = 1);
  /// A count beside the rows: nothing more is done by it.
  void note(std::string_view reason, std::int64_t n);
  /// A row that is no prospect: counted as `invalid`; the first kMaxErrors are kept with their sentence.
  void add_error(std::int64_t row, std::string_view message);

  std::int64_t count(std::string_view reason) const;
  std::int64_t done() const { return done_; }
  const std::map<std::string, std::int64_t, std::less<>>& counts() const { return counts_; }
  const boost::json::array& errors() const { return errors_; }
  jobs::Progress progress(std::int64_t total) const;

 private:
  std::map<std::string, std::int64_t, std::less<>> counts_;
  boost::json::array errors_;
  std::int64_t done_ = 0;
};

}  // namespace overture::work
