// Asks which campaigns may send now, and plans their mails. One thread; any number of processes.
#pragma once
#include <cstdint>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "outreach/install.hpp"
#include "work/injected.hpp"

namespace overture::work {

class Planner {
 public:
  Planner(db::Database& database, const base::Clock& clock, const outreach::Install& install, Chance chance)
      : database_(database), clock_(clock), install_(install), chance_(std::move(chance)) {}

  /// Looks at everything whose time has come, each in a write of its own: its cost grows with what is due,
  /// never with what waits. Returns how many mails were planned and runs were handled.
  std::size_t tick();

 private:
  std::size_t plan_campaigns();
  std::size_t handle_runs();

  db::Database& database_;
  const base::Clock& clock_;
  const outreach::Install& install_;
  Chance chance_;
};

}  // namespace overture::work
