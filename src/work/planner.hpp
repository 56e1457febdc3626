// Asks which campaigns may send now, and plans their mails. One thread; any number of processes.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "outreach/install.hpp"
#include "work/injected.hpp"

namespace overture::work {

struct DueCampaign {
  std::int64_t account = 0;
  std::int64_t campaign = 0;
};

class Planner {
 public:
  Planner(db::Database& database, const base::Clock& clock, const outreach::Install& install, Chance chance)
      : database_(database), clock_(clock), install_(install), chance_(std::move(chance)) {}

  /// Looks at everything whose time has come, in small writes: its cost grows with what is due, never
  /// with what waits. Returns how many mails were planned and runs were handled. What fails by its own fault
  /// is logged, tried again later, and holds up nothing else; throws when the database is away.
  std::size_t tick();

 private:
  struct Looks {
    std::size_t campaigns = 0;
    std::size_t mails = 0;
  };
  std::size_t plan_campaigns();
  /// One write for as many of the first as make one of a good size, or for each of them where one is to blame
  /// for its failure.
  Looks plan_some(std::span<const DueCampaign> due);
  /// Inside a write.
  Looks look_at_some(db::Connection& connection, std::span<const DueCampaign> due);
  std::size_t handle_runs();

  db::Database& database_;
  const base::Clock& clock_;
  const outreach::Install& install_;
  Chance chance_;
};

}  // namespace overture::work
