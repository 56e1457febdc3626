// What an import shows while it runs, and at its end.
#pragma once
#include <chrono>
#include <cstdint>
#include <ostream>

#include "work/import_report.hpp"

namespace overture::app {

/// A bar that is drawn over itself on a terminal; elsewhere a line for each tenth.
class ImportProgress {
 public:
  ImportProgress(std::ostream& out, bool is_tty, std::int64_t done, std::int64_t total);
  void show(std::int64_t done);
  /// Leaves the line of the bar.
  void end();

 private:
  using Steady = std::chrono::steady_clock;
  double rows_per_second(std::int64_t done) const;

  std::ostream& out_;
  bool is_tty_;
  std::int64_t first_;
  std::int64_t total_;
  std::int64_t shown_tenth_;
  Steady::time_point start_ = Steady::now();
  Steady::time_point drawn_{};
  bool open_line_ = false;
};

/// How many rows became what, and the first of those that became nothing.
void write_import_summary(std::ostream& out, const work::ImportReport& report);

}  // namespace overture::app
